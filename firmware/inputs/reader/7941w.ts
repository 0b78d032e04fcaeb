/*
 * 7941W: 13.56 MHz and 125 kHz cards, asked for by the board.
 *
 * Input: answers CD DC ADDRESS STATUS LEN data XOR, status 81 for a card and 80 for none; 115,200 baud.
 * Output: the uid: 5 bytes of a 125 kHz card, 4 or 7 of others. Invariant: the XOR of ADDRESS to the end
 * is 0, or there is no uid.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 150;
const READ_13MHZ = frameBytes("ABBA00100010");
const READ_125KHZ = frameBytes("ABBA00150015");

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 5) return 0;
  const status = buffer.charCodeAt(3);
  const length = buffer.charCodeAt(4);
  if (status !== 0x80 && status !== 0x81) return refuse(state, 1, "not an answer");
  if (status === 0x80 ? length !== 0 : length !== 4 && length !== 5 && length !== 7) return refuse(state, 1, "length");
  if (buffer.length < 6 + length) return 0;
  if (checkOf(buffer, 2, 6 + length, true) !== 0) return refuse(state, 1, "checksum");
  if (length > 0) queueUid(state, buffer.substring(5, 5 + length));
  return 6 + length;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  if (!pollDue(state, POLL_MS, nowMs)) return "";
  // In turn, so that a held card is seen every other time, well within the held window.
  state.step = 1 - state.step;
  return state.step === 1 ? READ_13MHZ : READ_125KHZ;
}

export const driver: ReaderDriver = {
  baud: 115200, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("CDDC"), judge);
  },
  feed: feedFrames, poll: poll,
};
