/*
 * Readers that print a uid as a line of hexadecimal digits (TWN4 as delivered, rhydoLABZ, many others).
 *
 * Input: optionally 02 or LF, 8 to 20 hexadecimal digits (an even number), then CR, LF or 03. Output:
 * their bytes. Invariants: a line with anything else in it is not a uid; there is no checksum, so a digit
 * that noise turned into another one cannot be told: docs/READERS.md says so.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex } from "../../base/bytes";
import { createReader, feedFrames, judgeLine, pollNothing, queueUid } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const LINE_MAX = 24;

function takeLine(state: ReaderState, line: Bytes): string {
  const bytes = bytesOfHex(line);
  if (bytes === undefined) return "not hexadecimal";
  if (bytes.length < 4 || bytes.length > 10) return "length";
  queueUid(state, bytes);
  return "";
}

function judge(state: ReaderState, buffer: Bytes): number {
  return judgeLine(state, buffer, LINE_MAX, takeLine);
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feedFrames, poll: pollNothing,
};
