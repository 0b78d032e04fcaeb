/*
 * Elatec TWN4 with the "Simple Protocol" firmware: all its cards, asked for by the board.
 *
 * Input: lines of hexadecimal text ended by CR: status, found, tag type, bits, bytes, id; 9600 baud.
 * Output: the id, 4 to 10 bytes. Invariant: found, bits, bytes and the line's length agree, or there is no
 * uid; the protocol's text form has no checksum. TWN4 as delivered sends lines unsolicited: model linehex.
 */
import type { Bytes } from "../../../hal/ports";
import { bytesOfHex } from "../../base/bytes";
import { createReader, feedFrames, pollDue, queueUid, refuse } from "./frame";
import type { ReaderDriver, ReaderState } from "./frame";

const POLL_MS = 250;
/** SearchTag, at most 16 id bytes. */
const SEARCH = "050010\r";
const LINE_MAX = 42;

function judge(state: ReaderState, buffer: Bytes): number {
  if (buffer.charAt(0) === "\r" || buffer.charAt(0) === "\n") return 1;
  const end = buffer.indexOf("\r");
  if (end < 0) return buffer.length > LINE_MAX ? refuse(state, buffer.length, "no end of line") : 0;
  const bytes = bytesOfHex(buffer.substring(0, end));
  if (bytes === undefined) return refuse(state, end, "not hexadecimal");
  if (bytes === "\x00\x00") return end + 1;
  if (bytes.length < 9 || bytes.substring(0, 2) !== "\x00\x01") return refuse(state, end, "not an answer");
  const idBits = bytes.charCodeAt(3);
  const idBytes = bytes.charCodeAt(4);
  if (idBytes < 4 || idBytes > 10 || bytes.length !== 5 + idBytes || Math.floor((idBits + 7) / 8) !== idBytes) return refuse(state, end, "length");
  queueUid(state, bytes.substring(5));
  return end + 1;
}

function poll(state: ReaderState, nowMs: number): Bytes {
  return pollDue(state, POLL_MS, nowMs) ? SEARCH : "";
}

export const driver: ReaderDriver = {
  baud: 9600, pollMs: POLL_MS, refusesRandom: true, minSightings: 1,
  create: function (): ReaderState {
    return createReader("", judge);
  },
  feed: feedFrames, poll: poll,
};
