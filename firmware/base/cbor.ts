/*
 * The few CBOR items (RFC 8949) that a row is made of, written only.
 *
 * Input: whole numbers, byte strings, decimal text. Output: Bytes to be appended to one another; the
 * caller nests by counting. Invariant: preferred (shortest) form, so equal rows are equal bytes. The
 * layout of rows is firmware/session/row.ts; docs/PROTOCOL.md has it for readers.
 */
import type { Bytes } from "../../hal/ports";
import { u16, u32, u8 } from "./bytes";

export const CBOR_BYTES = 2;
export const CBOR_TEXT = 3;
export const CBOR_ARRAY = 4;
export const CBOR_MAP = 5;
export const CBOR_TAG = 6;

export const CBOR_FALSE: Bytes = String.fromCharCode(0xf4);
export const CBOR_TRUE: Bytes = String.fromCharCode(0xf5);
export const CBOR_NULL: Bytes = String.fromCharCode(0xf6);

/** Head of major type 0 … 7 with argument 0 … 2^31 - 1. */
export function cborHead(major: number, argument: number): Bytes {
  const first = major * 32;
  if (argument < 24) return u8(first + argument);
  if (argument < 256) return u8(first + 24) + u8(argument);
  if (argument < 65536) return u8(first + 25) + u16(argument);
  return u8(first + 26) + u32(argument);
}

/** A whole number, -(2^31 - 1) … 2^31 - 1. */
export function cborInteger(value: number): Bytes {
  return value < 0 ? cborHead(1, -1 - value) : cborHead(0, value);
}

/** UTF-8 text, given as its bytes. */
export function cborText(text: Bytes): Bytes {
  return cborHead(CBOR_TEXT, text.length) + text;
}

/**
 * A decimal number given as text ("7.45", "-3", "9007199254740991"): short whole numbers as CBOR
 * integers, everything else as the text itself, so that no digit is ever lost. The two forms mean the
 * same; "007" and "-0" stay text because their spelling is not canonical.
 */
export function cborDecimal(text: string): Bytes {
  const start = text.charAt(0) === "-" ? 1 : 0;
  const digits = text.length - start;
  if (digits < 1 || digits > 9) return cborText(text);
  if (text.charAt(start) === "0" && (digits > 1 || start === 1)) return cborText(text);
  let value = 0;
  for (let index = start; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return cborText(text);
    value = value * 10 + digit;
  }
  return cborInteger(start === 1 ? -value : value);
}
