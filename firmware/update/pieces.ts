/*
 * One piece of a slot: put together of what was sent and of what flash has already, checked, written, checked again.
 *
 * Input: instructions as the endpoint sends them (docs/UPDATE.md section 4); the hash that the signed table has.
 * Output: a piece in flash. Invariants: a step carries out STEP_INSTRUCTIONS instructions at most, so it never holds a tick
 * up; nothing is written before it has the right hash; a piece counts only when what is read back has it too; an
 * instruction reads the running slot and the one that is written, and nothing else.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { LITERAL_BYTES_MAX } from "../limits";
import { padded, writeChecked } from "../store/flash_page";

/** First byte of a copy from the slot that is written, and from the one that runs; 256 bytes of length are added for each one more. */
export const COPY_WRITTEN = 128;
export const COPY_RUNNING = 192;
/** First byte, low byte of the length, offset of three bytes. */
export const COPY_BYTES = 5;
export const STEP_INSTRUCTIONS = 16;
/** Bytes written at once: FlashPort takes more, a small board has no memory for it. */
const WRITE_BYTES = 512;

export interface PieceSource {
  flash: FlashPort;
  /** Flash addresses of the running slot and of the one that is written, and their lengths. */
  running: number;
  runningBytes: number;
  written: number;
  writtenBytes: number;
}

/** The instructions of an answer, carried out up to `at`; `piece`: what they have made of the piece at work. */
export interface Instructions {
  text: Bytes;
  at: number;
  piece: Bytes;
}

/** The next instructions of a piece of `bytes` bytes. "whole": it is made; "none": the instructions do not make one. */
export function makePiece(source: PieceSource, instructions: Instructions, bytes: number): "working" | "whole" | "none" {
  const text = instructions.text;
  let at = instructions.at;
  let piece = instructions.piece;
  for (let count = 0; count < STEP_INSTRUCTIONS && piece.length < bytes; count++) {
    if (at >= text.length) return "none";
    const first = text.charCodeAt(at);
    if (first < LITERAL_BYTES_MAX) {
      const from = at + 1;
      at = from + first + 1;
      if (at > text.length) return "none";
      piece += text.substring(from, at);
    } else {
      if (at + COPY_BYTES > text.length) return "none";
      const isWritten = first < COPY_RUNNING;
      const length = (first - (isWritten ? COPY_WRITTEN : COPY_RUNNING)) * 256 + text.charCodeAt(at + 1);
      const from = (text.charCodeAt(at + 2) * 256 + text.charCodeAt(at + 3)) * 256 + text.charCodeAt(at + 4);
      if (length < 1 || piece.length + length > bytes || from + length > (isWritten ? source.writtenBytes : source.runningBytes)) return "none";
      piece += source.flash.read((isWritten ? source.written : source.running) + from, length);
      at += COPY_BYTES;
    }
  }
  instructions.at = at;
  instructions.piece = piece;
  if (piece.length > bytes) return "none";
  return piece.length < bytes ? "working" : "whole";
}

/** Whether flash has a piece of this hash at `address`. */
export function holdsPiece(flash: FlashPort, crypto: CryptoPort, address: number, bytes: number, hash: Bytes): boolean {
  return crypto.sha256(flash.read(address, bytes)) === hash;
}

/** Writes a piece whose hash was found right to blank flash. "fault": flash does not hold it. */
export function writePiece(flash: FlashPort, crypto: CryptoPort, address: number, piece: Bytes, hash: Bytes): "written" | "fault" {
  // Power that fails from here on: the piece has another hash, and its page is written again.
  for (let at = 0; at < piece.length; at += WRITE_BYTES) {
    const end = at + WRITE_BYTES;
    if (!writeChecked(flash, address + at, padded(piece.substring(at, end < piece.length ? end : piece.length)))) return "fault";
  }
  return holdsPiece(flash, crypto, address, piece.length, hash) ? "written" : "fault";
}
