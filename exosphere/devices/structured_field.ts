/*
 * Structured Fields for HTTP (RFC 8941), as far as signatures need them: dictionaries of inner lists of
 * strings, of strings, of whole numbers and of byte sequences, all with parameters.
 *
 * Input: the value of a header field. Output: the dictionary in its order, or undefined for anything that
 * the grammar does not allow or that is of another type. Invariant: never throws, and serialising what was
 * parsed gives the canonical text, so a signature base has one spelling.
 */
import { present } from "../invariant";

export type Bare = string | number | Uint8Array;
export interface Member {
  key: string;
  /** Strings of the inner list, or undefined when the member is a single item. */
  list: string[] | undefined;
  /** The single item; undefined for an inner list. */
  item: Bare | undefined;
  parameters: [string, Bare][];
}

const KEY = /[a-z*][a-z0-9_\-.*]*/y;
const STRING = /"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"/y;
const INTEGER = /-?\d{1,15}(?![\d.])/y;
const BYTES = /:([A-Za-z0-9+/]*={0,2}):/y;
const SPACES = / */y;
const OPTIONAL_SPACE = /[ \t]*/y;

class Cursor {
  position = 0;
  constructor(readonly text: string) {}
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match === null) return undefined;
    this.position = pattern.lastIndex;
    return match;
  }
  literal(text: string): boolean {
    if (!this.text.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }
  get atEnd(): boolean {
    return this.position === this.text.length;
  }
}

/** The group of a pattern that has one. */
function group(match: RegExpExecArray): string {
  return present(match[1], "the pattern has a group");
}

function bareItem(cursor: Cursor): Bare | undefined {
  const string = cursor.take(STRING);
  if (string !== undefined) return group(string).replace(/\\(["\\])/g, "$1");
  const bytes = cursor.take(BYTES);
  if (bytes !== undefined) {
    const decoded = Buffer.from(group(bytes), "base64");
    // One spelling only: a digest must not be accepted in several encodings.
    return decoded.toString("base64") === bytes[1] ? new Uint8Array(decoded) : undefined;
  }
  const integer = cursor.take(INTEGER);
  return integer === undefined ? undefined : Number(integer[0]);
}

function parameters(cursor: Cursor): [string, Bare][] | undefined {
  const list: [string, Bare][] = [];
  while (cursor.literal(";")) {
    cursor.take(SPACES);
    const key = cursor.take(KEY);
    if (key === undefined || !cursor.literal("=")) return undefined;
    const value = bareItem(cursor);
    if (value === undefined || list.some(([name]) => name === key[0])) return undefined;
    list.push([key[0], value]);
  }
  return list;
}

function innerList(cursor: Cursor): string[] | undefined {
  const list: string[] = [];
  for (;;) {
    const spaces = cursor.take(SPACES)?.[0].length ?? 0;
    if (cursor.literal(")")) return list;
    if (list.length > 0 && spaces === 0) return undefined;
    const string = cursor.take(STRING);
    // Components with parameters of their own ("bs", "key", "req") are not part of the profile.
    if (string === undefined || cursor.text.charAt(cursor.position) === ";") return undefined;
    list.push(group(string).replace(/\\(["\\])/g, "$1"));
  }
}

/** The members of a dictionary field, or undefined when it is malformed or repeats a key. */
export function parseDictionary(text: string): Member[] | undefined {
  const cursor = new Cursor(text.trim());
  const members: Member[] = [];
  for (;;) {
    const key = cursor.take(KEY);
    if (key === undefined || !cursor.literal("=")) return undefined;
    const list = cursor.literal("(") ? innerList(cursor) : undefined;
    if (list === undefined && cursor.text.charAt(cursor.position - 1) === "(") return undefined;
    const item = list === undefined ? bareItem(cursor) : undefined;
    if (list === undefined && item === undefined) return undefined;
    const found = parameters(cursor);
    if (found === undefined || members.some((member) => member.key === key[0])) return undefined;
    members.push({ key: key[0], list, item, parameters: found });
    cursor.take(OPTIONAL_SPACE);
    if (cursor.atEnd) return members;
    if (!cursor.literal(",")) return undefined;
    cursor.take(OPTIONAL_SPACE);
  }
}

function serializeBare(value: Bare): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return `"${value.replace(/(["\\])/g, "\\$1")}"`;
  return `:${Buffer.from(value).toString("base64")}:`;
}

/** Canonical text of an inner list with its parameters: the value of "@signature-params". */
export function serializeInnerList(list: string[], parameterList: [string, Bare][]): string {
  return `(${list.map(serializeBare).join(" ")})` + parameterList.map(([key, value]) => `;${key}=${serializeBare(value)}`).join("");
}
