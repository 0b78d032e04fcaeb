/* The contract suites against the mock board. Input: none. Output: test results. Invariant: virtual time only. */
import { createMockCalls } from "../../hal/mock/calls";
import { createMockClock } from "../../hal/mock/clock";
import { createMockCrypto } from "../../hal/mock/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import { createMockHttp } from "../../hal/mock/http";
import { createMockLink } from "../../hal/mock/link";
import { createMockPins } from "../../hal/mock/pins";
import { createMockSerial } from "../../hal/mock/serial";
import { createMockSystem } from "../../hal/mock/system";
import type { HttpRequest } from "../../hal/ports";
import { callsContract } from "./calls_contract";
import { clockContract } from "./clock_contract";
import { cryptoContract } from "./crypto_contract";
import { flashContract } from "./flash_contract";
import { httpContract, type Behaviour } from "./http_contract";
import { linkContract } from "./link_contract";
import { pinsContract } from "./pins_contract";
import { serialContract } from "./serial_contract";
import { systemContract } from "./system_contract";

clockContract("the mock", () => {
  const clock = createMockClock();
  return { clock, advance: (ms) => clock.advance(ms) };
});

clockContract("the mock close to the wrap", () => {
  const clock = createMockClock({ startMs: 1073741824 - 2500 });
  return { clock, advance: (ms) => clock.advance(ms) };
});

pinsContract("the mock", () => {
  const clock = createMockClock();
  const pins = createMockPins(clock, { pins: [4, 5] });
  return {
    pins, set: (pin, level) => pins.set(pin, level), advance: (ms) => clock.advance(ms),
    now: () => { const now = { ms: 0, s: 0 }; clock.read(now); return now; },
    first: 4, second: 5, absent: 9, overflow: true,
  };
});

serialContract("the mock", () => {
  const serial = createMockSerial(createMockClock());
  return { serial, arrive: (bytes) => serial.arrive(0, bytes), sent: () => serial.sent(0), absent: 7 };
});

linkContract("the mock", () => {
  const clock = createMockClock();
  return { link: createMockLink(clock), advance: (ms) => clock.advance(ms) };
});

for (const pageBytes of [1024, 4096]) {
  flashContract(`the mock with pages of ${pageBytes}`, () => ({ flash: createMockFlash(8 * pageBytes, { pageBytes }), base: 2 * pageBytes }));
}

cryptoContract("the mock", () => createMockCrypto());

systemContract("the mock", () => {
  const system = createMockSystem(createMockClock());
  system.modules.set("present", {});
  return { system, lines: () => system.lines };
});

callsContract("the mock", () => {
  const calls = createMockCalls();
  const waiting = new Map<number, (answer: [number, string]) => void>();
  const hand = (): void => {
    for (const [id, resolve] of waiting) {
      const answer = calls.answers.get(id);
      if (answer !== undefined) resolve(answer);
    }
  };
  return {
    calls: { ...calls, answer(id, status, body) { calls.answer(id, status, body); hand(); } },
    ask: (token, text) => new Promise((resolve) => { waiting.set(calls.arrive("http", token, text), resolve); hand(); }),
    turn: () => undefined,
    close: () => undefined,
  };
});

httpContract("the mock", () => {
  const clock = createMockClock();
  const http = createMockHttp(clock);
  let behaviour: Behaviour = { silent: true };
  const requests: HttpRequest[] = [];
  http.serve = (request) => {
    requests.push(request);
    if (!("answer" in behaviour)) return { status: 200 };
    const { status, body, headers } = behaviour.answer;
    return {
      status, body: body ?? "", contentType: headers?.["Content-Type"] ?? "", contentDigest: headers?.["Content-Digest"] ?? "",
      signatureInput: headers?.["Signature-Input"] ?? "", signature: headers?.["Signature"] ?? "", date: headers?.["Date"] ?? "",
      retryAfter: headers?.["Retry-After"] ?? "", location: headers?.["Location"] ?? "",
    };
  };
  http.nextFault = (request) => (request.url.startsWith("http://nobody") ? { refuse: "refused" } : "silent" in behaviour ? { answerLost: true } : "cut" in behaviour ? { answerCut: true } : {});
  return {
    http,
    url: "http://server",
    refused: "http://nobody",
    behave: (next) => { behaviour = next; },
    seen: () => requests.map((request) => {
      const headers: Record<string, string> = {};
      for (let index = 0; index < request.headers.length; index += 2) headers[request.headers[index]!.toLowerCase()] = request.headers[index + 1]!;
      return { method: request.method, path: request.url.replace("http://server", ""), headers, body: request.body };
    }),
    turn: () => clock.advance(100),
    close: () => undefined,
  };
});
