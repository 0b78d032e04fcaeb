/*
 * NodeMCU's modules without a board, in the portable subset.
 *
 * Input: the handles of FakeNodeMcu. Output: the global table that hal/nodemcu is given. Invariant: it does
 * what the documentation of the dev-esp32 branch says and nothing more kindly: interrupts of a pin carry
 * no time, headers are in lower case, errors are negative codes; time passes only through `advance`.
 */
import type { NodeMcu, OpenFile, Server, Socket } from "../../hal/nodemcu/modules";
import { portableHmac, portableSha256 } from "./portable_hash";
import { base64, bitwise } from "./portable_bits";

export interface FakeTimer {
  leftUs: number;
  handler: ((this: void) => void) | undefined;
}

export interface FakeRequest {
  method: string;
  url: string;
  headers: { [name: string]: string };
  body: string;
  answer: (this: void, code: number, body: string | undefined, headers: { [name: string]: string } | undefined) => void;
}

export interface FakeNodeMcu {
  modules: NodeMcu;
  uptimeUs: number;
  heap: number;
  timers: FakeTimer[];
  levels: { [pin: string]: number };
  triggers: { [pin: string]: (this: void, pin: number, level: number) => void };
  uartHandlers: { [port: string]: (this: void, data: string) => void };
  uartSent: { [port: string]: string };
  files: { [name: string]: string };
  requests: FakeRequest[];
  wifiHandlers: { [event: string]: (this: void) => void };
  connects: number;
  listener: ((this: void, socket: Socket) => void) | undefined;
  lines: string[];
  restarts: number;
}

/** Lets time pass; timers that are due run once. */
export function advanceFake(fake: FakeNodeMcu, us: number): void {
  // The low part of the counter wraps as it does on a board.
  fake.uptimeUs = fake.uptimeUs > 2147483647 - us ? us - (2147483647 - fake.uptimeUs) - 1 : fake.uptimeUs + us;
  for (let index = 0; index < fake.timers.length; index++) {
    const timer = fake.timers[index]!;
    if (timer.handler === undefined) continue;
    timer.leftUs -= us;
    if (timer.leftUs > 0) continue;
    const handler = timer.handler;
    timer.handler = undefined;
    handler();
  }
}

/** Moves a pin from outside. */
export function setFakePin(fake: FakeNodeMcu, pin: number, level: number): void {
  const name = "p" + String(pin);
  if (fake.levels[name] === level) return;
  fake.levels[name] = level;
  const handler = fake.triggers[name];
  if (handler !== undefined) handler(pin, level);
}

function openFake(files: { [name: string]: string }, name: string, mode: string): OpenFile | undefined {
  if (mode.charAt(0) === "w") files[name] = "";
  else if (files[name] === undefined) return undefined;
  let at = 0;
  return {
    seek(_from: string, offset: number): number | undefined {
      at = offset;
      return at;
    },
    read(count: number): string | undefined {
      const bytes = files[name]!.substring(at, at + count);
      at += bytes.length;
      return bytes === "" ? undefined : bytes;
    },
    write(data: string): unknown {
      const before = files[name]!;
      files[name] = before.substring(0, at) + data + before.substring(at + data.length);
      at += data.length;
      return true;
    },
    close(): void {
      at = 0;
    },
  };
}

/** The module's own check of its argument, which ends a program that asks for a pin beyond the chip's. */
function checkPin(pin: number): void {
  if (pin < 0 || pin > 39) throw "invalid gpio " + String(pin);
}

export function createFakeNodeMcu(): FakeNodeMcu {
  const fake: FakeNodeMcu = {
    modules: undefined as unknown as NodeMcu, uptimeUs: 0, heap: 200000, timers: [], levels: {}, triggers: {}, uartHandlers: {}, uartSent: {},
    files: {}, requests: [], wifiHandlers: {}, connects: 0, listener: undefined, lines: [], restarts: 0,
  };
  const server: Server = {
    listen(_port: number, handler: (this: void, socket: Socket) => void): void {
      fake.listener = handler;
    },
  };
  fake.modules = {
    gpio: {
      IN: 0, IN_OUT: 2, FLOATING: 0, PULL_UP: 1, PULL_DOWN: 2, INTR_UP_DOWN: 3,
      config(): void {
        return;
      },
      read(pin: number): number {
        checkPin(pin);
        return fake.levels["p" + String(pin)] === undefined ? 0 : fake.levels["p" + String(pin)]!;
      },
      write(pin: number, level: number): void {
        checkPin(pin);
        fake.levels["p" + String(pin)] = level;
      },
      trig(pin: number, _kind: number, handler: (this: void, pin: number, level: number) => void): void {
        fake.triggers["p" + String(pin)] = handler;
      },
    },
    uart: {
      PARITY_NONE: 0, STOPBITS_1: 1,
      setup: (_port: number, baud: number) => baud,
      start: () => true,
      on(port: number, _event: string, _count: number, handler: (this: void, data: string) => void): void {
        fake.uartHandlers["u" + String(port)] = handler;
      },
      write(port: number, data: string): void {
        const before = fake.uartSent["u" + String(port)];
        fake.uartSent["u" + String(port)] = (before === undefined ? "" : before) + data;
      },
    },
    tmr: {
      ALARM_SINGLE: 0, ALARM_AUTO: 1,
      create() {
        const timer: FakeTimer = { leftUs: 0, handler: undefined };
        fake.timers.push(timer);
        return {
          alarm(ms: number, _mode: number, handler: (this: void) => void): boolean {
            timer.leftUs = ms * 1000;
            timer.handler = handler;
            return true;
          },
          unregister(): void {
            timer.handler = undefined;
          },
        };
      },
    },
    wifi: {
      STATION: 1, STATIONAP: 3,
      mode(): void {
        return;
      },
      start(): void {
        return;
      },
      sta: {
        config(): void {
          return;
        },
        connect(): void {
          fake.connects++;
        },
        disconnect(): void {
          if (fake.wifiHandlers["disconnected"] !== undefined) fake.wifiHandlers["disconnected"]();
        },
        on(event: string, handler: (this: void) => void): void {
          fake.wifiHandlers[event] = handler;
        },
      },
      ap: {
        config(): void {
          return;
        },
      },
    },
    http: {
      get(url: string, settings, answer): void {
        fake.requests.push({ method: "GET", url, headers: settings.headers, body: "", answer });
      },
      post(url: string, settings, body: string, answer): void {
        fake.requests.push({ method: "POST", url, headers: settings.headers, body, answer });
      },
    },
    net: { createServer: () => server },
    crypto: {
      new_hash() {
        let text = "";
        return { update(data: string): void { text += data; }, finalize: () => portableSha256(text) };
      },
      new_hmac(_algorithm: string, key: string) {
        let text = "";
        return { update(data: string): void { text += data; }, finalize: () => portableHmac(key, text) };
      },
    },
    encoder: { toBase64: (data: string) => base64(data) },
    bit: { bxor: (left: number, right: number) => bitwise("xor", left, right), band: (left: number, right: number) => bitwise("and", left, right) },
    time: { get: () => 0 },
    node: {
      heap: () => fake.heap,
      restart(): void {
        fake.restarts++;
      },
      uptime: () => fake.uptimeUs,
    },
    io: { open: (name: string, mode: string) => openFake(fake.files, name, mode) },
    print(line: string): void {
      fake.lines.push(line);
    },
    dofile: (name: string) => ({ name: name }),
  };
  return fake;
}
