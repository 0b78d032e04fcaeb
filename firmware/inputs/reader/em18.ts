/*
 * EM-18 and its clones: EM4100 numbers as bare hexadecimal text, without framing.
 *
 * Input: ten hexadecimal digits and two of their checksum, nothing before or after; 9600 baud, sent by
 * the reader itself. Output: the five bytes. Invariants: the XOR of the five bytes is the checksum, or
 * there is no uid; a refused frame is dropped whole, since a window that slides over text would meet the
 * right checksum by chance once in 256 places.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex, hexDigit } from "../../base/bytes";
import { checkOf, createReader, feedFrames, pollNothing, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

function judge(state: ReaderState, buffer: Bytes): number {
  // Some clones end the text with CR LF: no part of a frame, and no fault.
  const first = buffer.charCodeAt(0);
  if (first === 13 || first === 10) return 1;
  const length = Math.min(buffer.length, 12);
  for (let index = 0; index < length; index++) {
    if (hexDigit(buffer.charCodeAt(index)) < 0) return refuse(state, index + 1, "not hexadecimal");
  }
  if (length < 12) return 0;
  const bytes = bytesOfHex(buffer.substring(0, 12));
  if (bytes === undefined || checkOf(bytes, 0, 6, true) !== 0) return refuse(state, 12, "checksum");
  queueUid(state, bytes.substring(0, 5));
  return 12;
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: false, minSightings: 1,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feedFrames, poll: pollNothing,
};
