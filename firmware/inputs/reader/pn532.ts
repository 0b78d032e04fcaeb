/*
 * PN532 over its serial line (HSU): ISO/IEC 14443-A cards, asked for by the board.
 *
 * Input: frames 00 FF LEN LCS D5 … DCS, and acknowledgements 00 FF 00 FF; 115,200 baud. Output: the uid
 * of 4, 7 or 10 bytes that stands right after its length; what follows (ATS) is not part of it.
 * Invariants: LEN + LCS and the sum of the data with DCS are 0 modulo 256, or there is no uid; after
 * power-on the chip sleeps, so that the dialogue is always wake-up with SAMConfiguration, then a limit of
 * retries, then polls; a chip that stops answering gets that dialogue again.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 250;
const DATA_MAX = 64;

/** Steps of the dialogue: what is to be sent next. */
const WAKE = 0;
const LIMIT_RETRIES = 1;
const LIST = 2;
const RELEASE = 3;

const WAKE_FRAME = frameBytes("55550000000000000000000000000000FF03FDD414011700");
/** RFConfiguration item 5: without it the chip looks for a card for ever and never says "none". */
const LIMIT_FRAME = frameBytes("0000FF06FAD43205FF0110E500");
const LIST_FRAME = frameBytes("0000FF04FCD44A0100E100");
/** InRelease: an ISO/IEC 14443-4 card answers the next poll only after it. */
const RELEASE_FRAME = frameBytes("0000FF03FDD45200DA00");

/** Acts on the data of a good frame, D5 first; false when they contradict themselves. */
function answer(state: ReaderState, data: Bytes): boolean {
  const command = data.charCodeAt(1);
  if (command === 0x15) state.step = LIMIT_RETRIES;
  else if (command === 0x33 || command === 0x53) state.step = LIST;
  else if (command === 0x4b) {
    state.step = LIST;
    if (data.length === 3 && data.charCodeAt(2) === 0) return true;
    const length = data.charCodeAt(7);
    if (data.length < 12 || data.charCodeAt(2) !== 1) return false;
    if ((length !== 4 && length !== 7 && length !== 10) || data.length < 8 + length) return false;
    // Bit 0x20 of SEL_RES: the card speaks ISO/IEC 14443-4.
    if (Math.floor(data.charCodeAt(6) / 32) % 2 === 1) state.step = RELEASE;
    queueUid(state, data.substring(8, 8 + length));
  }
  return true;
}

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 4) return 0;
  const length = buffer.charCodeAt(2);
  const check = buffer.charCodeAt(3);
  // ACK: a command was read, its answer follows. A chip that only acknowledges is woken again.
  if (length === 0 && check === 255) {
    state.announced = true;
    return 4;
  }
  if ((length + check) % 256 !== 0 || length < 1) return refuse(state, 1, "length checksum");
  if (length > DATA_MAX) return refuse(state, 1, "length");
  if (buffer.length < 5 + length) return 0;
  if (checkOf(buffer, 4, 5 + length, false) !== 0) return refuse(state, 1, "checksum");
  // The application error frame: the command was not understood, so the chip is not where we think.
  if (buffer.charCodeAt(4) === 0x7f) state.step = WAKE;
  else if (length < 2 || buffer.charCodeAt(4) !== 0xd5) return refuse(state, 1, "not an answer");
  else if (!answer(state, buffer.substring(4, 4 + length))) return refuse(state, 5 + length, "content");
  return 5 + length;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  // Steps follow each other at once, so that a card that must be released is still seen at every poll.
  const unanswered = state.waiting;
  if (!pollDue(state, unanswered || state.step === LIST ? POLL_MS : 0, nowMs)) return "";
  // The answer that was lost may have selected a card, which would keep silent from now on.
  if (unanswered && state.step === LIST) state.step = RELEASE;
  if (state.step === WAKE) return WAKE_FRAME;
  if (state.step === LIMIT_RETRIES) return LIMIT_FRAME;
  if (state.step === RELEASE) return RELEASE_FRAME;
  return LIST_FRAME;
}

export const driver: ReaderDriver = {
  baud: 115200, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("00FF"), judge);
  },
  feed: feedFrames, poll: poll,
};
