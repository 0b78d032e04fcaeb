/*
 * The interpreter's global scope, imitated for Node's own virtual machine.
 *
 * Input: a built program and modules, and the handles of FakeInterpreter. Output: what the program did.
 * Invariant: only what hal/espruino/interpreter.ts declares is here; time is virtual; a callback never runs
 * inside a call of the program, only from `run`.
 */
import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import { createFakeHttp } from "./fake_http";
import type { Serve } from "./fake_http";

type Handler = (...values: never[]) => void;

export interface FakeInterpreter {
  printed: string[];
  /** The flash chip: address 0 on. */
  flash: Buffer;
  restarts: number;
  /** Answers requests; undefined: no server listens. */
  serve: Serve | undefined;
  /** Runs a program in the global scope. */
  load(code: string): void;
  /** Lets virtual time pass, running timers in order. */
  run(ms: number): void;
  setPin(gpio: number, level: number): void;
  level(gpio: number): number;
  /** Bytes arrive at Serial<port>. */
  receive(port: number, bytes: string): void;
  /** Evaluates an expression in the program's scope. */
  ask(expression: string): unknown;
}

interface Timer { id: number; atMs: number; everyMs: number; handler: Handler; values: never[] }

class FakePin {
  constructor(private readonly world: { levels: Map<number, number> }, readonly gpio: number) {}
  valueOf(): number { return this.gpio; }
  read(): boolean { return this.world.levels.get(this.gpio) === 1; }
  write(level: number): void { this.world.levels.set(this.gpio, level === 0 ? 0 : 1); }
  mode(): void { return; }
}

/** An Int32Array that takes nothing but what it can hold: the real one would make another number of it without a word. */
class StrictInt32Array {
  constructor(from: number | number[]) {
    const check = (value: unknown): number => {
      const number = Number(value);
      if ((typeof value !== "number" && typeof value !== "boolean") || number !== Math.trunc(number) || number !== (number | 0)) throw new Error(`${String(value)} does not fit an Int32Array`);
      return number;
    };
    const array = typeof from === "number" ? new Int32Array(from) : Int32Array.from(from.map(check));
    return new Proxy(array, {
      get: (target, key) => Reflect.get(target, key) as unknown,
      set(target, key, value) {
        if (Number(key) >= target.length) throw new Error(`an Int32Array of ${String(target.length)} has no place ${String(key)}`);
        target[Number(key)] = check(value);
        return true;
      },
    }) as unknown as StrictInt32Array;
  }
}

const latin1 = (text: unknown): Buffer => Buffer.from(String(text), "latin1");

/** `modules`: code of loadable modules by the name that `require` is given. */
export function createFakeInterpreter(flashBytes: number, pageBytes: number, modules: Map<string, string>, bootS = 0): FakeInterpreter {
  const world = { levels: new Map<number, number>() };
  const timers: Timer[] = [];
  const watches: { gpio: number; handler: Handler }[] = [];
  const serials = new Map<number, Handler>();
  const events: (() => void)[] = [];
  let nowMs = 0;
  let offsetS = bootS;
  let nextId = 1;
  const fake: FakeInterpreter = {
    printed: [], flash: Buffer.alloc(flashBytes, 255), restarts: 0, serve: undefined,
    load: (code) => { runInContext(code, context, { timeout: 60000 }); },
    ask: (expression) => runInContext(expression, context) as unknown,
    run(ms) {
      const end = nowMs + ms;
      for (;;) {
        for (let event = events.shift(); event !== undefined; event = events.shift()) event();
        timers.sort((left, right) => left.atMs - right.atMs || left.id - right.id);
        const next = timers[0];
        if (next === undefined || next.atMs > end) break;
        nowMs = Math.max(nowMs, next.atMs);
        if (next.everyMs > 0) next.atMs += next.everyMs;
        else timers.shift();
        next.handler(...next.values);
      }
      nowMs = end;
    },
    setPin(gpio, level) {
      if (world.levels.get(gpio) === level) return;
      world.levels.set(gpio, level);
      const time = offsetS + nowMs / 1000;
      for (const watch of watches.filter((one) => one.gpio === gpio)) {
        events.push(() => { (watch.handler as (event: object) => void)({ state: level === 1, time, pin: new FakePin(world, gpio) }); });
      }
    },
    level: (gpio) => world.levels.get(gpio) ?? 0,
    receive: (port, bytes) => { events.push(() => { (serials.get(port) as ((data: string) => void) | undefined)?.(bytes); }); },
  };
  const timer = (handler: Handler, ms: number, every: boolean, values: never[]): number => {
    timers.push({ id: nextId, atMs: nowMs + Math.max(ms, 1), everyMs: every ? Math.max(ms, 1) : 0, handler, values });
    return nextId++;
  };
  const clear = (id: number): void => {
    const index = timers.findIndex((one) => one.id === id);
    if (index >= 0) timers.splice(index, 1);
  };
  const serial = (port: number): object => ({
    setup: () => undefined, write: () => undefined, setConsole: () => undefined,
    on: (event: string, handler: Handler) => { if (event === "data") serials.set(port, handler); },
  });
  const flash = {
    read: (length: number, address: number) => fake.flash.subarray(address, address + length).toString("latin1"),
    write(data: string, address: number) {
      const bytes = latin1(data);
      for (let index = 0; index < bytes.length; index++) fake.flash[address + index]! &= bytes[index]!;
    },
    erasePage(address: number) { fake.flash.fill(255, address - (address % pageBytes), address - (address % pageBytes) + pageBytes); },
  };
  const builtIn: { [name: string]: unknown } = {
    Flash: flash,
    crypto: { SHA256: (bytes: string) => createHash("sha256").update(latin1(bytes)).digest().toString("latin1") },
    http: createFakeHttp(() => fake.serve, (event) => { events.push(event); },
      (message) => runInContext(`({ code: -1, message: ${JSON.stringify(message)} })`, context) as unknown),
    Storage: { read: (name: string) => modules.get(name) },
  };
  const globals = {
    print: (...values: unknown[]) => { fake.printed.push(values.map(String).join(" ")); },
    require(name: string): unknown {
      if (builtIn[name] !== undefined) return builtIn[name];
      const code = modules.get(name);
      if (code === undefined) throw new Error(`Module ${name} not found`);
      return runInContext(`(function () { var exports = {}; var module = { exports: exports };\n${code}\nreturn module.exports; })()`, context) as unknown;
    },
    Modules: { removeCached: () => undefined },
    Pin: function (gpio: unknown) { return new FakePin(world, Number(gpio)); },
    E: {
      CRC32: (bytes: string) => crc32(latin1(bytes)), toString: (data: unknown) => String(data), hwRand: () => 4, srand: () => undefined, getErrorFlags: () => [] as string[],
      enableWatchdog: () => undefined, kickWatchdog: () => undefined, reboot: () => { fake.restarts++; }, on: () => undefined,
    },
    process: { memory: () => ({ free: 1200, total: 2500 }), env: { BOARD: "LINUX", VERSION: "2v29" } },
    getTime: () => offsetS + nowMs / 1000,
    setTime: (seconds: number) => { offsetS = seconds - nowMs / 1000; },
    setTimeout: (handler: Handler, ms = 0, ...values: never[]) => timer(handler, ms, false, values),
    setInterval: (handler: Handler, ms = 0, ...values: never[]) => timer(handler, ms, true, values),
    clearTimeout: clear,
    clearInterval: clear,
    setWatch: (handler: Handler, pin: FakePin) => watches.push({ gpio: Number(pin), handler }),
    analogRead: () => 0,
    getSerial: () => "00000000-0000",
    load: () => { fake.restarts++; },
    btoa: (bytes: string) => latin1(bytes).toString("base64"),
    atob: (text: string) => Buffer.from(text, "base64").toString("latin1"),
    Int32Array: StrictInt32Array,
    Serial1: serial(1), Serial2: serial(2), Serial3: serial(3),
  };
  const context = createContext(globals);
  runInContext("var global = this;", context);
  return fake;
}
