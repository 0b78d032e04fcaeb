/*
 * A pull reader of the CBOR items that rows are made of (RFC 8949), one head a call.
 *
 * Input: Bytes. Output: major type, argument, and the bytes of a string. Invariants: it never throws and
 * never reads behind the end; what is not in firmware/session/row.ts's vocabulary (indefinite lengths, floats,
 * numbers of 2^31 and more) is "bad", and after that everything is.
 */
import type { Bytes } from "../../hal/ports";
import { readU16, readU32 } from "../base/bytes";
import { CBOR_ARRAY, CBOR_BYTES, CBOR_MAP, CBOR_TAG, CBOR_TEXT } from "../base/cbor";

/** Major type of true, false and null; the argument is then 21, 20 or 22. */
export const CBOR_SIMPLE = 7;

export interface CborReader {
  bytes: Bytes;
  at: number;
  bad: boolean;
  /** Major type 0 … 7 of the latest head, and its argument, 0 … 2^31 - 1. */
  major: number;
  argument: number;
  /** Content of a byte string or text; "" for the other types. */
  content: Bytes;
}

export function createCborReader(bytes: Bytes): CborReader {
  return { bytes, at: 0, bad: false, major: 0, argument: 0, content: "" };
}

/** Reads the next head, and the content of a string; false when there is none or it is bad. */
export function nextCbor(reader: CborReader): boolean {
  const bytes = reader.bytes;
  reader.content = "";
  if (reader.bad || reader.at >= bytes.length) {
    reader.bad = true;
    return false;
  }
  const first = bytes.charCodeAt(reader.at);
  const short = first % 32;
  const width = short < 24 ? 0 : short === 24 ? 1 : short === 25 ? 2 : short === 26 ? 4 : -1;
  reader.major = Math.floor(first / 32);
  reader.at++;
  if (width < 0 || reader.at + width > bytes.length) {
    reader.bad = true;
    return false;
  }
  if (width === 0) reader.argument = short;
  else if (width === 1) reader.argument = bytes.charCodeAt(reader.at);
  else if (width === 2) reader.argument = readU16(bytes, reader.at);
  else reader.argument = readU32(bytes, reader.at);
  reader.at += width;
  const isString = reader.major === CBOR_BYTES || reader.major === CBOR_TEXT;
  const length = isString ? reader.argument : 0;
  if (reader.argument < 0 || length > bytes.length - reader.at || (reader.major === CBOR_SIMPLE && (reader.argument < 20 || reader.argument > 22))) {
    reader.bad = true;
    return false;
  }
  if (isString) {
    reader.content = bytes.substring(reader.at, reader.at + length);
    reader.at += length;
  }
  return true;
}

/** The next item as a whole number; 0 and bad when it is none. */
export function cborWhole(reader: CborReader): number {
  if (!nextCbor(reader)) return 0;
  if (reader.major === 0) return reader.argument;
  if (reader.major === 1) return -1 - reader.argument;
  reader.bad = true;
  return 0;
}

/** Steps over one item with all that it contains. */
export function skipCbor(reader: CborReader): void {
  let left = 1;
  while (left > 0 && nextCbor(reader)) {
    left--;
    if (reader.major === CBOR_ARRAY) left += reader.argument;
    else if (reader.major === CBOR_MAP) left += 2 * reader.argument;
    else if (reader.major === CBOR_TAG) left++;
  }
}
