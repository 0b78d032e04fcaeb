/*
 * A whole board in the portable subset: the ports that a device gets inside a Lua virtual machine.
 *
 * Input: the lines of a script (see portable_play.ts), given through the world's own handles. Output: Ports
 * for createDevice; what the device did stays readable in the world. Invariant: nothing but arithmetic on
 * virtual time, so Node and every Lua machine see the same board.
 */
import type { Bytes, HttpAnswer, HttpRequest, Instant, PinEdge, Ports } from "../../hal/ports";
import { hexOf } from "../../firmware/base/bytes";
import { portableCrc32, portableHmac, portableSha256 } from "../lua/portable_hash";
import { createPortableFlash } from "../lua/portable_flash";
import type { PortableFlash } from "../lua/portable_flash";

const CIRCLE_MS = 1073741824;

export interface PortableTestBoard {
  flash: PortableFlash;
  /** Virtual time since the last start. */
  ms: number;
  s: number;
  restMs: number;
  /** UTC at uptime 0, or 0 while unknown. */
  wallBaseS: number;
  edges: PinEdge[];
  levels: { [pin: string]: number };
  received: { [port: string]: Bytes };
  linkUp: boolean;
  /** The status of every answer. */
  answerStatus: number;
  answerBody: Bytes;
  answerType: string;
  failure: string;
  /** Requests so far, as method, address and body in hexadecimal. */
  requests: string[];
  exchange: "idle" | "waiting";
  log: string[];
  restarts: string[];
  seed: number;
}

export function createPortableTestBoard(flash: PortableFlash): PortableTestBoard {
  return {
    flash, ms: 0, s: 0, restMs: 0, wallBaseS: 0, edges: [], levels: {}, received: {}, linkUp: true,
    answerStatus: 0, answerBody: "", answerType: "", failure: "refused", requests: [], exchange: "idle", log: [], restarts: [], seed: 1,
  };
}

export { createPortableFlash };

/** Forgets what a power cut forgets; a wall clock that was known stays, as with a battery. */
export function cutPower(world: PortableTestBoard): void {
  if (world.wallBaseS > 0) world.wallBaseS += world.s;
  world.ms = 0;
  world.s = 0;
  world.restMs = 0;
  world.edges = [];
  world.received = {};
  world.exchange = "idle";
}

/** Lets time pass; the clock wraps as hal/ports says. */
export function passTime(world: PortableTestBoard, ms: number): void {
  world.ms = (world.ms + ms) % CIRCLE_MS;
  world.restMs += ms;
  world.s += Math.floor(world.restMs / 1000);
  world.restMs = world.restMs % 1000;
}

function fillAnswer(world: PortableTestBoard, answer: HttpAnswer): void {
  answer.status = world.answerStatus;
  answer.body = world.answerBody;
  answer.contentType = world.answerType;
  answer.contentDigest = "";
  answer.signatureInput = "";
  answer.signature = "";
  answer.date = "";
  answer.retryAfter = "";
  answer.location = "";
  answer.failure = world.answerStatus === 0 ? world.failure : "";
}

function nextRandom(world: PortableTestBoard, count: number): Bytes {
  let bytes = "";
  for (let index = 0; index < count; index++) {
    world.seed = (world.seed * 171 + 11213) % 53125;
    bytes += String.fromCharCode(Math.floor(world.seed / 8) % 256);
  }
  return bytes;
}

/** The ports; `load` gives modules by name. */
export function portsOf(world: PortableTestBoard, load: (name: string) => unknown): Ports {
  return {
    clock: {
      read(now: Instant): void {
        now.ms = world.ms;
        now.s = world.s;
      },
      wallS: () => (world.wallBaseS === 0 ? 0 : world.wallBaseS + world.s),
      setWall(epochS: number): void {
        world.wallBaseS = epochS - world.s;
      },
    },
    pins: {
      open: () => "ok",
      take(edge: PinEdge): boolean {
        if (world.edges.length === 0) return false;
        const oldest = world.edges[0]!;
        const rest: PinEdge[] = [];
        for (let index = 1; index < world.edges.length; index++) rest.push(world.edges[index]!);
        world.edges = rest;
        edge.pin = oldest.pin;
        edge.level = oldest.level;
        edge.atMs = oldest.atMs;
        return true;
      },
      overflows: () => 0,
      read: (pin: number) => world.levels["p" + String(pin)] ?? 1,
      write(pin: number, level: number): void {
        world.levels["p" + String(pin)] = level;
      },
    },
    serial: {
      open: () => "ok",
      take(port: number): Bytes {
        const bytes = world.received["u" + String(port)];
        world.received["u" + String(port)] = "";
        return bytes === undefined ? "" : bytes;
      },
      write: () => "ok",
      overflows: () => 0,
    },
    flash: world.flash,
    http: {
      start(request: HttpRequest): "started" | "busy" {
        if (world.exchange === "waiting") return "busy";
        world.exchange = "waiting";
        world.requests.push(request.method + " " + request.url + " " + hexOf(request.body));
        return "started";
      },
      poll(answer: HttpAnswer): "idle" | "waiting" | "done" {
        if (world.exchange === "idle") return "idle";
        world.exchange = "idle";
        fillAnswer(world, answer);
        return "done";
      },
      cancel(): void {
        world.exchange = "idle";
      },
    },
    calls: {
      open: () => "ok",
      take: () => false,
      answer(): void {
        return;
      },
    },
    link: {
      state: () => (world.linkUp ? "up" : "down"),
      join(): void {
        return;
      },
      leave(): void {
        return;
      },
      worn: () => false,
      openSetup: () => "absent",
    },
    crypto: {
      seed: (): void => undefined,
      crc32: (bytes: Bytes) => portableCrc32(bytes),
      sha256: (bytes: Bytes) => portableSha256(bytes),
      hmacSha256: (key: Bytes, bytes: Bytes) => portableHmac(key, bytes),
      // Only put into headers that no test reads.
      base64: (bytes: Bytes) => hexOf(bytes),
      random: (count: number) => nextRandom(world, count),
    },
    system: {
      memoryFree: () => 500,
      restart(reason: string): void {
        world.restarts.push(reason);
      },
      kickWatchdog(): void {
        return;
      },
      log(line: string): void {
        world.log.push(line);
      },
      load: (name: string) => load(name),
    },
  };
}
