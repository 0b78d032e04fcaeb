/*
 * The contract suites against the NodeMCU ports.
 *
 * Input: hal/nodemcu over fake modules. Output: test results. Invariant: virtual time only; the same ports
 * and the same fake run once more inside Lua (test/lua/nodemcu.test.ts).
 */
import { createCalls } from "../../hal/nodemcu/calls";
import { createClock } from "../../hal/nodemcu/clock";
import { createCrypto } from "../../hal/nodemcu/crypto";
import { createFlash } from "../../hal/nodemcu/flash";
import { createHttp } from "../../hal/nodemcu/http";
import { createLink } from "../../hal/nodemcu/link";
import type { Socket } from "../../hal/nodemcu/modules";
import { createPins } from "../../hal/nodemcu/pins";
import { createSerial } from "../../hal/nodemcu/serial";
import { createSystem } from "../../hal/nodemcu/system";
import { advanceFake, createFakeNodeMcu, setFakePin } from "../lua/fake_nodemcu";
import type { FakeNodeMcu } from "../lua/fake_nodemcu";
import { moduleAnswer } from "../lua/nodemcu_http";
import { callsContract } from "./calls_contract";
import { clockContract } from "./clock_contract";
import { cryptoContract } from "./crypto_contract";
import { flashContract } from "./flash_contract";
import { httpContract } from "./http_contract";
import type { Behaviour } from "./http_contract";
import { linkContract } from "./link_contract";
import { pinsContract } from "./pins_contract";
import { serialContract } from "./serial_contract";
import { systemContract } from "./system_contract";

function pass(fake: FakeNodeMcu, ms: number): void {
  for (let left = ms; left > 0; left -= 100) advanceFake(fake, Math.min(left, 100) * 1000);
}

clockContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  return { clock: createClock(fake.modules), advance: (ms) => pass(fake, ms) };
});

clockContract("NodeMCU close to the wrap of its counter", () => {
  const fake = createFakeNodeMcu();
  fake.uptimeUs = 2147483647 - 2500000;
  return { clock: createClock(fake.modules), advance: (ms) => pass(fake, ms) };
});

pinsContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  const clock = createClock(fake.modules);
  return {
    pins: createPins(fake.modules, clock), set: (pin, level) => setFakePin(fake, pin, level), advance: (ms) => pass(fake, ms),
    now: () => { const now = { ms: 0, s: 0 }; clock.read(now); return now; },
    first: 4, second: 5, absent: 40, overflow: true,
  };
});

serialContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  return {
    serial: createSerial(fake.modules, [{ port: 0, rx: 16, tx: 17 }]), arrive: (bytes) => fake.uartHandlers["u0"]!(bytes),
    sent: () => fake.uartSent["u0"] ?? "", absent: 2,
  };
});

flashContract("NodeMCU", () => ({ flash: createFlash(createFakeNodeMcu().modules, 4096), base: 0x310000 }));

cryptoContract("NodeMCU", () => createCrypto(createFakeNodeMcu().modules));

linkContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  return {
    link: createLink(fake.modules),
    advance: () => { if (fake.connects > 0) fake.wifiHandlers["got_ip"]!(); },
  };
});

systemContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  fake.files["sdc_present.lua"] = "return {}";
  return { system: createSystem(fake.modules), lines: () => fake.lines };
});

callsContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  const calls = createCalls(fake.modules);
  calls.open(80);
  return {
    calls,
    ask: (token, text) => new Promise((resolve) => {
      const handlers: { [event: string]: (socket: Socket, data: string) => void } = {};
      const socket: Socket = {
        on(event, handler) { handlers[event] = handler; },
        send(data) {
          const match = /^HTTP\/1\.1 (\d+) [\s\S]*?\r\n\r\n([\s\S]*)$/.exec(data);
          resolve([Number(match?.[1]), match?.[2] ?? ""]);
          handlers["sent"]!(socket, "");
        },
        close() { handlers["disconnection"]?.(socket, ""); },
      };
      fake.listener?.(socket);
      const request = `POST /api HTTP/1.1\r\nHost: board\r\nAuthorization: Bearer ${token}\r\nContent-Length: ${String(text.length)}\r\n\r\n${text}`;
      // In two pieces, as a network cuts them.
      handlers["receive"]?.(socket, request.substring(0, 30));
      handlers["receive"]?.(socket, request.substring(30));
    }),
    turn: () => undefined,
    close: () => undefined,
  };
});

httpContract("NodeMCU", () => {
  const fake = createFakeNodeMcu();
  let behaviour: Behaviour = { silent: true };
  let answered = 0;
  return {
    http: createHttp(fake.modules),
    url: "http://server",
    refused: "http://nobody",
    client: "nodemcu",
    behave: (next) => { behaviour = next; },
    seen: () => fake.requests.map((request) => ({
      method: request.method, path: request.url.replace("http://server", ""), body: request.body,
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value])),
    })),
    turn: () => {
      pass(fake, 100);
      const request = fake.requests[answered];
      if (request === undefined) return;
      if (!request.url.startsWith("http://server")) { answered++; request.answer(-28674, undefined, undefined); return; }
      if ("silent" in behaviour) return;
      if ("raw" in behaviour) {
        const said = moduleAnswer(behaviour.raw, behaviour.isHeld);
        if (said === undefined) return;
        answered = fake.requests.length;
        request.answer(said.code, said.body, said.headers);
        return;
      }
      answered = fake.requests.length;
      const { status, body, headers } = "cut" in behaviour ? { status: 200, body: "x", headers: { "Content-Length": "9" } } : { body: "", headers: {}, ...behaviour.answer };
      const lower = Object.fromEntries(Object.entries(headers as { [name: string]: string }).map(([name, value]) => [name.toLowerCase(), value]));
      fake.requests[answered - 1]!.answer(status, body, lower);
    },
    close: () => undefined,
  };
});
