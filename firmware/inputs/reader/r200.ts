/*
 * R200, YRM100, M100 and their like: UHF tags (EPC Gen2), asked for by the board.
 *
 * Input: frames BB TYPE CMD LENGTH(2) data SUM 7E; 115,200 baud. Output: the EPC, 4 to 32 bytes.
 * Invariants: the sum of TYPE to the last data byte, the tag's own CRC-16 (ISO/IEC 18000-63) over PC and
 * EPC, and the length in PC are all right, or there is no uid. 7E and BB occur inside data: the length
 * ends a frame.
 */
import type { Bytes } from "../../../hal/ports";
import { checkOf, createReader, feedFrames, frameBytes, pollDue, queueUid, refuse, xorByte } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 200;
const INVENTORY = frameBytes("BB00220000227E");
/** CRC-16/CCITT of each half byte: sixteen high and sixteen low bytes. */
const CRC_HIGH = frameBytes("00102030405060708191A1B1C1D1E1F1");
const CRC_LOW = frameBytes("0021426384A5C6E708294A6B8CADCEEF");

/** Whether `bytes` from `from` to `to` ends with its CRC-16 (start FFFF, inverted). */
function crcHolds(bytes: Bytes, from: number, to: number): boolean {
  let high = 255;
  let low = 255;
  for (let index = from; index < to - 2; index++) {
    const byte = bytes.charCodeAt(index);
    for (let half = 0; half < 2; half++) {
      const nibble = half === 0 ? Math.floor(byte / 16) : byte % 16;
      const entry = xorByte(Math.floor(high / 16), nibble);
      high = xorByte((high % 16) * 16 + Math.floor(low / 16), CRC_HIGH.charCodeAt(entry));
      low = xorByte((low % 16) * 16, CRC_LOW.charCodeAt(entry));
    }
  }
  return bytes.charCodeAt(to - 2) === 255 - high && bytes.charCodeAt(to - 1) === 255 - low;
}

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.length < 5) return 0;
  const type = buffer.charCodeAt(1);
  const command = buffer.charCodeAt(2);
  const length = buffer.charCodeAt(4);
  if ((type !== 1 && type !== 2) || buffer.charCodeAt(3) !== 0) return refuse(state, 1, "not an answer");
  if (type === 2 ? length < 9 || length > 37 : length < 1 || length > 37) return refuse(state, 1, "length");
  if (buffer.length < 7 + length) return 0;
  if (buffer.charCodeAt(6 + length) !== 0x7e) return refuse(state, 1, "no end");
  if (checkOf(buffer, 1, 5 + length, false) !== buffer.charCodeAt(5 + length)) return refuse(state, 1, "checksum");
  if (type === 2 && command === 0x22) {
    // RSSI, PC (its first five bits: words of EPC), EPC, CRC.
    if (Math.floor(buffer.charCodeAt(6) / 8) * 2 !== length - 5) return refuse(state, 7 + length, "EPC length");
    if (!crcHolds(buffer, 6, 5 + length)) return refuse(state, 7 + length, "EPC checksum");
    queueUid(state, buffer.substring(8, 3 + length));
  }
  return 7 + length;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  return pollDue(state, POLL_MS, nowMs) ? INVENTORY : "";
}

export const driver: ReaderDriver = {
  baud: 115200, pollMs: POLL_MS, refusesRandom: false, minSightings: 1,
  create: function (): ReaderState {
    return createReader(frameBytes("BB"), judge);
  },
  feed: feedFrames, poll: poll,
};
