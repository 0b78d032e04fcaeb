/*
 * A pull reader of JSON (RFC 8259) over a byte string, or over pieces of one.
 *
 * Input: the bytes of a document or an answer, or a function that gives a document's pieces. Output: one token a
 * call; the caller decides what to keep, so nothing but the current value is ever copied, and of a document
 * in pieces nothing but the current one. Invariants: numbers stay the text they were written
 * as; texts come out as UTF-8 bytes; nesting is bounded; no input makes it throw, and after the first
 * error every call says "error". It accepts exactly what JSON.parse accepts of well-formed UTF-8, less
 * unpaired surrogates and nesting beyond JSON_DEPTH_MAX.
 */
import type { Bytes } from "../../hal/ports";
import { jsonFail, jsonNumber, jsonPeek, jsonString } from "./json_scan";
import type { JsonReader, JsonToken } from "./json_scan";
import { JSON_DEPTH_MAX } from "../limits";

export { createJsonReader, createJsonStream } from "./json_scan";
export type { JsonReader, JsonSource, JsonToken } from "./json_scan";


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
