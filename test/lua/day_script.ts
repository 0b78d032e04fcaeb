/*
 * The scripted day of `npm start -- --once` as a script for the portable board.
 *
 * Input: the world's events. Output: lines of test/lua/portable_play.ts. Invariant: every event keeps its
 * millisecond; between events the board ticks for a while and then sleeps in long steps, so that a day
 * takes seconds.
 */
import { hexOf } from "../../firmware/base/bytes";
import type { WorldEvent, WorldScript } from "../../tools/world/event";

/** Ticks of 20 ms after an event, then steps of this length. */
const BUSY_MS = 60;
const STEP_MS = 20000;

function gap(ms: number): string {
  const busy = Math.min(ms, BUSY_MS);
  let text = busy > 0 ? `run ${String(busy)}\n` : "";
  for (let left = ms - busy; left > 0; left -= STEP_MS) text += `skip ${String(Math.min(left, STEP_MS))}\n`;
  return text;
}

function lineOf(event: WorldEvent, beginEpochS: number): string {
  if (event.kind === "level") return `pin ${String(event.pin)} ${String(event.level)}\n`;
  if (event.kind === "bytes") return `bytes ${String(event.port)} ${hexOf(event.bytes)}\n`;
  return event.kind === "powerOn" ? `wall ${String(beginEpochS + Math.floor(event.atMs / 1000))}\ncut\n` : "";
}

/** The events up to `untilMs`; the endpoint stays unreachable, so that all rows wait in flash. */
export function scriptOf(world: WorldScript, beginEpochS: number, untilMs: number): string {
  let text = `wall ${String(beginEpochS)}\n`;
  let atMs = 0;
  let powered = true;
  for (const event of world.events) {
    if (event.atMs > untilMs) break;
    if (event.kind === "powerOn") powered = true;
    else if (powered) text += gap(event.atMs - atMs);
    if (powered) text += lineOf(event, beginEpochS);
    if (event.kind === "powerOff") powered = false;
    atMs = event.atMs;
  }
  return text + gap(untilMs - atMs);
}
