/*
 * The loop of a board: which pass is the next one, and what it does.
 *
 * Input: a board with its inputs. Output: passes as boards/espruino_main makes them: a whole tick, or the edges alone.
 * Invariants: passes lie TICK_MS apart from the start on; a pass is left out only where the firmware would change
 * nothing; with `everyTick` none is left out that a board does.
 */
import { edgesTick, tick, type Device } from "../../../firmware/device";
import { areReadersIdle } from "../../../firmware/inputs/cards";
import { areContactsStable } from "../../../firmware/inputs/contacts";
import { SKIP_TICKS_MAX, TICK_MS } from "../../../firmware/limits";
import { isConnectorIdle } from "../../../firmware/session/effects";
import { nextDueS } from "./deadline";
import type { SimBoard } from "./sim_board";

const UPKEEP_S = 30;

/** The first pass at or after `atMs` that is one of those `everyMs` apart after `fromMs`. */
function passAt(fromMs: number, everyMs: number, atMs: number): number {
  return fromMs + Math.max(1, Math.ceil((atMs - fromMs) / everyMs)) * everyMs;
}

/** The moment of the world at which the board's uptime reaches `uptimeS`. */
function momentOf(board: SimBoard, uptimeS: number): number {
  return board.bootMs + Math.ceil(uptimeS * 1000 / (1 + board.place.driftPpm / 1_000_000));
}

/** Seconds of uptime at a moment of the world. */
function uptimeAt(board: SimBoard, atMs: number): number {
  return Math.floor(Math.floor((atMs - board.bootMs) * (1 + board.place.driftPpm / 1_000_000)) / 1000);
}

/** Meters with a level that has not lasted yet, or pulses that were not read back. */
function filters({ meters }: Device): boolean {
  return meters.filters.some((filter) => filter.level !== filter.latched && filter.level === filter.activeLevel) ||
    meters.pages.some((page) => page.verifiedEnd !== page.patternEnd);
}

/** Only the answer of the network can change anything. */
function waitsForAnswer(board: SimBoard, device: Device): boolean {
  const sends = device.uploader.state === "sending" || device.sync.download?.asking === true;
  return sends && board.http.endMs() !== Infinity && isConnectorIdle(device.connector) && areContactsStable(device.contacts) && areReadersIdle(device.readers) && device.api.serves === "idle";
}

/** When the next whole tick is due, when no input comes; `skips` is what the last one said. */
function dueAfter(board: SimBoard, device: Device, skips: number, everyTick: boolean): number {
  const fromMs = board.tickMs;
  const restMs = (skips + 1) * TICK_MS;
  if (skips > 0 && skips < SKIP_TICKS_MAX) return fromMs + restMs;
  if (skips === 0) {
    if (everyTick || !waitsForAnswer(board, device)) return fromMs + TICK_MS;
    return passAt(fromMs, TICK_MS, Math.min(board.http.endMs(), momentOf(board, nextDueS(device, board.link.reachable, false))));
  }
  return everyTick ? fromMs + restMs : passAt(fromMs, restMs, momentOf(board, nextDueS(device, board.link.reachable, board.mattersUpkeep)));
}

/** When the next pass is due; inputs included. Infinity while the board is off. */
export function nextPassMs(board: SimBoard): number {
  if (board.device === undefined) return Infinity;
  const input = board.inputs[board.next];
  const inputMs = input === undefined ? Infinity : passAt(board.loopMs, TICK_MS, input.atMs);
  return Math.min(board.dueMs, inputMs, board.isFiltering ? board.loopMs + TICK_MS : Infinity);
}

/** Hands the inputs up to `atMs` to the wires; true when bytes came, which the loop looks at at once. */
export function feedInputs(board: SimBoard, atMs: number): boolean {
  let hasBytes = false;
  for (; board.next < board.inputs.length && board.inputs[board.next]!.atMs <= atMs; board.next++) {
    const input = board.inputs[board.next]!;
    if (input.kind === "level") board.pins.schedule(input.atMs, input.pin, input.level);
    else {
      board.serial.arrive(input.port, input.bytes, input.atMs);
      hasBytes = true;
    }
    if (input.means !== undefined || input.kind === "bytes") board.onInput(input, board.device !== undefined);
  }
  if (board.next > 4096) {
    board.inputs.splice(0, board.next);
    board.next = 0;
  }
  return hasBytes;
}

/** The upkeeps of the ticks that were left out, which found nothing: they only moved on. */
function moveUpkeep(board: SimBoard, device: Device, fromMs: number, toMs: number): void {
  const { restMs } = board;
  for (let atMs = fromMs + restMs; atMs < toMs; ) {
    const uptimeS = uptimeAt(board, atMs);
    if (uptimeS >= device.upkeepAtS) device.upkeepAtS = uptimeS + UPKEEP_S;
    atMs = passAt(fromMs, restMs, Math.max(atMs + restMs, momentOf(board, device.upkeepAtS)));
  }
}

/** One pass at `nextPassMs`. @throws PowerCut */
export function pass(board: SimBoard, atMs: number, everyTick: boolean): void {
  const device = board.device!;
  const clock = board.clock;
  const before = board.next;
  clock.worldMs = atMs;
  board.onPass(atMs);
  const hasBytes = feedInputs(board, atMs);
  board.loopMs = atMs;
  if (board.next !== before) board.mattersUpkeep = true;
  let isWhole = atMs >= board.dueMs || hasBytes;
  if (!isWhole) {
    const found = edgesTick(device);
    board.isFiltering = found === "filtering" || filters(device);
    isWhole = found === "contact";
    // The pulses counted here are priced at the next tick of a board that rests.
    if (!isWhole) board.dueMs = Math.min(board.dueMs, passAt(board.tickMs, board.restMs, atMs + 1));
  }
  if (!isWhole) return;
  if (!everyTick && atMs - board.tickMs > board.restMs && !board.mattersUpkeep) moveUpkeep(board, device, board.tickMs, atMs);
  const upkeepAtS = device.upkeepAtS;
  const skips = tick(device);
  board.restMs = (skips + 1) * TICK_MS;
  board.ticks++;
  board.tickMs = atMs;
  if (skips === 0) board.mattersUpkeep = true;
  else if (device.upkeepAtS !== upkeepAtS) board.mattersUpkeep = false;
  board.isFiltering = filters(device);
  board.dueMs = dueAfter(board, device, skips, everyTick);
}
