/*
 * Instructions that make a slot on a board: what its flash has already is named, all else is sent (docs/UPDATE.md section 4).
 *
 * Input: the slot, the slot that the board runs, where to begin. Output: instructions for whole pieces, as many as fit.
 * Invariant: carried out over the running slot, and over what of the new one is written by then, they give the pieces,
 * byte for byte; an empty running slot is one that is not known.
 */
import { LITERAL_BYTES_MAX } from "../../firmware/limits";
import { COPY_BYTES, COPY_RUNNING, COPY_WRITTEN } from "../../firmware/update/pieces";

/** A run that is shorter is sent: a board works longer on an instruction than a few bytes are on their way. */
const RUN_BYTES_MIN = 16;
/** Equal runs are found by their first bytes, among so many of the newest places that begin alike. */
const KEY_BYTES = 8;
const PLACES_MAX = 64;
const BUCKET_BITS = 16;

/**
 * Places in a slot by what begins there: the newest one of each bucket, and to each place the one before it. Those before
 * `next` are in it; of the slot, the bytes before `end` are on the board.
 */
interface Places { slot: Buffer; next: number; end: number; newest: Int32Array; before: Int32Array }

function bucketOf(slot: Buffer, at: number): number {
  return (Math.imul(slot.readUInt32LE(at), 0x9e3779b1) ^ Math.imul(slot.readUInt32LE(at + 4), 0x85ebca6b)) >>> (32 - BUCKET_BITS);
}

/** The board has the slot up to `end` by now. */
function addPlaces(places: Places, end: number): void {
  places.end = end;
  for (; places.next + KEY_BYTES <= end; places.next++) {
    const bucket = bucketOf(places.slot, places.next);
    places.before[places.next] = places.newest[bucket] ?? -1;
    places.newest[bucket] = places.next;
  }
}

/** Places of a slot from `next` on up to `end`. */
function placesOf(slot: Buffer, next: number, end: number): Places {
  const places = { slot, next, end, newest: new Int32Array(1 << BUCKET_BITS).fill(-1), before: new Int32Array(slot.length).fill(-1) };
  addPlaces(places, end);
  return places;
}

/** The longest run of `slot` from `at` to `end` that the other slot has. */
function longestRun(slot: Buffer, at: number, end: number, places: Places): { from: number; length: number } {
  const other = places.slot;
  const longest = { from: 0, length: 0 };
  if (at + KEY_BYTES > slot.length) return longest;
  let from = places.newest[bucketOf(slot, at)] ?? -1;
  for (let tried = 0; from >= 0 && tried < PLACES_MAX; tried++) {
    const most = Math.min(end - at, places.end - from);
    let length = 0;
    while (length < most && other[from + length] === slot[at + length]) length++;
    if (length > longest.length) Object.assign(longest, { from, length });
    from = places.before[from] ?? -1;
  }
  return longest;
}

function literals(bytes: Buffer): Buffer[] {
  const all: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += LITERAL_BYTES_MAX) {
    const part = bytes.subarray(at, at + LITERAL_BYTES_MAX);
    all.push(Buffer.of(part.length - 1), part);
  }
  return all;
}

function copy(kind: number, from: number, length: number): Buffer {
  const all = Buffer.alloc(COPY_BYTES);
  all[0] = kind + (length >> 8);
  all[1] = length & 255;
  all.writeUIntBE(from, 2, 3);
  return all;
}

/** Instructions for the piece that begins at `begin`. */
function pieceInstructions(slot: Buffer, begin: number, end: number, written: Places, running: Places): Buffer {
  const all: Buffer[] = [];
  let sent = begin;
  for (let at = begin; at < end;) {
    const ofRunning = longestRun(slot, at, end, running);
    const ofWritten = longestRun(slot, at, end, written);
    const isWritten = ofWritten.length > ofRunning.length;
    const run = isWritten ? ofWritten : ofRunning;
    if (run.length < RUN_BYTES_MIN) {
      at++;
      continue;
    }
    all.push(...literals(slot.subarray(sent, at)), copy(isWritten ? COPY_WRITTEN : COPY_RUNNING, run.from, run.length));
    sent = at += run.length;
  }
  all.push(...literals(slot.subarray(sent, end)));
  return Buffer.concat(all);
}

/** Pieces from `from` on, one at least, as long as all together have at most `bytesMax` bytes; the first piece of the slot, which is written last, alone. */
export function instructionsFrom(slot: Buffer, pieceBytes: number, from: number, running: Buffer, bytesMax: number): Buffer {
  const ofRunning = placesOf(running, 0, running.length);
  // The board has written what comes before in the order of pieces, of which the first one is the last.
  const written = placesOf(slot, pieceBytes, from === 0 ? slot.length : Math.max(pieceBytes, from * pieceBytes));
  const all: Buffer[] = [];
  let bytes = 0;
  for (let at = from * pieceBytes; at < slot.length; at += pieceBytes) {
    const end = Math.min(slot.length, at + pieceBytes);
    const one = pieceInstructions(slot, at, end, written, ofRunning);
    if (all.length > 0 && bytes + one.length > bytesMax) break;
    all.push(one);
    bytes += one.length;
    if (from === 0) break;
    addPlaces(written, end);
  }
  return Buffer.concat(all);
}
