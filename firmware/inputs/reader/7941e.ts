/*
 * 7941E and 7941D (and 7304D) as they are delivered: the reader sends unsolicited.
 *
 * Input: 02 LEN TYPE uid BCC 03, LEN being the whole frame's; 9600 baud. Output: the uid: 5 bytes of an
 * EM4100, 4 to 10 of others. Invariant: BCC is the XOR of LEN to the last byte of the uid, or there is none.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollNothing, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

/** MIFARE 1K, EM4100, MIFARE 4K, HID, T5567, second-generation id, 14443-B, FeliCa, 15693, CPU card. */
const TYPES = frameBytes("01020310112021223050");

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 3) return 0;
  const length = buffer.charCodeAt(1);
  if (length < 9 || length > 15) return refuse(state, 1, "length");
  if (TYPES.indexOf(buffer.charAt(2)) < 0) return refuse(state, 1, "type");
  if (buffer.length < length) return 0;
  if (buffer.charCodeAt(length - 1) !== 3) return refuse(state, 1, "no end");
  if (checkOf(buffer, 1, length - 1, true) !== 0) return refuse(state, 1, "checksum");
  queueUid(state, buffer.substring(3, length - 2));
  return length;
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: true, minSightings: 2,
  create: function (): ReaderState {
    return createReader("\x02", judge);
  },
  feed: feedFrames, poll: pollNothing,
};
