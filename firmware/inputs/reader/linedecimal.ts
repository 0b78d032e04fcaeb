/*
 * Readers that print a uid as a line of decimal digits (HZ-1050 in its text variant, "WG to UART" bridges).
 *
 * Input: optionally 02 or LF, 5 to 20 decimal digits, then CR, LF or 03. Output: the bytes of that
 * number, first the highest: four if it fits, else five, seven or eight. Invariants: a line with
 * anything else in it, or a number beyond eight bytes, is no uid; there is no checksum.
 */
import type { Bytes } from "../../../hal/ports";
import { createReader, feedFrames, judgeLine, pollNothing, queueUid } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const DIGITS_MAX = 20;

/** Bytes of a decimal text, digit by digit, as numbers here hold 31 bits only; undefined when it is none or too big. */
function bytesOfDecimal(text: string): Bytes | undefined {
  const bytes: number[] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    let carry = text.charCodeAt(at) - 48;
    if (carry < 0 || carry > 9) return undefined;
    for (let place = 7; place >= 0; place--) {
      const value = bytes[place]! * 10 + carry;
      bytes[place] = value % 256;
      carry = Math.floor(value / 256);
    }
    if (carry > 0) return undefined;
  }
  let first = 4;
  if (bytes[3]! > 0) first = 3;
  if (bytes[2]! > 0 || bytes[1]! > 0) first = 1;
  if (bytes[0]! > 0) first = 0;
  let uid = "";
  for (let place = first; place < 8; place++) uid += String.fromCharCode(bytes[place]!);
  return uid;
}

function takeLine(state: ReaderState, line: Bytes): string {
  if (line.length < 5) return "length";
  const uid = bytesOfDecimal(line);
  if (uid === undefined) return "not decimal";
  queueUid(state, uid);
  return "";
}

function judge(state: ReaderState, buffer: Bytes): number {
  return judgeLine(state, buffer, DIGITS_MAX, takeLine);
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: false, minSightings: 1,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feedFrames, poll: pollNothing,
};
