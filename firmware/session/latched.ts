/*
 * The custom inputs of the trigger, as they outlive a power cut until their row is written.
 *
 * Input: the connector at a trigger. Output: at most LATCHED_BYTES_MAX bytes for store/long_value, and back. Invariant:
 * values are taken for the very write that they were stored for, and by the number of their input, which no new
 * document moves.
 *
 * Layout: number of the session (4 bytes), write (WRITE_START or WRITE_END), then number, length and value of each input.
 */
import type { Bytes } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import type { Connector } from "./connector";
import { customValue, withCustomValue } from "./custom_values";

/** Session and write. */
const HEAD_BYTES = 5;

/** The values of the inputs that are latched, for the write that has begun. */
export function latchedValues(connector: Connector): Bytes {
  const inputs = connector.configuration.customInputs;
  let bytes = u32(connector.session.number) + u8(connector.session.write);
  for (let place = 0; place < inputs.count; place++) {
    const value = inputs.latches.charAt(place) === "1" ? customValue(connector.latched, place) : undefined;
    if (value !== undefined) bytes += inputs.indexes.charAt(place) + u8(value.length) + value;
  }
  return bytes;
}

/** Gives a row that waited for its Td when the power failed the values of its trigger back; `bytes`: what latchedValues made. */
export function restoreLatched(connector: Connector, bytes: Bytes): void {
  const session = connector.session;
  const inputs = connector.configuration.customInputs;
  if (bytes.length < HEAD_BYTES || readU32(bytes, 0) !== session.number || bytes.charCodeAt(4) !== session.write) return;
  let at = HEAD_BYTES;
  while (at + 2 <= bytes.length) {
    const end = at + 2 + bytes.charCodeAt(at + 1);
    const place = inputs.indexes.indexOf(bytes.charAt(at));
    if (place >= 0 && end <= bytes.length) connector.latched = withCustomValue(connector.latched, place, bytes.substring(at + 2, end));
    at = end;
  }
}
