/*
 * SonMicro SM130 and SM132: MIFARE cards, asked for by the board.
 *
 * Input: answers FF 00 LEN CMD data SUM; 19,200 baud. Output: the uid of 4 or 7 bytes behind the type.
 * Invariants: SUM is the sum of everything after FF modulo 256, or there is no uid; the field is switched
 * on first, and "seek" is sent again after each answer. Some firmware sends the uid last byte first: then
 * the configuration's uid format is hexReversed.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 250;
const FIELD_ON = frameBytes("FF0002900193");
const SEEK = frameBytes("FF00018283");

/** Steps: the field, then seeking. */
const FIELD = 0;
const SEEKING = 1;

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 4) return 0;
  const length = buffer.charCodeAt(2);
  const command = buffer.charCodeAt(3);
  if (command !== 0x82 && command !== 0x90) return refuse(state, 1, "not an answer");
  // One status byte, or type and uid.
  if (length !== 2 && (command !== 0x82 || (length !== 6 && length !== 9))) return refuse(state, 1, "length");
  if (buffer.length < 4 + length) return 0;
  if (checkOf(buffer, 1, 3 + length, false) !== buffer.charCodeAt(3 + length)) return refuse(state, 1, "checksum");
  if (length > 2) queueUid(state, buffer.substring(5, 3 + length));
  // 'U': the field is off.
  state.step = length === 2 && command === 0x82 && buffer.charCodeAt(4) === 0x55 ? FIELD : SEEKING;
  return 4 + length;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  if (!pollDue(state, POLL_MS, nowMs)) return "";
  return state.step === FIELD ? FIELD_ON : SEEK;
}

export const driver: ReaderDriver = {
  baud: 19200, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("FF00"), judge);
  },
  feed: feedFrames, poll: poll,
};
