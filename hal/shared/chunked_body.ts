/*
 * A body in chunks (RFC 9112 §7.1), for the platforms whose servers or clients do not put it together.
 *
 * Input: the bytes behind a head, as far as they have come. Output: the body. Invariant: a body is whole when its last chunk
 * has come; what is no chunk never becomes whole.
 */
import type { Bytes } from "../ports";
import { hexDigit } from "../../firmware/base/bytes";

/** Position of `wanted`, -1 for none: the interpreter's own indexOf finds a beginning at the end of the text too. */
export function positionOf(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  return at + wanted.length <= text.length ? at : -1;
}

/** Size of the chunk whose first line is `line`, without its extension; -1 when it is none. */
function sizeOf(line: string): number {
  let size = -1;
  for (let index = 0; index < line.length; index++) {
    const digit = hexDigit(line.charCodeAt(index));
    if (digit < 0) return line.charAt(index) === ";" ? size : -1;
    size = size < 0 ? digit : size * 16 + digit;
    // No body that is taken here is as long.
    if (size > 65535) return -1;
  }
  return size;
}

/** The whole body at the beginning of `bytes`; undefined while it is not whole. */
export function chunkedBody(bytes: Bytes): Bytes | undefined {
  let rest = bytes;
  let body = "";
  for (;;) {
    const end = positionOf(rest, "\r\n");
    const size = end > 0 ? sizeOf(rest.substring(0, end)) : -1;
    if (size === 0) return body;
    if (size < 0 || rest.length < end + 2 + size) return undefined;
    body += rest.substring(end + 2, end + 2 + size);
    rest = rest.substring(end + 2 + size + 2);
  }
}
