/*
 * StrongLink SL032, SL025, SL031: MIFARE cards, asked for by the board.
 *
 * Input: answers BD LEN CMD STATUS data XOR; 115,200 baud by its jumpers. Output: the uid of 4 or 7
 * bytes, by LEN: the type numbers differ from model to model. Invariant: the XOR of the whole frame,
 * BD included, is 0, or there is no uid.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 200;
const SELECT = frameBytes("BA0201B9");

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 4) return 0;
  const length = buffer.charCodeAt(1);
  const status = buffer.charCodeAt(3);
  // Answers to "select card": a status alone, or status 0 with uid and type.
  if (length !== 3 && length !== 8 && length !== 11) return refuse(state, 1, "length");
  if (buffer.charCodeAt(2) !== 1) return refuse(state, 1, "not an answer");
  if ((length === 3) === (status === 0)) return refuse(state, 1, "content");
  if (buffer.length < 2 + length) return 0;
  if (checkOf(buffer, 0, 2 + length, true) !== 0) return refuse(state, 1, "checksum");
  if (length > 3) queueUid(state, buffer.substring(4, length));
  return 2 + length;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  return pollDue(state, POLL_MS, nowMs) ? SELECT : "";
}

export const driver: ReaderDriver = {
  baud: 115200, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("BD"), judge);
  },
  feed: feedFrames, poll: poll,
};
