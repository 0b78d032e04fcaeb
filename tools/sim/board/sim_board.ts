/*
 * One board of the world: the whole firmware on mock hardware, its flash, and what its wires bring.
 *
 * Input: a place, inputs in order of time. Output: ticks at the moments at which a board does them (boards/espruino_main),
 * those left out that would do nothing; requests for the network; Log lines. Invariants: nothing but flash survives a
 * power cut; a board's numbers of chance are its own.
 */
import { hostModules } from "../../../boards/host/modules";
import { createDevice } from "../../../firmware/boot";
import type { Device } from "../../../firmware/device";
import { createMockCalls, type MockCalls } from "../../../hal/mock/calls";
import { createMockClock, type MockClock } from "../../../hal/mock/clock";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { createMockFlash, type MockFlash } from "../../../hal/mock/flash";
import { createMockLink, type MockLink } from "../../../hal/mock/link";
import { createMockPins, type MockPins } from "../../../hal/mock/pins";
import { createMockSerial, type MockSerial } from "../../../hal/mock/serial";
import { createMockSystem, type MockSystem } from "../../../hal/mock/system";
import type { Ports } from "../../../hal/ports";
import { TICK_MS } from "../../../firmware/limits";
import type { DeviceBoard } from "../../../firmware/store/layout";
import type { SimInput } from "../world/inputs";
import type { Place } from "../world/place";
import { createSimHttp, type SimHttp } from "./http_port";

export interface SimBoard extends Ports {
  place: Place;
  description: DeviceBoard;
  clock: MockClock;
  pins: MockPins;
  serial: MockSerial;
  flash: MockFlash;
  http: SimHttp;
  calls: MockCalls;
  link: MockLink;
  system: MockSystem;
  /** undefined while the power is off. */
  device: Device | undefined;
  /** Inputs to come, in order of time, and the place of the next. */
  inputs: SimInput[];
  next: number;
  /** When the power came back; ticks come TICK_MS after each other from here on. */
  bootMs: number;
  /** The last pass of the loop, and the last whole tick. */
  loopMs: number;
  tickMs: number;
  /** When the next whole tick is due without any input. */
  dueMs: number;
  /** From a whole tick to the next one, while nothing comes. */
  restMs: number;
  /** A meter's pulse has not lasted long enough, or was not read back. */
  isFiltering: boolean;
  /** Something happened since the last upkeep. */
  mattersUpkeep: boolean;
  /** Whole ticks and starts, for the figures at the end. */
  ticks: number;
  starts: number;
  /** Called when the power is back, before the program starts. */
  beforeStart: () => void;
  onLog: (line: string) => void;
  /** Called at the begin of each pass: a reader that answers questions hears them here. */
  onPass: (atMs: number) => void;
  /** Called with each input at the moment at which it reaches the wires; `isRead`: the board is on. */
  onInput: (input: SimInput, isRead: boolean) => void;
}

export function createSimBoard(place: Place, seed: number, epochS: number): SimBoard {
  const clock = createMockClock({ epochS, driftPpm: place.driftPpm });
  const flash = createMockFlash(place.flashBytes);
  const system = createMockSystem(clock);
  system.linesMax = 50;
  for (const [name, module] of Object.entries(hostModules())) system.modules.set(name, module);
  const board: SimBoard = {
    place, description: { name: "host", areas: [{ address: 0, bytes: place.flashBytes }] },
    clock, flash, system, pins: createMockPins(clock, { historyMax: 0 }), serial: createMockSerial(clock), http: createSimHttp(clock), calls: createMockCalls(),
    link: createMockLink(clock), crypto: createMockCrypto((seed * 1000003 + place.index * 7919 + 17) >>> 0),
    device: undefined, inputs: [], next: 0, bootMs: 0, loopMs: 0, tickMs: 0, dueMs: 0, restMs: TICK_MS, isFiltering: false, mattersUpkeep: true, ticks: 0, starts: 0,
    beforeStart: () => undefined, onLog: () => undefined, onPass: () => undefined, onInput: () => undefined,
  };
  system.log = (line) => board.onLog(line);
  for (const [pin, level] of place.atRest) board.pins.set(pin, level);
  return board;
}

/** The power is gone: nothing but flash stays, and what its wires bring is lost. */
export function powerOff(board: SimBoard, atMs: number): void {
  board.clock.worldMs = Math.max(board.clock.worldMs, atMs);
  board.device = undefined;
  board.http.boot();
  board.http.outbox = undefined;
  board.pins.boot();
  board.serial.boot();
  board.link.joins.length = 0;
  board.link.leave();
}

/** The power is back, or the program starts anew. @throws PowerCut when a planned cut falls into the start itself */
export function powerOn(board: SimBoard, atMs: number, keepsWall: boolean): void {
  const clock = board.clock;
  clock.worldMs = Math.max(clock.worldMs, atMs);
  clock.boot(keepsWall);
  board.pins.boot();
  board.serial.boot();
  board.http.boot();
  board.system.restartReason = "";
  board.flash.boot();
  board.beforeStart();
  board.starts++;
  board.bootMs = board.loopMs = board.tickMs = clock.worldMs;
  board.dueMs = clock.worldMs;
  board.isFiltering = false;
  board.mattersUpkeep = true;
  const device = createDevice(board, board.description);
  if (device === undefined) throw new Error(`${board.place.id} has no configuration that it can read`);
  board.device = device;
}
