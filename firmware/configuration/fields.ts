/*
 * The settings of a configuration document, which are one text, looked up by their names.
 *
 * Input: the text that text.ts made of a document. Output: its values, with the defaults of configuration_spec filled
 * in. Invariants: texts are UTF-8 bytes, decimals stay as written; the whole document is one text, because as records a
 * full one would not fit a small board.
 *
 * The text is the document's fields one after the other, then END. A field is the place of its line among the settings
 * of its object and a kind: "n" whole number, "b" truth, "t" text, each with a byte of length and so many bytes; "o" an
 * object, its fields and END; "l" a list, for each object ITEM, its fields and END, and at last another END. A setting that
 * was not written is absent: its default is found when it is asked for.
 */
import type { Bytes } from "../../hal/ports";
import { u8 } from "../base/bytes";
import { findText } from "../base/find";
import { wholeOf } from "../base/json_reader";
import { settingsOf } from "./spec";
import { CONFIGURATION_ERRORS_MAX } from "../limits";

/** Markers in the field-index byte: the object or list ends here; an object of a list begins. */
export const FIELDS_END = 255;
export const LIST_ITEM = 254;


export interface ConfigurationError {
  /** Such as `table.columns[3].type`; list places count from 0. "" is the whole document. */
  path: string;
  what: string;
  remedy: string;
}

/** One object of the document: its kind in configuration_spec, the text of all, and where its fields begin there. */
export interface Fields {
  object: string;
  text: Bytes;
  at: number;
}

/** An object in which nothing was written. */
export function createFields(object: string): Fields {
  return { object, text: u8(FIELDS_END), at: 0 };
}

/** Where the line of setting `name` begins in `settings`, which is not copied for it; -1 when there is none. */
export function findSettingLine(settings: string, name: string): number {
  if (name === "" || name.indexOf("|") >= 0 || name.indexOf("\n") >= 0) return -1;
  if (settings.substring(0, name.length + 1) === name + "|") return 0;
  const before = findText(settings, "\n" + name + "|");
  return before < 0 ? -1 : before + 1;
}

/** The line that begins at `at`, which findSettingLine gave; "" when there is none. */
export function settingLine(settings: string, at: number): string {
  if (at < 0) return "";
  const end = settings.indexOf("\n", at);
  return settings.substring(at, end < 0 ? settings.length : end);
}

/** Which of the lines of `settings` it is that begins at `end`. */
export function settingIndex(settings: string, end: number): number {
  let place = 0;
  for (let at = 0; at < end; place++) at = settings.indexOf("\n", at) + 1;
  return place;
}

/** Behind the field, or the object of a list, that begins at `at`. */
function skipField(text: Bytes, at: number): number {
  let depth = 0;
  let next = at;
  do {
    const place = text.charCodeAt(next);
    const kind = text.charAt(next + 1);
    if (place === FIELDS_END || place === LIST_ITEM) {
      depth += place === FIELDS_END ? -1 : 1;
      next++;
    } else if (kind === "o" || kind === "l") {
      depth++;
      next += 2;
    } else next += 3 + text.charCodeAt(next + 2);
  } while (depth > 0);
  return next;
}

/** Where the field whose line begins at `line` of its object's settings stands in the text; -1 when it was not written. */
function placedAt(fields: Fields, settings: string, line: number): number {
  const place = settingIndex(settings, line);
  const text = fields.text;
  for (let at = fields.at; text.charCodeAt(at) !== FIELDS_END; at = skipField(text, at)) {
    if (text.charCodeAt(at) === place) return at;
  }
  return -1;
}

/** Where the field stands in the text; -1 when it was not written. */
function fieldAt(fields: Fields, name: string): number {
  const settings = settingsOf(fields.object);
  return placedAt(fields, settings, findSettingLine(settings, name));
}

/** The bytes of a plain value as written, or its default; "" when it is left out and has none. */
export function textOf(fields: Fields | undefined, name: string): Bytes {
  if (fields === undefined) return "";
  const settings = settingsOf(fields.object);
  const line = findSettingLine(settings, name);
  const at = placedAt(fields, settings, line);
  if (at >= 0) return fields.text.substring(at + 3, at + 3 + fields.text.charCodeAt(at + 2));
  const parts = settingLine(settings, line).split("|");
  // A kind of object without this setting, such as a meter, which has no debounceMs.
  const standard = parts.length < 5 ? "" : parts[4]!;
  return standard === "!" || standard === "-" ? "" : standard;
}

/** Whether the document has this setting; a default is none. */
export function isWritten(fields: Fields, name: string): boolean {
  return fieldAt(fields, name) >= 0;
}

/** A whole number, 0 when it is left out. */
export function numberOf(fields: Fields | undefined, name: string): number {
  const words = textOf(fields, name);
  return words === "" ? 0 : words.charAt(0) === "-" ? -wholeOf(words.substring(1)) : wholeOf(words);
}

/** The boolean as written, else its default; undefined when something else was written. */
export function booleanOf(fields: Fields, name: string): boolean | undefined {
  const at = fieldAt(fields, name);
  return at >= 0 && fields.text.charAt(at + 1) !== "b" ? undefined : textOf(fields, name) === "true";
}

/** The object of kind `object` that a setting is; undefined when it is left out. */
export function objectOf(fields: Fields, name: string, object: string): Fields | undefined {
  const at = fieldAt(fields, name);
  return at < 0 ? undefined : { object, text: fields.text, at: at + 2 };
}

/** The first object, of kind `object`, of the list that a setting is; its `at` is 0 when there is none. */
export function firstItem(fields: Fields, name: string, object: string): Fields {
  const at = fieldAt(fields, name);
  return { object, text: fields.text, at: at >= 0 && fields.text.charCodeAt(at + 2) === LIST_ITEM ? at + 3 : 0 };
}

/** Turns an object of a list into the next one: thirty-two of them at once would not fit a small board. */
export function nextItem(item: Fields): void {
  const next = skipField(item.text, item.at - 1);
  item.at = item.text.charCodeAt(next) === LIST_ITEM ? next + 1 : 0;
}

/** Notes an error, up to CONFIGURATION_ERRORS_MAX. */
export function addError(errors: ConfigurationError[], path: string, what: string, remedy: string): void {
  if (errors.length < CONFIGURATION_ERRORS_MAX) errors.push({ path, what, remedy });
}
