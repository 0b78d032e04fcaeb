/*
 * A pull reader of JSON (RFC 8259) over a byte string, or over pieces of one.
 *
 * Input: the bytes of a document or an answer, or a function that gives a document's pieces. Output: one token a
 * call; the caller decides what to keep, so nothing but the current value is ever copied, and of a document
 * in pieces nothing but the current one. Invariants: numbers stay the text they were written
 * as; texts come out as UTF-8 bytes; nesting is bounded; no input makes it throw, and after the first
 * mistake every call says "error". It accepts exactly what JSON.parse accepts of well-formed UTF-8, less
 * unpaired surrogates and nesting beyond JSON_DEPTH_MAX.
 */
import type { Bytes } from "../../hal/ports";
import { hexDigit } from "../bytes";
import { utf8Encode, utf8Fault } from "./utf8";

/** Deepest nesting of objects and arrays; more is an error. */
export const JSON_DEPTH_MAX = 8;

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
  /** What is wrong at `at`, once token is "error"; "" before. */
  problem: string;
  /** Open containers, innermost last, as "{" and "[". */
  stack: string;
  /** What must follow: a "value", a first member or the end ("first"), or what comes "after" a value. */
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

/** Adds the next piece. */
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

function jsonFail(reader: JsonReader, problem: string): JsonToken {
  reader.problem = problem;
  reader.token = "error";
  return "error";
}

/** Skips white space; returns the character found, "" at the end. */
function jsonPeek(reader: JsonReader): string {
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

/** Reads one escape, `at` standing on its letter; "" and a problem when it is none. */
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

/** Reads a string, `at` standing behind its opening quote. Native searches do the long way. */
function jsonString(reader: JsonReader): void {
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
  for (let code = 0; code < 32; code++) {
    if (raw.indexOf(String.fromCharCode(code)) >= 0) {
      jsonFail(reader, "control character in a text");
      return;
    }
  }
  if (utf8Fault(raw) >= 0) {
    jsonFail(reader, "text that is not UTF-8");
    return;
  }
  reader.value = value;
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

function jsonNumber(reader: JsonReader): JsonToken {
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

/** The next token. After "end" and "error" it stays what it is. */
export function nextJson(reader: JsonReader): JsonToken {
  if (reader.token === "error" || reader.token === "end") return reader.token;
  let char = jsonPeek(reader);
  const inner = reader.stack.charAt(reader.stack.length - 1);
  reader.start = reader.at;
  reader.value = "";
  if (reader.expected !== "value" && inner !== "" && char === (inner === "{" ? "}" : "]")) {
    reader.at++;
    reader.stack = reader.stack.substring(0, reader.stack.length - 1);
    reader.expected = "after";
    reader.token = inner === "{" ? "}" : "]";
    return reader.token;
  }
  if (reader.expected === "after") {
    if (inner === "") {
      if (char !== "") return jsonFail(reader, "more text after the end");
      reader.token = "end";
      return "end";
    }
    if (char !== ",") return jsonFail(reader, "a comma or the end of the list or object is missing");
    reader.at++;
    char = jsonPeek(reader);
    reader.start = reader.at;
  }
  if (inner === "{" && (reader.expected !== "value")) {
    if (char !== "\"") return jsonFail(reader, "a name in quotes is missing");
    reader.at++;
    jsonString(reader);
    if (reader.problem !== "") return "error";
    if (jsonPeek(reader) !== ":") return jsonFail(reader, "a colon is missing");
    reader.at++;
    reader.expected = "value";
    reader.token = "key";
    return "key";
  }
  if (char === "{" || char === "[") {
    if (reader.stack.length >= JSON_DEPTH_MAX) return jsonFail(reader, "nested too deeply");
    reader.at++;
    reader.stack += char;
    reader.expected = "first";
    reader.token = char;
    return char;
  }
  if (char === "\"") {
    reader.at++;
    jsonString(reader);
    if (reader.problem !== "") return "error";
    reader.expected = "after";
    reader.token = "text";
    return "text";
  }
  if (char === "t" || char === "f" || char === "n") {
    const word = char === "t" ? "true" : char === "f" ? "false" : "null";
    if (reader.bytes.substring(reader.at, reader.at + word.length) !== word) return jsonFail(reader, "unknown word");
    reader.at += word.length;
    reader.expected = "after";
    reader.token = word;
    return word;
  }
  return jsonNumber(reader);
}

/** Steps over the rest of the value whose first token is the current one (a whole object or list). */
export function skipJson(reader: JsonReader): JsonToken {
  if (reader.token !== "{" && reader.token !== "[") return reader.token;
  const depth = reader.stack.length - 1;
  let token: JsonToken = nextJson(reader);
  while (token !== "error" && reader.stack.length > depth) token = nextJson(reader);
  return token;
}

/** The value of digits alone, 0 … 2,147,483,647; -1 for any other text ("007" included). */
export function wholeOf(text: Bytes): number {
  if (text.length < 1 || text.length > 10) return -1;
  if (text.length > 1 && text.charAt(0) === "0") return -1;
  if (text.length === 10 && text > "2147483647") return -1;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
