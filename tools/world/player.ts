/*
 * Plays a world script into a host board under virtual time.
 *
 * Input: a script, a flash, a configuration that is already in it, and what to do when the endpoint comes
 * and goes. Output: what the board did: Log lines, rows in flash and at the endpoint. Invariants: the board
 * is a new one after each power cut, with nothing but its flash; time only passes in `step`; a failing
 * device stops the play with its reason.
 */
import { tick, type Device } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { hostModules } from "../../boards/host/modules";
import { createHostCrypto } from "../../hal/host/crypto";
import { createHostHttp } from "../../hal/host/http";
import { createHostSystem } from "../../hal/host/system";
import { createMockCalls } from "../../hal/mock/calls";
import { createMockClock, type MockClock } from "../../hal/mock/clock";
import { createMockLink } from "../../hal/mock/link";
import { createMockPins, type MockPins } from "../../hal/mock/pins";
import { createMockSerial, type MockSerial } from "../../hal/mock/serial";
import type { FlashPort, Ports } from "../../hal/ports";
import type { WorldEvent, WorldScript } from "./event";
import { settlingHttp, type SettlingHttp } from "./settling_http";
import type { DeviceBoard } from "../../firmware/store/layout";

export interface PlayerOptions {
  script: WorldScript;
  /** UTC of the script's begin, whole seconds. */
  beginEpochS: number;
  flash: FlashPort;
  board: DeviceBoard;
  log: (line: string) => void;
  /** Given the ports of the new board, before its first start. */
  onNew: (ports: Ports) => void;
  onEndpoint: (reachable: boolean) => Promise<void>;
  /** Called after each step with the virtual milliseconds that have passed. */
  onStep?: (worldMs: number) => Promise<void>;
  /** True ends the play where it is, without the calm at its end. */
  isEnded?: () => boolean;
}

/** A tick this often while something is going on, and this often otherwise; ms. */
const BUSY_STEP_MS = 20;
const QUIET_STEP_MS = 500;
/** Something is going on for this long after the last event. */
const BUSY_MS = 1500;
/** The calm at the end: everything must be at the endpoint before it is over. */
const DRAIN_MS = 7200000;

interface World {
  options: PlayerOptions;
  clock: MockClock;
  pins: MockPins;
  serial: MockSerial;
  http: SettlingHttp;
  ports: Ports;
  device: Device | undefined;
}

function boot(world: World): void {
  world.clock.boot();
  world.pins.boot();
  world.serial.boot();
  world.http.cancel();
  world.device = createDevice(world.ports, world.options.board);
  if (world.device === undefined) throw new Error("the board has no configuration that it can read");
}

async function happen(world: World, event: WorldEvent): Promise<void> {
  if (event.kind === "level") world.pins.set(event.pin, event.level);
  else if (event.kind === "bytes") world.serial.arrive(event.port, event.bytes);
  else if (event.kind === "endpoint") await world.options.onEndpoint(event.reachable);
  else if (event.kind === "powerOff") world.device = undefined;
  else boot(world);
}

async function step(world: World): Promise<void> {
  if (world.device !== undefined) {
    tick(world.device);
    await world.http.settled();
  }
  if (world.options.onStep !== undefined) await world.options.onStep(world.clock.worldMs);
}

/** Plays the whole script and the calm after it; returns the device as it is at the end, undefined when it was ended without power. */
export async function play(options: PlayerOptions): Promise<Device | undefined> {
  const clock = createMockClock({ epochS: options.beginEpochS });
  const pins = createMockPins(clock, { historyMax: 0 });
  const serial = createMockSerial(clock);
  const http = settlingHttp(createHostHttp());
  const ports: Ports = {
    clock, pins, serial, http, flash: options.flash, calls: createMockCalls(), link: createMockLink(clock),
    crypto: createHostCrypto(),
    system: createHostSystem({
      write: options.log, modules: hostModules(),
      restart: (reason) => {
        throw new Error(`the board restarted itself: ${reason}`);
      },
    }),
  };
  const world: World = { options, clock, pins, serial, http, ports, device: undefined };
  // At rest every contact is open and its pull-up holds it high.
  for (const event of options.script.events) if (event.kind === "level") pins.set(event.pin, 1);
  options.onNew(ports);
  boot(world);
  const events = options.script.events;
  let next = 0;
  let lastEventMs = -BUSY_MS;
  const isEnded = options.isEnded ?? ((): boolean => false);
  while (clock.worldMs < options.script.durationMs && !isEnded()) {
    while (next < events.length && events[next]!.atMs <= clock.worldMs) {
      lastEventMs = clock.worldMs;
      await happen(world, events[next++]!);
    }
    await step(world);
    const stepMs = clock.worldMs - lastEventMs < BUSY_MS ? BUSY_STEP_MS : QUIET_STEP_MS;
    const untilMs = next < events.length ? events[next]!.atMs - clock.worldMs : stepMs;
    clock.advance(Math.max(1, Math.min(stepMs, untilMs)));
  }
  const device = world.device;
  if (device === undefined && isEnded()) return undefined;
  if (device === undefined) throw new Error("the script ends without power");
  for (let endMs = clock.worldMs + DRAIN_MS; device.ring.pending > 0 && clock.worldMs < endMs && !isEnded(); clock.advance(QUIET_STEP_MS)) await step(world);
  return device;
}
