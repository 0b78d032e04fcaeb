/*
 * UTF-8 in byte strings: is it well formed, and the bytes of one code point.
 *
 * Input: Bytes from outside (JSON documents, commands) and code points of escapes. Output: a verdict, or
 * bytes. Invariant (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF passes, so that a
 * text cell is always valid CBOR text and valid SQL text.
 */
import type { Bytes } from "../../hal/ports";

/** Place behind the character of several bytes that begins at `index`; -1 when it is not well-formed. */
function behindLong(text: Bytes, index: number): number {
  const first = text.charCodeAt(index);
  const more = first >= 194 && first <= 223 ? 1 : first >= 224 && first <= 239 ? 2 : first >= 240 && first <= 244 ? 3 : 0;
  if (more === 0 || index + more >= text.length) return -1;
  let least = first === 224 ? 160 : first === 240 ? 144 : 128;
  let most = first === 237 ? 159 : first === 244 ? 143 : 191;
  for (let step = 1; step <= more; step++) {
    const next = text.charCodeAt(index + step);
    if (next < least || next > most) return -1;
    least = 128;
    most = 191;
  }
  return index + more + 1;
}

/** Position of the first byte that is not well-formed UTF-8; -1 when all of it is. Nearly all bytes are a character each, so the loop is short. */
export function utf8Fault(text: Bytes): number {
  let index = 0;
  while (index < text.length) {
    const next = text.charCodeAt(index) < 128 ? index + 1 : behindLong(text, index);
    if (next < 0) return index;
    index = next;
  }
  return -1;
}

/** UTF-8 bytes of a code point 0 … 0x10FFFF that is not a surrogate. */
export function utf8Encode(point: number): Bytes {
  if (point < 128) return String.fromCharCode(point);
  const last = String.fromCharCode(128 + (point % 64));
  if (point < 2048) return String.fromCharCode(192 + Math.floor(point / 64)) + last;
  const middle = String.fromCharCode(128 + (Math.floor(point / 64) % 64)) + last;
  if (point < 65536) return String.fromCharCode(224 + Math.floor(point / 4096)) + middle;
  return String.fromCharCode(240 + Math.floor(point / 262144)) + String.fromCharCode(128 + (Math.floor(point / 4096) % 64)) + middle;
}
