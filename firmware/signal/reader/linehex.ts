/*
 * Readers that print a uid as a line of hexadecimal digits (TWN4 as delivered, rhydoLABZ, many others).
 *
 * Input: optionally 02 or LF, 8 to 20 hexadecimal digits (an even number), then CR, LF or 03. Output:
 * their bytes. Invariants: a line with anything else in it is no uid; there is no checksum, so a digit
 * that noise turned into another one cannot be told: docs/READERS.md says so.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex } from "../../bytes";
import { createReader, feedFrames, pollNothing, queueUid, readerFault, refuse, takeUid } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const LINE_MAX = 24;

function judge(state: ReaderState, buffer: Bytes): number {
  let end = -1;
  for (let index = 0; index < buffer.length && index <= LINE_MAX; index++) {
    const code = buffer.charCodeAt(index);
    if (code === 13 || code === 10 || code === 3 || code === 2) {
      // An end or a beginning: nothing before it means a mark between two lines.
      if (index === 0) return 1;
      if (code === 2) return refuse(state, index, "cut off");
      end = index;
      break;
    }
  }
  if (end < 0) return buffer.length > LINE_MAX ? refuse(state, buffer.length, "no end of line") : 0;
  const bytes = bytesOfHex(buffer.substring(0, end));
  if (bytes === undefined) return refuse(state, end, "not hexadecimal");
  if (bytes.length < 4 || bytes.length > 10) return refuse(state, end, "length");
  queueUid(state, bytes);
  return end + 1;
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: true,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feedFrames, poll: pollNothing, take: takeUid, fault: readerFault,
};
