/*
 * Instructions that make a slot on a board: parts that its running slot has are named, all others are sent
 * (docs/UPDATE.md section 4).
 *
 * Input: the slot, the slot that the board runs, where to begin. Output: instructions for whole pieces, as many as fit.
 * Invariant: carried out over the running slot they give the pieces, byte for byte; without a running slot that is
 * known, all bytes are sent.
 */
import { KIND_COPY, KIND_LITERAL } from "../../firmware/update/pieces";

/** Equal runs are found by blocks of so many bytes; a shorter one is not worth its instruction. */
const BLOCK_BYTES = 24;
const LENGTH_MAX = 65535;

/** Where each block of a slot lies, for one look-up a byte. */
export function blocksOf(slot: Buffer): Map<string, number> {
  const blocks = new Map<string, number>();
  for (let at = 0; at + BLOCK_BYTES <= slot.length; at += BLOCK_BYTES) {
    const block = slot.toString("latin1", at, at + BLOCK_BYTES);
    if (!blocks.has(block)) blocks.set(block, at);
  }
  return blocks;
}

function literal(bytes: Buffer): Buffer {
  const head = Buffer.alloc(3);
  head[0] = KIND_LITERAL;
  head.writeUInt16BE(bytes.length, 1);
  return Buffer.concat([head, bytes]);
}

function copy(from: number, length: number): Buffer {
  const all = Buffer.alloc(7);
  all[0] = KIND_COPY;
  all.writeUInt16BE(length, 1);
  all.writeUInt32BE(from, 3);
  return all;
}

/** Instructions for one piece. */
function pieceInstructions(piece: Buffer, running: Buffer, blocks: Map<string, number>): Buffer {
  const all: Buffer[] = [];
  let sent = 0;
  for (let at = 0; at + BLOCK_BYTES <= piece.length;) {
    const found = blocks.get(piece.toString("latin1", at, at + BLOCK_BYTES));
    if (found === undefined) {
      at++;
      continue;
    }
    let begin = at;
    let from = found;
    while (begin > sent && from > 0 && piece[begin - 1] === running[from - 1]) {
      begin--;
      from--;
    }
    let end = at + BLOCK_BYTES;
    while (end < piece.length && end - begin < LENGTH_MAX && piece[end] === running[from + end - begin]) end++;
    if (begin > sent) all.push(literal(piece.subarray(sent, begin)));
    all.push(copy(from, end - begin));
    sent = at = end;
  }
  if (sent < piece.length) all.push(literal(piece.subarray(sent)));
  return Buffer.concat(all);
}

/** Pieces from `from` on, one at least, as long as all together have at most `bytesMax` bytes; the first piece of the slot alone. */
export function instructionsFrom(slot: Buffer, pieceBytes: number, from: number, running: Buffer, blocks: Map<string, number>, bytesMax: number): Buffer {
  const all: Buffer[] = [];
  let bytes = 0;
  for (let at = from * pieceBytes; at < slot.length; at += pieceBytes) {
    const one = pieceInstructions(slot.subarray(at, at + pieceBytes), running, blocks);
    if (all.length > 0 && bytes + one.length > bytesMax) break;
    all.push(one);
    bytes += one.length;
    if (from === 0) break;
  }
  return Buffer.concat(all);
}
