/*
 * The custom inputs of the trigger and the readings of all meters, as they outlive a power cut.
 *
 * Input: the connector at a trigger; what getValue finds under KEY_LATCHED and the keys behind it. Output: a value for
 * putValue; the connector's latched values and readings. Invariant: readings are taken for the session, values for the very
 * write that they were stored for, and by the number of their input, which no new document moves.
 *
 * Layout: length of the rest (2 bytes), number of the session (4 bytes), write (WRITE_START or WRITE_END), readings with
 * their length (readings.ts, without what stands now), then number, length and value of each input.
 */
import type { Bytes } from "../../hal/ports";
import { readU16, readU32, u32, u8 } from "../base/bytes";
import type { Connector } from "./connector";
import { READINGS_AT } from "./readings";
import { customValue, withCustomValue } from "./custom_values";

/** Length, session, write, and length of the readings. */
const HEAD_BYTES = 8;

/** Makes the payload of "latched": the readings, and the inputs that are latched, for the write that has begun. @part latched */
export function makeLatched(connector: Connector): void {
  const inputs = connector.configuration.customInputs;
  const readings = connector.readings.substring(READINGS_AT);
  let bytes = u32(connector.session.number) + u8(connector.session.write) + u8(readings.length) + readings;
  for (let place = 0; place < inputs.indexes.length; place++) {
    const value = inputs.latches.charAt(place) === "1" ? customValue(connector.latched, place) : undefined;
    if (value !== undefined) bytes += inputs.indexes.charAt(place) + u8(value.length) + value;
  }
  connector.payload = u8(Math.floor(bytes.length / 256)) + u8(bytes.length % 256) + bytes;
}

/** After a start: the session's readings, and for a row that waited for its Td when the power failed the values of its trigger. `piece` gives the stored pieces in order, undefined for none. */
export function restoreLatched(connector: Connector, piece: (place: number) => Bytes | undefined): void {
  const session = connector.session;
  const inputs = connector.configuration.customInputs;
  let bytes = "";
  let length = HEAD_BYTES;
  for (let place = 0; bytes.length < length; place++) {
    const more = piece(place);
    if (more === undefined || more === "") return;
    bytes += more;
    if (place === 0) {
      if (bytes.length < HEAD_BYTES || readU32(bytes, 2) !== session.number) return;
      length = readU16(bytes, 0) + 2;
    }
  }
  let at = HEAD_BYTES + bytes.charCodeAt(HEAD_BYTES - 1);
  if (connector.readings !== "") connector.readings = connector.readings.substring(0, READINGS_AT) + bytes.substring(HEAD_BYTES, at);
  if (bytes.charCodeAt(6) !== session.write) return;
  while (at + 2 <= length) {
    const end = at + 2 + bytes.charCodeAt(at + 1);
    const place = inputs.indexes.indexOf(bytes.charAt(at));
    if (place >= 0 && end <= length) connector.latched = withCustomValue(connector.latched, place, bytes.substring(at + 2, end));
    at = end;
  }
}
