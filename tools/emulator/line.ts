/*
 * A serial line as it really is: bytes take time, arrive in pieces, and noise falls between and into them.
 *
 * Input: frames with the moment each begins, a speed, a seed. Output: pieces with the moment each has
 * arrived. Invariant: without faults the joined pieces are the joined frames.
 */
import type { Bytes } from "../../hal/ports";
import type { Random } from "./random";

export interface Piece {
  atMs: number;
  bytes: Bytes;
}

export interface LineFaults {
  /** Thousandths: a byte is lost, a bit of it is flipped, a byte of noise comes before it. */
  lost: number;
  flipped: number;
  noise: number;
}

export const CLEAN: LineFaults = { lost: 0, flipped: 0, noise: 0 };

/** Sends `frame` from `startMs` on at `baud` (10 bits a byte) in pieces of 1 to `pieceBytesMax` bytes. */
export function sendFrame(frame: Bytes, startMs: number, baud: number, pieceBytesMax: number, faults: LineFaults, random: Random): Piece[] {
  let wire = "";
  for (let index = 0; index < frame.length; index++) {
    if (random.chance(faults.noise)) wire += String.fromCharCode(random.below(256));
    if (random.chance(faults.lost)) continue;
    const code = frame.charCodeAt(index);
    wire += String.fromCharCode(random.chance(faults.flipped) ? code ^ (1 << random.below(8)) : code);
  }
  const pieces: Piece[] = [];
  for (let at = 0; at < wire.length;) {
    const end = Math.min(wire.length, at + 1 + random.below(pieceBytesMax));
    pieces.push({ atMs: startMs + Math.ceil((end * 10000) / baud), bytes: wire.substring(at, end) });
    at = end;
  }
  return pieces;
}
