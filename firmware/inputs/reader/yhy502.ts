/*
 * Ehuoyan YHY502, YHY521, YHY522, YHY523: MIFARE cards, asked for by the board.
 *
 * Input: answers AA BB LEN CMD data XOR, in which every AA behind the header is followed by a 00 that
 * neither LEN nor XOR counts; 19,200 baud. Output: the uid of 4 or 7 bytes. Invariant: the XOR of LEN to
 * the end is 0 and no stuffing is missing, or there is no uid.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 250;
const SERIAL = frameBytes("AABB022022");

function judge(state: ReaderState, buffer: Bytes): number {
  let plain = "";
  let end = 2;
  let length = 1;
  while (plain.length < 1 + length) {
    if (end >= buffer.length) return 0;
    const code = buffer.charCodeAt(end);
    if (code === 0xaa) {
      if (end + 1 >= buffer.length) return 0;
      if (buffer.charCodeAt(end + 1) !== 0) return refuse(state, end, "stuffing");
      end++;
    }
    end++;
    plain += String.fromCharCode(code);
    if (plain.length === 1) {
      length = code;
      // "None" (the command inverted), or a uid of 4 or 7 bytes.
      if (length !== 2 && length !== 6 && length !== 9) return refuse(state, 1, "length");
    }
  }
  if (checkOf(plain, 0, plain.length, true) !== 0) return refuse(state, 1, "checksum");
  const command = plain.charCodeAt(1);
  if (length === 2) return command === 0xdf ? end : refuse(state, 1, "not an answer");
  if (command !== 0x20) return refuse(state, 1, "not an answer");
  queueUid(state, plain.substring(2, length));
  return end;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  return pollDue(state, POLL_MS, nowMs) ? SERIAL : "";
}

export const driver: ReaderDriver = {
  baud: 19200, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("AABB"), judge);
  },
  feed: feedFrames, poll: poll,
};
