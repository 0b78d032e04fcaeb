/*
 * An RDM6300 and a card on it: the bytes it sends, with their timing.
 *
 * Input: a uid, when the card comes and how long it stays, faults, a seed. Output: pieces of the serial
 * line. Invariant: the frame repeats every 50 ms while the card is there, as the module does.
 */
import type { Bytes } from "../../hal/ports";
import { CLEAN, sendFrame } from "./line";
import type { LineFaults, Piece } from "./line";
import { createRandom } from "./random";

const REPEAT_MS = 50;

/** The 14-byte frame of a uid of ten hexadecimal digits. */
export function rdm6300Frame(uidHex: string): Bytes {
  if (!/^[0-9A-Fa-f]{10}$/.test(uidHex)) throw new Error("an EM4100 uid has ten hexadecimal digits: " + uidHex);
  let check = 0;
  for (let at = 0; at < 10; at += 2) check ^= parseInt(uidHex.substring(at, at + 2), 16);
  return "\x02" + uidHex.toUpperCase() + check.toString(16).toUpperCase().padStart(2, "0") + "\x03";
}

/** A card shown at `fromMs` for `durationMs` (at least one frame). */
export function rdm6300Card(uidHex: string, fromMs: number, durationMs: number, seed: number, faults: LineFaults = CLEAN): Piece[] {
  const random = createRandom(seed);
  const pieces: Piece[] = [];
  let atMs = fromMs;
  do {
    pieces.push(...sendFrame(rdm6300Frame(uidHex), atMs, 9600, 8, faults, random));
    atMs += REPEAT_MS;
  } while (atMs < fromMs + durationMs);
  return pieces;
}
