/*
 * One piece of a slot: put together of what was sent and of what the running slot has, checked, written, checked again.
 *
 * Input: instructions as the endpoint sends them (docs/UPDATE.md section 4); the hash that the signed table has.
 * Output: a page in flash. Invariants: no page is erased before the bytes for it have the right hash; a page counts only
 * when what is read back has it too; an instruction never reads outside the running slot.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU16, readU32 } from "../base/bytes";
import { erasePage, padded, writeChecked } from "../store/flash_page";

/** An instruction: kind, length; then the bytes themselves, or where they lie in the running slot. */
export const KIND_LITERAL = 0;
export const KIND_COPY = 1;
const LITERAL_HEAD_BYTES = 3;
const COPY_BYTES = 7;
/** Bytes written at once: FlashPort takes more, a small board has no memory for it. */
const WRITE_BYTES = 512;

export interface PieceSource {
  flash: FlashPort;
  /** Flash address of the running slot, and its length. */
  running: number;
  runningBytes: number;
}

/** The instructions of an answer, read up to `at`. */
export interface Instructions {
  text: Bytes;
  at: number;
}

/** The next piece of `bytes` bytes; undefined when the instructions do not make one. */
export function nextPiece(source: PieceSource, instructions: Instructions, bytes: number): Bytes | undefined {
  const text = instructions.text;
  let at = instructions.at;
  let piece = "";
  while (piece.length < bytes) {
    if (at + LITERAL_HEAD_BYTES > text.length) return undefined;
    const kind = text.charCodeAt(at);
    const length = readU16(text, at + 1);
    if (length < 1 || piece.length + length > bytes) return undefined;
    if (kind === KIND_LITERAL) {
      at += LITERAL_HEAD_BYTES;
      if (at + length > text.length) return undefined;
      piece += text.substring(at, at + length);
      at += length;
    } else if (kind === KIND_COPY) {
      if (at + COPY_BYTES > text.length) return undefined;
      const from = readU32(text, at + LITERAL_HEAD_BYTES);
      if (from < 0 || from + length > source.runningBytes) return undefined;
      piece += source.flash.read(source.running + from, length);
      at += COPY_BYTES;
    } else return undefined;
  }
  instructions.at = at;
  return piece;
}

/** Whether the page at `address` begins with bytes of this hash. */
export function holdsPiece(flash: FlashPort, crypto: CryptoPort, address: number, bytes: number, hash: Bytes): boolean {
  return crypto.sha256(flash.read(address, bytes)) === hash;
}

/** Writes a piece whose hash was found right. "fault": flash does not hold it. */
export function writePiece(flash: FlashPort, crypto: CryptoPort, address: number, piece: Bytes, hash: Bytes): "written" | "fault" {
  // Power that fails from here on: the page has another hash, and is written again.
  if (!erasePage(flash, address)) return "fault";
  for (let at = 0; at < piece.length; at += WRITE_BYTES) {
    const end = at + WRITE_BYTES;
    if (!writeChecked(flash, address + at, padded(piece.substring(at, end < piece.length ? end : piece.length)))) return "fault";
  }
  return holdsPiece(flash, crypto, address, piece.length, hash) ? "written" : "fault";
}
