/*
 * The Log output: one line of text for each event, the same on every platform.
 *
 * Input: a text, or the cells of the row just stored, with the connector's moment and session number. Output: the
 * line, UTF-8 bytes without a line end, in the connector's `lines` and `log`. Invariants: a row's line is made from
 * the bytes that were stored, so it cannot differ from the row; at most LINES_MAX lines wait for the device.
 *
 *   2026-11-23T00:31:09Z garage-1 17 start start=2026-11-23T00:31:09Z user="Ada, 5 EUR" card=04A1B2C3
 *
 * Before the first synchronisation the time is `boot 3 +120 s`. An unknown value is empty.
 */
import type { Bytes } from "../../hal/ports";
import { hexOf, readU16, readU32 } from "../base/bytes";
import { CBOR_BYTES, CBOR_TAG, CBOR_TEXT } from "../base/cbor";
import type { ColumnsConfiguration } from "../configuration/configuration";
import { TAG_EPOCH } from "../protocol";
import type { Moment } from "./row";
import { wholeOf } from "../base/json_reader";
import { majorUnits } from "./tariff";
import { isoTime } from "../base/iso_time";
import type { Connector } from "./connector";
import { LOG_LINES_MAX } from "../limits";

/** Where the reader of cells stands; one scratch record for all lines. */
const cursor = { at: 0, major: 0, argument: 0 };

/** Reads one CBOR head of the kinds that cbor.ts writes. */
function readHead(cells: Bytes): void {
  const first = cells.charCodeAt(cursor.at);
  const short = first % 32;
  cursor.major = Math.floor(first / 32);
  cursor.argument = short;
  cursor.at++;
  if (cursor.major === 7 || short < 24) return;
  if (short === 24) {
    cursor.argument = cells.charCodeAt(cursor.at);
    cursor.at++;
  } else if (short === 25) {
    cursor.argument = readU16(cells, cursor.at);
    cursor.at += 2;
  } else {
    cursor.argument = readU32(cells, cursor.at);
    cursor.at += 4;
  }
}

/** Text in quotes when it holds anything that would make the line ambiguous. */
export function quoteLogValue(text: Bytes): Bytes {
  let plain = text !== "";
  let inner = "";
  for (let index = 0; index < text.length; index++) {
    const char = text.substring(index, index + 1);
    const code = text.charCodeAt(index);
    if (code < 33 || code === 127 || char === "\"" || char === "\\" || char === "=" || char === "," || char === "'") plain = false;
    if (char === "\"" || char === "\\") inner += "\\" + char;
    else if (char === "\n") inner += "\\n";
    else if (char === "\r") inner += "\\r";
    else if (char === "\t") inner += "\\t";
    else if (code < 32 || code === 127) inner += "\\x" + hexOf(char);
    else inner += char;
  }
  return plain ? text : "\"" + inner + "\"";
}

/** The text of the cell at the cursor, which moves behind it. */
function cellText(cells: Bytes): Bytes {
  readHead(cells);
  const argument = cursor.argument;
  if (cursor.major === 0) return "" + argument;
  if (cursor.major === 1) return "" + (-1 - argument);
  if (cursor.major === CBOR_BYTES || cursor.major === CBOR_TEXT) {
    const bytes = cells.substring(cursor.at, cursor.at + argument);
    cursor.at += argument;
    return cursor.major === CBOR_BYTES ? hexOf(bytes) : quoteLogValue(bytes);
  }
  if (cursor.major === CBOR_TAG) {
    readHead(cells);
    if (argument === TAG_EPOCH) return isoTime(cursor.argument);
    readHead(cells);
    const boot = cursor.argument;
    readHead(cells);
    return "\"boot " + boot + " +" + cursor.argument + " s\"";
  }
  return argument === 21 ? "true" : argument === 20 ? "false" : "";
}

/** The beginning of every line: time, device, session number. */
export function logHead(moment: Moment, deviceId: string, session: number): Bytes {
  const time = moment.epochS > 0 ? isoTime(moment.epochS) : "boot " + moment.boot + " +" + moment.uptimeS + " s";
  return time + " " + deviceId + " " + session + " ";
}

/** ` name=value` for each of `count` cells, by the names of the table's columns; each value as the table will have it. `minorDigits` are the tariff's. */
export function logValues(columns: ColumnsConfiguration, cells: Bytes, count: number, minorDigits: number): Bytes {
  let line = "";
  cursor.at = 0;
  for (let index = 0; index < count; index++) {
    readHead(cells);
    const at = cursor.argument === 0 ? -1 : columns.ids.indexOf(String.fromCharCode(cursor.argument));
    // Column 0 is the endpoint's own.
    let name = at < 0 ? "_clock" : columns.names;
    for (let place = at; place > 0; place--) name = name.substring(name.indexOf("\n") + 1);
    if (name.indexOf("\n") >= 0) name = name.substring(0, name.indexOf("\n"));
    // 4: a cost in major units, 8: a boolean as a digit, where the column is of such a type.
    const form = at < 0 ? 0 : columns.moments.charCodeAt(at);
    let text = cellText(cells);
    if (form >= 8 && text !== "") text = text === "true" ? "1" : "0";
    else if (form >= 4 && form < 8 && text !== "") text = majorUnits(wholeOf(text), minorDigits);
    line += " " + quoteLogValue(name) + "=" + text;
  }
  return line;
}


/** Adds a line to the Log. @part note */
export function addLogLine(connector: Connector, text: Bytes): void {
  connector.log = logHead(connector.moment, connector.configuration.deviceId, connector.session.number) + text;
  if (connector.lines.length < LOG_LINES_MAX) connector.lines.push(connector.log);
}
