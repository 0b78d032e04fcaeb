/*
 * The contract suites against the host's board: real files and real sockets on loopback.
 *
 * Input: none. Output: test results. Invariant: nothing sleeps; a test waits by letting the event loop turn.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHostCalls } from "../../hal/host/calls";
import { createHostClock } from "../../hal/host/clock";
import { createHostCrypto } from "../../hal/host/crypto";
import { openHostFlash } from "../../hal/host/flash";
import { createHostHttp } from "../../hal/host/http";
import { createHostLink } from "../../hal/host/link";
import { createHostPins } from "../../hal/host/pins";
import { createHostSerial } from "../../hal/host/serial";
import { createHostSystem } from "../../hal/host/system";
import { callsContract } from "./calls_contract";
import { clockContract } from "./clock_contract";
import { cryptoContract } from "./crypto_contract";
import { flashContract } from "./flash_contract";
import { httpContract, type Behaviour } from "./http_contract";
import { ntpContract } from "./ntp_contract";
import { linkContract } from "./link_contract";
import { pinsContract } from "./pins_contract";
import { serialContract } from "./serial_contract";
import { systemContract } from "./system_contract";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const speed of [1, 60]) {
  clockContract(`the host at speed ${speed}`, () => {
    let realMs = 5000.25;
    const clock = createHostClock({ speed, source: () => realMs });
    return { clock, advance: (ms) => { realMs += ms / speed; } };
  });
}

pinsContract("the host", () => {
  let realMs = 0;
  const clock = createHostClock({ source: () => realMs });
  const pins = createHostPins(clock);
  return {
    pins, set: (pin, level) => pins.set(pin, level), advance: (ms) => { realMs += ms; },
    now: () => { const now = { ms: 0, s: 0 }; clock.read(now); return now; },
    first: 4, second: 5, absent: 99, overflow: true,
  };
});

serialContract("the host", () => {
  const serial = createHostSerial();
  let output = "";
  serial.onSent = (_, bytes) => { output += bytes; };
  return { serial, arrive: (bytes) => serial.arrive(0, bytes), sent: () => output, absent: 7 };
});

cryptoContract("the host", () => createHostCrypto());

linkContract("the host", () => ({ link: createHostLink(), advance: () => undefined }));

systemContract("the host", () => {
  const lines: string[] = [];
  return { system: createHostSystem({ write: (line) => lines.push(line), modules: { present: {} } }), lines: () => lines };
});

describe("flash files", () => {
  let folder = "";
  let close = (): void => undefined;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), "sdc-flash-")); });
  afterEach(() => { close(); rmSync(folder, { recursive: true }); });
  for (const pageBytes of [1024, 4096]) {
    flashContract(`the host with pages of ${pageBytes}`, () => {
      const flash = openHostFlash(join(folder, "flash.bin"), 8 * pageBytes, { pageBytes });
      close = flash.close;
      return { flash, base: 2 * pageBytes };
    });
  }
});

callsContract("the host", async () => {
  const calls = createHostCalls({ write: () => undefined });
  calls.open(65536);
  while (calls.listening() === 0) await turn();
  return {
    calls,
    ask: (token, text) => new Promise((resolve, reject) => {
      const path = "/api?" + encodeURIComponent(text);
      const request = httpRequest({ port: calls.listening(), path, agent: false, headers: { Authorization: `Bearer ${token}` } }, (message) => {
        let body = "";
        message.setEncoding("latin1");
        message.on("data", (piece: string) => { body += piece; });
        message.on("end", () => resolve([message.statusCode ?? 0, body]));
      });
      request.on("error", reject);
      request.end();
    }),
    turn,
    close: () => calls.close(),
  };
});

ntpContract("the host", () => Promise.resolve({ http: createHostHttp(), unknownHost: "dns", close: () => undefined }));

httpContract("the host", async () => {
  let behaviour: Behaviour = { silent: true };
  const requests: { method: string; path: string; headers: Record<string, string>; body: string }[] = [];
  const server = createServer((message, response) => {
    let body = "";
    message.setEncoding("latin1");
    message.on("data", (piece: string) => { body += piece; });
    message.on("end", () => {
      requests.push({ method: message.method ?? "", path: message.url ?? "", headers: message.headers as Record<string, string>, body });
      if ("answer" in behaviour) {
        response.writeHead(behaviour.answer.status, behaviour.answer.headers);
        response.end(Buffer.from(behaviour.answer.body ?? "", "latin1"));
      } else if ("cut" in behaviour) {
        response.writeHead(200, { "Content-Length": "100" });
        response.write("half", () => message.socket.destroy());
      } else if ("raw" in behaviour) {
        const { raw, isHeld } = behaviour;
        const send = (index: number): void => {
          if (index < raw.length) message.socket.write(Buffer.from(raw[index]!, "latin1"), () => { setImmediate(send, index + 1); });
          else if (!isHeld) message.socket.end();
        };
        send(0);
      }
    });
  });
  server.listen(0, "127.0.0.1");
  while (server.address() === null) await turn();
  const closed = createServer();
  closed.listen(0, "127.0.0.1");
  while (closed.address() === null) await turn();
  const refusedPort = (closed.address() as AddressInfo).port;
  closed.close();
  return {
    // A board that runs ten times faster than the wall: its second-long time-out takes 100 ms here.
    http: createHostHttp({ timeoutFactor: 0.1 }),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: `http://127.0.0.1:${refusedPort}`, client: "host",
    behave: (next) => { behaviour = next; },
    seen: () => requests,
    turn,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
});
