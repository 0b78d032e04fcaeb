/*
 * The generic JSON webhook: a batch of rows as JSON with the names of the columns.
 *
 * Input: a CBOR sequence of rows, the configuration in force, the wall. Output: UTF-8 JSON,
 * {"device", "rows": [{"event", "sequence", "table", "session", "values": {name: value}}]}. It is a module of
 * its own that SystemPort.load finds as "webhook". Invariants: the body is valid JSON (RFC 8259) for any rows; a
 * decimal is written digit by digit, never through a number; text bytes pass unchanged but for what JSON must
 * escape; a moment without a date is null, and its boot and uptime are in "undated"; a column that the
 * configuration no longer has is called "column<id>", column 0 (how good the row's time is) "_clock", with "_" in front
 * where a column of the table has that name, so that no object has a name twice; a row that cannot be read becomes nothing.
 */
import type { Bytes } from "../../hal/ports";
import { hexOf } from "../base/bytes";
import { CBOR_ARRAY, CBOR_BYTES, CBOR_MAP, CBOR_TAG, CBOR_TEXT } from "../base/cbor";
import { findText } from "../base/find";
import type { Configuration } from "../configuration/configuration";
import { decimalDigits, plainDecimal } from "../base/decimal";
import { CONTENT_CUSTOM_INPUT, CONTENT_SESSION_CLOCK, KIND_CLOCK, KIND_END, KIND_EVENT, KIND_GAP, KIND_LOSS, KIND_START, TAG_EPOCH } from "../protocol";
import { isoTime } from "../base/iso_time";
import type { Wall } from "../base/wall_clock";
import { CBOR_SIMPLE, cborWhole, createCborReader, nextCbor, skipCbor } from "./cbor_reader";
import type { CborReader } from "./cbor_reader";
import { EPOCH_S_MIN } from "../limits";

/** A JSON text in quotes (RFC 8259 §7). It is UTF-8, because commands, configuration and the list of users take nothing else. */
function quoteJson(text: Bytes): Bytes {
  let out = "\"";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 32 && code !== 34 && code !== 92) continue;
    // Text without escapes is copied in one piece, so that no byte of a UTF-8 character is treated alone.
    out += text.substring(from, at) + (code < 32 ? "\\u00" + hexOf(text.charAt(at)) : "\\" + text.charAt(at));
    from = at + 1;
  }
  return out + text.substring(from) + "\"";
}

/** The `at`-th of names joined by "\n"; undefined beyond the last. */
function nameAt(names: Bytes, at: number): Bytes | undefined {
  let from = 0;
  for (let index = 0; index < at; index++) {
    from = names.indexOf("\n", from) + 1;
    if (from === 0) return undefined;
  }
  const end = names.indexOf("\n", from);
  return names.substring(from, end < 0 ? names.length : end);
}

/** `wanted`, or with "_" in front as often as a column of `names` has that name. */
function freeName(names: Bytes, wanted: Bytes): Bytes {
  let name = wanted;
  while (findText("\n" + names + "\n", "\n" + name + "\n") >= 0) name = "_" + name;
  return name;
}

/** Whether texts of the column at this place are decimals: custom inputs declared as numbers. */
function isDecimal(configuration: Configuration, place: number): boolean {
  const content = configuration.columns.contents.charCodeAt(place);
  const inputs = configuration.customInputs;
  for (let index = 0; index < inputs.indexes.length; index++) {
    if (CONTENT_CUSTOM_INPUT + inputs.indexes.charCodeAt(index) === content) return inputs.types.charAt(index) === "n" || inputs.types.charAt(index) === "i";
  }
  return false;
}

/** A row's moments without a date, as members of a JSON object. */
interface Undated {
  members: Bytes;
}

/** A moment, the tag being read: ISO 8601 UTC (`isClock`: the quality of that date), or null while this boot or that of the row has no time; `name` is a JSON text. */
function momentValue(reader: CborReader, wall: Wall, name: Bytes, undated: Undated, isClock: boolean): Bytes {
  if (reader.argument === TAG_EPOCH) return quoteJson(isoTime(cborWhole(reader)));
  nextCbor(reader);
  if (reader.major !== CBOR_ARRAY || reader.argument !== 2) reader.bad = true;
  const boot = cborWhole(reader);
  const uptimeS = cborWhole(reader);
  if (boot === wall.boot && wall.offsetS > 0) return quoteJson(isClock ? "backfilled" : isoTime(wall.offsetS + uptimeS));
  undated.members += (undated.members === "" ? "" : ",") + name + ":{\"boot\":" + boot + ",\"uptimeS\":" + uptimeS + "}";
  return "null";
}

/** The next cell as JSON. */
function cellValue(reader: CborReader, wall: Wall, decimal: boolean, name: Bytes, undated: Undated, isClock: boolean): Bytes {
  if (!nextCbor(reader)) return "null";
  if (reader.major === 0) return "" + reader.argument;
  if (reader.major === 1) return "" + (-1 - reader.argument);
  if (reader.major === CBOR_BYTES) return quoteJson(hexOf(reader.content));
  // A row of an earlier configuration may hold a text where a number is declared now.
  if (reader.major === CBOR_TEXT) return decimal && decimalDigits(reader.content) !== undefined ? plainDecimal(reader.content) : quoteJson(reader.content);
  if (reader.major === CBOR_TAG) return momentValue(reader, wall, name, undated, isClock);
  if (reader.major === CBOR_SIMPLE) return reader.argument === 21 ? "true" : reader.argument === 20 ? "false" : "null";
  reader.bad = true;
  return "null";
}

/** A record of three numbers, its kind and sequence being read; "" for a kind that a webhook does not get. */
function factValue(reader: CborReader, kind: number, head: Bytes): Bytes {
  const first = cborWhole(reader);
  const second = cborWhole(reader);
  const third = cborWhole(reader);
  if (kind === KIND_CLOCK) return "{\"event\":\"clock\"" + head + ",\"boot\":" + first + ",\"uptimeS\":" + second + ",\"time\":" + quoteJson(isoTime(third)) + "}";
  if (kind === KIND_LOSS) return "{\"event\":\"loss\"" + head + ",\"lost\":" + first + ",\"since\":" + (second >= EPOCH_S_MIN ? quoteJson(isoTime(second)) : "null") + ",\"reason\":" + third + "}";
  return "{\"event\":\"gap\"" + head + ",\"firstSequence\":" + first + ",\"lastSequence\":" + second + ",\"lost\":" + third + "}";
}

/** One row whose outer array head has been read; "" for kinds that a webhook does not get. */
function rowValue(reader: CborReader, configuration: Configuration, wall: Wall): Bytes {
  const items = reader.argument;
  const kind = cborWhole(reader);
  const isRow = kind === KIND_START || kind === KIND_END || kind === KIND_EVENT;
  if (items !== 5 || (!isRow && kind !== KIND_CLOCK && kind !== KIND_LOSS && kind !== KIND_GAP)) {
    for (let index = 1; index < items; index++) skipCbor(reader);
    return "";
  }
  const head = ",\"sequence\":" + cborWhole(reader);
  if (!isRow) return factValue(reader, kind, head);
  const event = kind === KIND_START ? "start" : kind === KIND_END ? "end" : "event";
  let row = "{\"event\":\"" + event + "\"" + head;
  row += ",\"table\":" + cborWhole(reader);
  row += ",\"session\":" + cborWhole(reader) + ",\"values\":{";
  const undated: Undated = { members: "" };
  nextCbor(reader);
  if (reader.major !== CBOR_MAP) reader.bad = true;
  const cells = reader.bad ? 0 : reader.argument;
  for (let index = 0; index < cells && !reader.bad; index++) {
    const id = cborWhole(reader);
    const place = id > 0 && id < 256 ? configuration.columns.ids.indexOf(String.fromCharCode(id)) : -1;
    const known = place < 0 ? undefined : nameAt(configuration.columns.names, place);
    const name = quoteJson(known !== undefined ? known : freeName(configuration.columns.names, id === 0 ? "_clock" : "column" + id));
    row += (index > 0 ? "," : "") + name + ":";
    row += cellValue(reader, wall, place >= 0 && isDecimal(configuration, place), name, undated, id === 0 || (place >= 0 && configuration.columns.contents.charCodeAt(place) === CONTENT_SESSION_CLOCK));
  }
  return row + "}" + (undated.members === "" ? "" : ",\"undated\":{" + undated.members + "}") + "}";
}

/** The whole body; a tail that cannot be read is left out. Without rows it is the question for the time of day. */
export function webhookBody(configuration: Configuration, wall: Wall, rows: Bytes): Bytes {
  const reader = createCborReader(rows);
  let body = "{\"device\":" + quoteJson(configuration.deviceId) + ",\"rows\":[";
  let first = true;
  while (!reader.bad && reader.at < rows.length && nextCbor(reader) && reader.major === CBOR_ARRAY) {
    const row = rowValue(reader, configuration, wall);
    if (row === "" || reader.bad) continue;
    body += (first ? "" : ",") + row;
    first = false;
  }
  return body + "]}";
}
