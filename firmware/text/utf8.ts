/*
 * UTF-8 in byte strings: is it well formed, and the bytes of one code point.
 *
 * Input: Bytes from outside (JSON documents, commands) and code points of escapes. Output: a verdict, or
 * bytes. Invariant (RFC 3629): no overlong form, no surrogate, nothing above U+10FFFF passes, so that a
 * text cell is always valid CBOR text and valid SQL text.
 */
import type { Bytes } from "../../hal/ports";

/** Position of the first byte that is not well-formed UTF-8; -1 when all of it is. */
export function utf8Fault(text: Bytes): number {
  let index = 0;
  while (index < text.length) {
    const first = text.charCodeAt(index);
    let more = 0;
    let least = 128;
    let most = 191;
    if (first >= 128) {
      if (first >= 194 && first <= 223) more = 1;
      else if (first >= 224 && first <= 239) more = 2;
      else if (first >= 240 && first <= 244) more = 3;
      else return index;
      if (first === 224) least = 160;
      else if (first === 237) most = 159;
      else if (first === 240) least = 144;
      else if (first === 244) most = 143;
    }
    if (index + more >= text.length) return index;
    for (let step = 1; step <= more; step++) {
      const next = text.charCodeAt(index + step);
      if (next < least || next > most) return index;
      least = 128;
      most = 191;
    }
    index += more + 1;
  }
  return -1;
}

/** UTF-8 bytes of a code point 0 … 0x10FFFF that is no surrogate. */
export function utf8Encode(point: number): Bytes {
  if (point < 128) return String.fromCharCode(point);
  const last = String.fromCharCode(128 + (point % 64));
  if (point < 2048) return String.fromCharCode(192 + Math.floor(point / 64)) + last;
  const middle = String.fromCharCode(128 + (Math.floor(point / 64) % 64)) + last;
  if (point < 65536) return String.fromCharCode(224 + Math.floor(point / 4096)) + middle;
  return String.fromCharCode(240 + Math.floor(point / 262144)) + String.fromCharCode(128 + (Math.floor(point / 4096) % 64)) + middle;
}
