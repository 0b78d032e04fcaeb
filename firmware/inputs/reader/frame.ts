/*
 * The common part of all reader drivers: the record of a reader, resynchronisation, and the pace of polls.
 *
 * Input: bytes cut anywhere, with noise between. Output: a short queue of raw uids. Invariants: nothing
 * that a driver's `judge` refuses ever becomes a uid; a refused frame loses only its first byte, so that
 * a good frame inside or behind it is found; memory is bounded by the longest frame of the driver.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex } from "../../base/bytes";
import { invariant } from "../../base/invariant";
import { elapsedMs } from "../../base/monotonic";
import { READER_ERRORS_MAX, READER_MISSES_MAX, READER_QUEUE_BYTES_MAX } from "../../limits";

/** A frame that stops for this long is not completed any more. Longer than a tick that erases flash. */
const SILENCE_MS = 250;
const ABSENT_POLL_MS = 1000;

/** XOR of two numbers 0 … 3, at 4 · a + b. The language subset has no bit operators, and each driver carries this. */
const XOR = "0123103223013210";

export interface ReaderState {
  /** First bytes of every frame; "" for readers whose frames have none. */
  header: Bytes;
  /**
   * Judges `buffer`, which begins with the header: n > 0, its first n bytes are used up (a uid may have
   * been queued); n < 0, its first -n bytes are not a frame, and `why` says why; 0, more bytes are needed.
   */
  judge: (this: void, state: ReaderState, buffer: Bytes) => number;
  buffer: Bytes;
  fedMs: number;
  /** Each uid after its length byte. */
  queue: Bytes;
  /** Why the last refused frame was refused. */
  why: string;
  /** Refused frames since the last good one, and in all. */
  errors: number;
  refused: number;
  /** Polled readers: where the start-up dialogue is, when the last command left, answers missing since. */
  step: number;
  polledMs: number;
  waiting: boolean;
  misses: number;
  /** Set by judge: the good bytes only announce the answer. */
  announced: boolean;
  /** HZ-1050: the frame to be confirmed. */
  candidate: Bytes;
}

/** A reader's driver: how docs/READERS.md's table of models speaks. */
export interface ReaderDriver {
  /** Speed when the configuration names none, 8N1. */
  baud: number;
  /** Milliseconds between commands to a polled reader, 0 for an unsolicited one. */
  pollMs: number;
  /** Whether four bytes beginning with 08 are a random uid here, and with 88 half of one; 125 kHz numbers may begin so. */
  refusesRandom: boolean;
  /** Frames within heldMs that show a card, unless the configuration says otherwise: 2 for an unsolicited one that sends as long as a card is held. */
  minSightings: number;
  create: (this: void) => ReaderState;
  /** Takes received bytes; "" is allowed. */
  feed: (this: void, state: ReaderState, bytes: Bytes, nowMs: number) => void;
  /** At every tick, after feed: the bytes to send now, "" for none. */
  poll: (this: void, state: ReaderState, nowMs: number) => Bytes;
}

/** XOR of two bytes 0 … 255. */
export function xorByte(a: number, b: number): number {
  let left = a;
  let right = b;
  let result = 0;
  for (let unit = 1; unit < 256; unit *= 4) {
    result += (XOR.charCodeAt(left % 4 * 4 + right % 4) - 48) * unit;
    left = Math.floor(left / 4);
    right = Math.floor(right / 4);
  }
  return result;
}

/** XOR (`exclusive`) or sum modulo 256 of the bytes from `from` up to, not including, `to`. */
export function checkOf(bytes: Bytes, from: number, to: number, exclusive: boolean): number {
  let check = 0;
  for (let index = from; index < to; index++) {
    const byte = bytes.charCodeAt(index);
    check = exclusive ? xorByte(check, byte) : (check + byte) % 256;
  }
  return check;
}

/** Bytes of a hexadecimal constant of the program. */
export function frameBytes(hex: string): Bytes {
  const bytes = bytesOfHex(hex);
  invariant(bytes !== undefined, "READER_CONSTANT");
  return bytes;
}

export function createReader(header: Bytes, judge: (this: void, state: ReaderState, buffer: Bytes) => number): ReaderState {
  return {
    header: header, judge: judge, buffer: "", fedMs: 0, queue: "", why: "", errors: 0, refused: 0,
    step: 0, polledMs: -1, waiting: false, misses: 0, announced: false, candidate: "",
  };
}

/** Refuses `count` bytes of a buffer: the negative number that judge returns. */
export function refuse(state: ReaderState, count: number, why: string): number {
  state.why = why;
  return -count;
}

/** Queues a uid; one that would not fit is dropped, as the reader repeats it. */
export function queueUid(state: ReaderState, uid: Bytes): void {
  if (state.queue.length + uid.length < READER_QUEUE_BYTES_MAX) state.queue += String.fromCharCode(uid.length) + uid;
}

/**
 * Judges a reader that prints lines ended by CR, LF or 03, optionally begun by 02, of at most `longest`
 * characters. `takeLine` queues the uid of a whole line, or says why it is none.
 */
export function judgeLine(state: ReaderState, buffer: Bytes, longest: number, takeLine: (this: void, state: ReaderState, line: Bytes) => string): number {
  for (let index = 0; index < buffer.length && index <= longest; index++) {
    const code = buffer.charCodeAt(index);
    if (code !== 13 && code !== 10 && code !== 3 && code !== 2) continue;
    // An end or a beginning: nothing before it means a mark between two lines.
    if (index === 0) return 1;
    const why = code === 2 ? "cut off" : takeLine(state, buffer.substring(0, index));
    return why === "" ? index + 1 : refuse(state, index, why);
  }
  return buffer.length > longest ? refuse(state, buffer.length, "no end of line") : 0;
}

/** The next uid that a driver queued, 4 to 32 raw bytes, first byte first; undefined when there is none. Call until then. */
export function takeUid(state: ReaderState): Bytes | undefined {
  if (state.queue.length === 0) return undefined;
  const end = 1 + state.queue.charCodeAt(0);
  const uid = state.queue.substring(1, end);
  state.queue = state.queue.substring(end);
  return uid;
}

/** Lets `judge` work through the bytes; `final` when what is missing will not come any more. Returns the rest. */
function scan(state: ReaderState, bytes: Bytes, final: boolean): Bytes {
  let buffer = bytes;
  const headerLength = state.header.length;
  while (buffer.length > 0) {
    if (headerLength > 0) {
      const at = buffer.indexOf(state.header);
      if (at > 0) buffer = buffer.substring(at);
      // The end may hold the beginning of a header that was cut.
      if (at < 0) return final || headerLength === 1 ? "" : buffer.substring(Math.max(0, buffer.length - headerLength + 1));
    }
    let used = state.judge(state, buffer);
    if (used === 0) {
      if (!final) return buffer;
      used = refuse(state, 1, "cut off");
    }
    if (used < 0) {
      state.errors++;
      state.refused++;
      buffer = buffer.substring(-used);
    } else {
      // A single byte is a mark between frames, and proves nothing.
      if (used > 1) {
        state.errors = 0;
        if (!state.announced) {
          state.misses = 0;
          state.waiting = false;
        }
        state.announced = false;
      }
      buffer = buffer.substring(used);
    }
  }
  return "";
}

export function feedFrames(state: ReaderState, bytes: Bytes, nowMs: number): void {
  if (state.buffer.length > 0) {
    const silenceMs = elapsedMs(state.fedMs, nowMs);
    if (silenceMs > SILENCE_MS || silenceMs < 0) state.buffer = scan(state, state.buffer, true);
  }
  if (bytes.length === 0) return;
  state.fedMs = nowMs;
  state.buffer = scan(state, state.buffer + bytes, false);
}

/** `poll` of an unsolicited reader: only ends frames that were cut off. */
export function pollNothing(state: ReaderState, nowMs: number): Bytes {
  feedFrames(state, "", nowMs);
  return "";
}

/**
 * Whether a command is due. A reader that leaves READER_MISSES_MAX commands unanswered is absent: its dialogue
 * starts again from step 0, once a second.
 */
export function pollDue(state: ReaderState, pollMs: number, nowMs: number): boolean {
  feedFrames(state, "", nowMs);
  if (state.polledMs >= 0) {
    const sinceMs = elapsedMs(state.polledMs, nowMs);
    if (sinceMs >= 0 && sinceMs < (state.misses < READER_MISSES_MAX ? pollMs : ABSENT_POLL_MS)) return false;
  }
  if (state.waiting && state.misses < READER_MISSES_MAX) state.misses++;
  if (state.misses >= READER_MISSES_MAX) state.step = 0;
  state.waiting = true;
  state.polledMs = nowMs;
  return true;
}

/** "" | "absent" (a reader that has to be asked does not answer) | "noise" (nothing but bad frames). */
export function readerFault(state: ReaderState): string {
  if (state.misses >= READER_MISSES_MAX) return "absent";
  return state.errors >= READER_ERRORS_MAX ? "noise" : "";
}
