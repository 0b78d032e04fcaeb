/*
 * The values of the custom inputs as one text: on a small board a list costs a variable for each input, set or not.
 *
 * Input: the place of an input among those configured, and its value of at most 64 bytes. Output: a new text, or the
 * value found in one. Invariant: each entry is place, length, value; a place stands there once, or not at all while
 * its value is unknown.
 */
import type { Bytes } from "../../hal/ports";
import { u8 } from "../base/bytes";

/** Where the entry of `place` begins; the text's length when there is none. */
function entryAt(values: Bytes, place: number): number {
  let at = 0;
  while (at < values.length && values.charCodeAt(at) !== place) at += 2 + values.charCodeAt(at + 1);
  return at;
}

/** The value of an input, "" included; undefined while it is unknown. */
export function customValue(values: Bytes, place: number): Bytes | undefined {
  const at = entryAt(values, place);
  return at < values.length ? values.substring(at + 2, at + 2 + values.charCodeAt(at + 1)) : undefined;
}

/** `values` with another value for an input. */
export function withCustomValue(values: Bytes, place: number, value: Bytes): Bytes {
  const at = entryAt(values, place);
  const rest = at < values.length ? values.substring(at + 2 + values.charCodeAt(at + 1)) : "";
  return values.substring(0, at) + rest + u8(place) + u8(value.length) + value;
}
