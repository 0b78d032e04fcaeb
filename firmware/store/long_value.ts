/*
 * A value that is longer than the key-value store takes, in several keys.
 *
 * Input: the first key and a value of at most LONG_VALUE_KEYS · VALUE_BYTES_MAX - LENGTH_BYTES bytes. Output: the value,
 * whole or not at all. Invariant: the first key, which has the length, is written last; who reads it after a cut finds
 * the value before, mixed with this one, so that a value says what it belongs to (session/latched.ts does).
 */
import type { Bytes } from "../../hal/ports";
import { readU16, u8 } from "../base/bytes";
import { invariant } from "../base/invariant";
import { VALUE_BYTES_MAX } from "../limits";
import { getValue, putValue } from "./key_value_store";
import type { KeyValueStore } from "./key_value_store";

const LENGTH_BYTES = 2;
/** Keys from the first one on that a value may take. */
export const LONG_VALUE_KEYS = 5;

/** Stores `value` under `key` and as many of the next ones as it needs. @part latched */
export function putLongValue(store: KeyValueStore, key: number, value: Bytes): "stored" | "fault" {
  const bytes = u8(Math.floor(value.length / 256)) + u8(value.length % 256) + value;
  invariant(bytes.length <= LONG_VALUE_KEYS * VALUE_BYTES_MAX, "LONG_VALUE");
  for (let place = Math.floor((bytes.length - 1) / VALUE_BYTES_MAX); place >= 0; place--) {
    if (putValue(store, key + place, bytes.substring(place * VALUE_BYTES_MAX, (place + 1) * VALUE_BYTES_MAX)) !== "stored") return "fault";
  }
  return "stored";
}

/** The value under `key`; "" when there is none, or not all of it. */
export function getLongValue(store: KeyValueStore, key: number): Bytes {
  let bytes = "";
  for (let place = 0; place < LONG_VALUE_KEYS; place++) {
    const piece = getValue(store, key + place);
    if (piece === undefined) break;
    bytes += piece;
    if (piece.length < VALUE_BYTES_MAX) break;
  }
  const length = bytes.length < LENGTH_BYTES ? -1 : readU16(bytes, 0);
  return length >= 0 && bytes.length >= length + LENGTH_BYTES ? bytes.substring(LENGTH_BYTES, length + LENGTH_BYTES) : "";
}
