/*
 * HZ-1050 in its raw variant: four bare bytes, no framing, no checksum.
 *
 * Input: four bytes, first the highest, then silence; 9600 or 19,200 baud by jumper, repeated while the
 * card is there. Output: the four bytes. Invariant: only silence ends a frame, and only a number that came
 * twice, one frame after the other, is a uid: nothing else tells a card from noise.
 */
import type { Bytes } from "../../../hal/ports";
import { elapsedMs } from "../../base/monotonic";
import { createReader, queueUid } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

/** Longer than a tick, shorter than the pause between two frames. */
const GAP_MS = 50;
/** The second reading must come this soon. */
const CONFIRM_MS = 3000;
const BYTES_MAX = 64;

/** Judges what came between two silences: whole numbers of four bytes, each confirmed by the one before. */
function endFrame(state: ReaderState): void {
  const buffer = state.buffer;
  state.buffer = "";
  if (buffer.length % 4 !== 0) {
    state.candidate = "";
    state.errors++;
    state.refused++;
    state.why = "length";
    return;
  }
  for (let at = 0; at < buffer.length; at += 4) {
    const number = buffer.substring(at, at + 4);
    if (number === state.candidate) {
      state.errors = 0;
      queueUid(state, number);
    } else {
      state.candidate = number;
      state.why = "not confirmed";
    }
  }
}

function feed(state: ReaderState, bytes: Bytes, nowMs: number): void {
  const silenceMs = elapsedMs(state.fedMs, nowMs);
  if (state.buffer.length > 0 && (silenceMs > GAP_MS || silenceMs < 0)) endFrame(state);
  if (silenceMs > CONFIRM_MS || silenceMs < 0) state.candidate = "";
  if (bytes.length === 0) return;
  state.fedMs = nowMs;
  // Bytes without a pause are no reader: keep their number wrong until silence comes.
  if (state.buffer.length + bytes.length > BYTES_MAX) state.buffer = "?";
  else state.buffer += bytes;
}

/** Nothing is ever judged byte by byte here. */
function judge(): number {
  return 0;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  feed(state, "", nowMs);
  return "";
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: false, minSightings: 1,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feed, poll: poll,
};
