/*
 * Byte strings: whole numbers, hexadecimal and UTF-8 boundaries in text of characters 0 … 255.
 *
 * Input and output: Bytes as hal/ports defines them. Invariant: every function gives the same bytes on
 * Node, on Espruino and in Lua, where a number is 32 bits wide at worst; so no bit operators, no value
 * of 2^31 or more, and every quotient is floored.
 */
import type { Bytes } from "../../hal/ports";

const HEX = "0123456789ABCDEF";

/** One byte, 0 … 255. */
export function u8(value: number): Bytes {
  return String.fromCharCode(value);
}

/** Two bytes, big-endian, 0 … 65,535. */
export function u16(value: number): Bytes {
  return String.fromCharCode(Math.floor(value / 256)) + String.fromCharCode(value % 256);
}

/** Four bytes, big-endian, 0 … 2^31 - 1. */
export function u32(value: number): Bytes {
  return u16(Math.floor(value / 65536)) + u16(value % 65536);
}

/** Reads two bytes at `offset`; the caller knows that they are there. */
export function readU16(bytes: Bytes, offset: number): number {
  return bytes.charCodeAt(offset) * 256 + bytes.charCodeAt(offset + 1);
}

/** Reads four bytes at `offset`; -1 when the value is 2^31 or more (which nothing here ever writes). */
export function readU32(bytes: Bytes, offset: number): number {
  const high = readU16(bytes, offset);
  if (high >= 32768) return -1;
  return high * 65536 + readU16(bytes, offset + 2);
}

/** Upper-case hexadecimal, first byte first. */
export function hexOf(bytes: Bytes): string {
  let text = "";
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes.charCodeAt(index);
    text += HEX.charAt(Math.floor(byte / 16)) + HEX.charAt(byte % 16);
  }
  return text;
}

/** Value of a hexadecimal digit character code, either case; -1 for anything else. */
export function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** Bytes of a hexadecimal text of either case; undefined when it is not one (odd length included). */
export function bytesOfHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0) return undefined;
  let bytes = "";
  for (let index = 0; index < text.length; index += 2) {
    const high = hexDigit(text.charCodeAt(index));
    const low = hexDigit(text.charCodeAt(index + 1));
    if (high < 0 || low < 0) return undefined;
    bytes += String.fromCharCode(high * 16 + low);
  }
  return bytes;
}

/** Cuts UTF-8 text to at most `limit` bytes without splitting a character. */
export function utf8Cut(text: Bytes, limit: number): Bytes {
  if (text.length <= limit) return text;
  let end = limit;
  // Continuation bytes are 10xxxxxx: step back to the first byte of the character that would be split.
  while (end > 0 && text.charCodeAt(end) >= 128 && text.charCodeAt(end) < 192) end--;
  return text.substring(0, end);
}
