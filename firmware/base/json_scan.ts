/*
 * The inside of the JSON reader: its record, its window on a document, texts and numbers.
 *
 * Input: the bytes of a document or an answer, or a function that gives a document's pieces. Output: the pieces that
 * json_reader.ts puts together to tokens. Invariants: of a document in pieces only the current one is kept; no
 * input makes it throw.
 */
import type { Bytes } from "../../hal/ports";
import { hexDigit } from "./bytes";
import { utf8Encode, utf8Fault } from "./utf8";

/** "key" is a member's name (its ":" is consumed); the closing tokens belong to the latest opening one. */
export type JsonToken = "{" | "}" | "[" | "]" | "key" | "text" | "number" | "true" | "false" | "null" | "end" | "error";

/** Some bytes of a document from `at` on; "" at its end. */
export type JsonSource = (this: void, at: number) => Bytes;

/** Bytes that lie ahead of every token but a text, which goes on for as long as it takes: the longest escape, word or number that means anything. */
const AHEAD_BYTES = 64;

export interface JsonReader {
  bytes: Bytes;
  /** Where more bytes come from; undefined when there are no more. */
  more: JsonSource | undefined;
  /** Bytes, and line ends among them, that lay before `bytes` and are gone. */
  base: number;
  lines: number;
  /** Position of the next byte to read, and of the first byte of the current token. */
  at: number;
  start: number;
  token: JsonToken;
  /** Decoded text of a "key" or "text", the number as written; "" otherwise. */
  value: Bytes;
  /** The error at `at`, once token is "error"; "" before. */
  problem: string;
  /** Open containers, innermost last, as "{" and "[". */
  stack: string;
  /** The token that must follow: a "value", a first member or the end ("first"), a comma or the end ("after"). */
  expected: "value" | "first" | "after";
}

/** A reader at the beginning of `bytes`. */
export function createJsonReader(bytes: Bytes): JsonReader {
  return { bytes, more: undefined, base: 0, lines: 0, at: 0, start: 0, token: "null", value: "", problem: "", stack: "", expected: "value" };
}

/** A reader of a document that comes in pieces. */
export function createJsonStream(more: JsonSource): JsonReader {
  const reader = createJsonReader("");
  reader.more = more;
  return reader;
}

/** Adds the next piece. @apart */
function jsonExtend(reader: JsonReader): void {
  if (reader.more === undefined) return;
  const piece = reader.more(reader.base + reader.bytes.length);
  if (piece === "") reader.more = undefined;
  reader.bytes += piece;
}

/** Lets go of what has been read, and makes sure that AHEAD_BYTES lie ahead, or all that there is. */
function jsonFill(reader: JsonReader): void {
  if (reader.more === undefined || reader.bytes.length - reader.at >= AHEAD_BYTES) return;
  reader.lines += reader.bytes.substring(0, reader.at).split("\n").length - 1;
  reader.base += reader.at;
  reader.bytes = reader.bytes.substring(reader.at);
  reader.at = 0;
  while (reader.more !== undefined && reader.bytes.length < AHEAD_BYTES) jsonExtend(reader);
}

/** The reader says "error" from here on. */
export function jsonFail(reader: JsonReader, problem: string): JsonToken {
  reader.problem = problem;
  reader.token = "error";
  return "error";
}

/** Skips white space; returns the character found, "" at the end. */
export function jsonPeek(reader: JsonReader): string {
  jsonFill(reader);
  let char = reader.bytes.charAt(reader.at);
  while (char === " " || char === "\n" || char === "\r" || char === "\t") {
    reader.at++;
    jsonFill(reader);
    char = reader.bytes.charAt(reader.at);
  }
  return char;
}

/** Four hexadecimal digits at `at`; -1 when there are none. */
function jsonHex(bytes: Bytes, at: number): number {
  if (at + 4 > bytes.length) return -1;
  let value = 0;
  for (let index = at; index < at + 4; index++) {
    const digit = hexDigit(bytes.charCodeAt(index));
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** Reads one escape, `at` standing on its letter; "" and a problem when it is none. @apart */
function jsonEscape(reader: JsonReader): Bytes {
  const letter = reader.bytes.charAt(reader.at);
  const plain = "\"\\/bfnrt".indexOf(letter);
  reader.at++;
  if (letter !== "" && plain >= 0) return "\"\\/\b\f\n\r\t".charAt(plain);
  if (letter !== "u") {
    jsonFail(reader, "unknown escape");
    return "";
  }
  let point = jsonHex(reader.bytes, reader.at);
  reader.at += 4;
  if (point >= 0xd800 && point <= 0xdbff && reader.bytes.substring(reader.at, reader.at + 2) === "\\u") {
    const low = jsonHex(reader.bytes, reader.at + 2);
    if (low >= 0xdc00 && low <= 0xdfff) {
      point = 0x10000 + (point - 0xd800) * 1024 + (low - 0xdc00);
      reader.at += 6;
    }
  }
  if (point < 0 || (point >= 0xd800 && point <= 0xdfff)) {
    jsonFail(reader, "unknown escape");
    return "";
  }
  return utf8Encode(point);
}

/** Nothing but printable ASCII, as nearly every text of a document; a loop of one short statement, because a board interprets it for every character. */
function isPlain(raw: Bytes): boolean {
  let index = 0;
  while (index < raw.length && raw.charCodeAt(index) >= 32 && raw.charCodeAt(index) < 128) index++;
  return index === raw.length;
}

/** The error of a text as written, "" for a sound one. @apart */
function rawFault(raw: Bytes): string {
  for (let code = 0; code < 32; code++) {
    if (raw.indexOf(String.fromCharCode(code)) >= 0) return "control character in a text";
  }
  return utf8Fault(raw) >= 0 ? "text that is not UTF-8" : "";
}

/** Reads a string, `at` standing behind its opening quote. Native searches do the long way. */
export function jsonString(reader: JsonReader): void {
  let bytes = reader.bytes;
  let value = "";
  let from = reader.at;
  for (;;) {
    let quote = bytes.indexOf("\"", from);
    while (quote < 0 && reader.more !== undefined) {
      jsonExtend(reader);
      bytes = reader.bytes;
      quote = bytes.indexOf("\"", from);
    }
    if (quote < 0) {
      jsonFail(reader, "text without its closing quote");
      return;
    }
    const piece = bytes.substring(from, quote);
    const slash = piece.indexOf("\\");
    value += slash < 0 ? piece : piece.substring(0, slash);
    reader.at = quote + 1;
    if (slash < 0) break;
    reader.at = from + slash + 1;
    // A decoded control character must not be mistaken for a raw one: raw text is checked below, piece by piece.
    const decoded = jsonEscape(reader);
    if (reader.problem !== "") return;
    from = reader.at;
    value += decoded;
  }
  const raw = bytes.substring(reader.start, reader.at);
  const problem = isPlain(raw) ? "" : rawFault(raw);
  if (problem === "") reader.value = value;
  else jsonFail(reader, problem);
}

/** Steps over digits; false when there is none. */
function jsonDigits(reader: JsonReader): boolean {
  const from = reader.at;
  let code = reader.bytes.charCodeAt(reader.at);
  while (reader.at < reader.bytes.length && code >= 48 && code <= 57) {
    reader.at++;
    code = reader.bytes.charCodeAt(reader.at);
  }
  return reader.at > from;
}

/** Reads the number that begins at `at`. @apart */
export function jsonNumber(reader: JsonReader): JsonToken {
  const bytes = reader.bytes;
  if (bytes.charAt(reader.at) === "-") reader.at++;
  if (bytes.charAt(reader.at) === "0") reader.at++;
  else if (!jsonDigits(reader)) return jsonFail(reader, "neither a value nor a number");
  if (bytes.charAt(reader.at) === ".") {
    reader.at++;
    if (!jsonDigits(reader)) return jsonFail(reader, "number without digits behind its point");
  }
  const exponent = bytes.charAt(reader.at);
  if (exponent === "e" || exponent === "E") {
    reader.at++;
    const sign = bytes.charAt(reader.at);
    if (sign === "+" || sign === "-") reader.at++;
    if (!jsonDigits(reader)) return jsonFail(reader, "number without digits in its exponent");
  }
  reader.value = bytes.substring(reader.start, reader.at);
  reader.expected = "after";
  reader.token = "number";
  return "number";
}
