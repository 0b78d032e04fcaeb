/*
 * RDM6300, RDM630, Grove 125 kHz and ID-3LA/12LA/20LA: EM4100 numbers as framed hexadecimal text.
 *
 * Input: 02, ten hexadecimal digits, two of their checksum, optionally CR LF, 03; 9600 baud, sent by the
 * reader itself (RDM6300: every 50 ms while the card is there; ID-xLA: once). Output: the five bytes.
 * Invariant: the XOR of the five bytes is the checksum, or there is no uid.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex } from "../../base/bytes";
import { checkOf, createReader, feedFrames, pollNothing, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

function judge(state: ReaderState, buffer: Bytes): number {
  // A second 02 begins anew: what stood before it was cut off.
  const again = buffer.indexOf("\x02", 1);
  if (again > 0 && again < 14) return refuse(state, again, "cut off");
  if (buffer.length < 14) return 0;
  let end = 13;
  if (buffer.charAt(13) === "\r") {
    end = 15;
    if (buffer.length < 16) return 0;
    if (buffer.charAt(14) !== "\n") return refuse(state, 1, "no end");
  }
  if (buffer.charAt(end) !== "\x03") return refuse(state, 1, "no end");
  const bytes = bytesOfHex(buffer.substring(1, 13));
  if (bytes === undefined) return refuse(state, 1, "not hexadecimal");
  if (checkOf(bytes, 0, 6, true) !== 0) return refuse(state, 1, "checksum");
  queueUid(state, bytes.substring(0, 5));
  return end + 1;
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: 0, refusesRandom: false, minSightings: 2,
  create: function (): ReaderState {
    return createReader("\x02", judge);
  },
  feed: feedFrames, poll: pollNothing,
};
