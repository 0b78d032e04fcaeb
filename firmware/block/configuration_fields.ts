/*
 * Reads one object of the configuration document into a plain record, field by field, by its lines in
 * configuration_spec.
 *
 * Input: a JSON reader standing on "{". Output: the record with defaults filled in, and a list of mistakes,
 * each with its path, what is wrong and what to do. Invariants: no document makes it throw; a mistake never
 * hides the next one, as long as the text is JSON; texts are UTF-8 bytes, decimals stay as written.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex } from "../bytes";
import { decimalDigits } from "../text/decimal";
import { nextJson, skipJson, wholeOf } from "../text/json_reader";
import type { JsonReader } from "../text/json_reader";
import { RENAMED, settingsOf } from "./configuration_spec";

/** More mistakes than this are not listed. */
export const MISTAKES_MAX = 20;

export interface Mistake {
  /** Such as `table.columns[3].type`; list places count from 0. "" is the whole document. */
  path: string;
  what: string;
  remedy: string;
}

/** A record of one object; absent settings with default "-" are undefined. */
export interface Fields {
  [name: string]: string | number | boolean | Fields | Fields[] | undefined;
}

/** What is common to the reading of one document. */
export interface Reading {
  reader: JsonReader;
  version: number;
  mistakes: Mistake[];
}

/** Notes a mistake, up to MISTAKES_MAX. */
export function mistake(mistakes: Mistake[], path: string, what: string, remedy: string): void {
  if (mistakes.length < MISTAKES_MAX) mistakes.push({ path, what, remedy });
}

/** Only characters from " " on, and no DEL. */
function printable(text: Bytes): boolean {
  for (let index = 0; index < text.length; index++) {
    if (text.charCodeAt(index) < 32 || text.charCodeAt(index) === 127) return false;
  }
  return true;
}

function isId(text: Bytes): boolean {
  for (let index = 0; index < text.length; index++) {
    if ("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-".indexOf(text.charAt(index)) < 0) return false;
  }
  return true;
}

/** Minutes of "HH:MM"; -1 when it is none. */
export function minutesOf(text: Bytes): number {
  if (text.length !== 5 || text.charAt(2) !== ":") return -1;
  const hour = wholeOf(text.charAt(0) === "0" ? text.charAt(1) : text.substring(0, 2));
  const minute = wholeOf(text.charAt(3) === "0" ? text.charAt(4) : text.substring(3));
  return hour < 0 || hour > 23 || minute < 0 || minute > 59 ? -1 : hour * 60 + minute;
}

/** What a value of this kind must be, in words; the remedy of a wrong one. */
function wanted(parts: string[]): string {
  const kind = parts[1];
  if (kind === "whole") return "write a whole number from " + parts[2] + " to " + parts[3];
  if (kind === "text") return "write " + parts[2] + " to " + parts[3] + " bytes of text in quotes, without line breaks or other control characters";
  if (kind === "id") return "write " + parts[2] + " to " + parts[3] + " letters, digits, \".\", \"_\" or \"-\" in quotes";
  if (kind === "choice") return "write one of: " + parts[2].split(",").join(", ");
  if (kind === "truth") return "write true or false";
  if (kind === "decimal" || kind === "signed") return "write a decimal in quotes, such as \"25.5\", with at most " + parts[2] + " digits before and " + parts[3] + " behind the point";
  if (kind === "time") return "write a time of day in quotes, \"00:00\" to \"23:59\"";
  if (kind === "hex") return "write " + parts[2] + " to " + parts[3] + " bytes as hexadecimal digits in quotes, two a byte";
  if (kind === "url") return "write an address that begins with http:// or https://, at most " + parts[3] + " bytes, without spaces";
  if (kind === "value") return "write a text in quotes, a number, true or false";
  if (kind === "list") return "write a list [ … ] of at most " + parts[3] + " objects";
  return "write an object { … }";
}

/** Is `text`, a text or a number as written, a value of a kind that is no object or list? Returns it, or undefined. */
function plainValue(parts: string[], token: string, text: Bytes): string | number | boolean | undefined {
  const kind = parts[1];
  if (kind === "truth") return token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "whole") {
    if (token !== "number") return undefined;
    const size = wholeOf(text.charAt(0) === "-" ? text.substring(1) : text);
    const value = text.charAt(0) === "-" ? -size : size;
    const least = parts[2].charAt(0) === "-" ? -wholeOf(parts[2].substring(1)) : wholeOf(parts[2]);
    return size < 0 || value < least || value > wholeOf(parts[3]) ? undefined : value;
  }
  if (kind === "value") return token === "text" || token === "number" ? text : token === "true" ? true : token === "false" ? false : undefined;
  if (kind === "decimal" || kind === "signed") {
    const digits = decimalDigits(text);
    if (digits === undefined || (token === "number" && digits.fraction > 0) || (token !== "number" && token !== "text")) return undefined;
    return digits.whole > wholeOf(parts[2]) || digits.fraction > wholeOf(parts[3]) || (kind === "decimal" && text.charAt(0) === "-") ? undefined : text;
  }
  if (token !== "text") return undefined;
  if (kind === "choice") return text !== "" && text.indexOf(",") < 0 && ("," + parts[2] + ",").indexOf("," + text + ",") >= 0 ? text : undefined;
  if (kind === "time") return minutesOf(text) < 0 ? undefined : text;
  const units = kind === "hex" ? text.length / 2 : text.length;
  if (units < wholeOf(parts[2]) || units > wholeOf(parts[3]) || !printable(text)) return undefined;
  if (kind === "id" && !isId(text)) return undefined;
  if (kind === "hex" && bytesOfHex(text) === undefined) return undefined;
  if (kind === "url" && (text.indexOf(" ") >= 0 || !((text.indexOf("http://") === 0 && text.length > 7) || (text.indexOf("https://") === 0 && text.length > 8)))) return undefined;
  return text;
}

/** The line of setting `name` in `settings`; "" when there is none. */
function lineOf(settings: string, name: string): string {
  if (name === "" || name.indexOf("|") >= 0 || name.indexOf("\n") >= 0) return "";
  const all = "\n" + settings + "\n";
  const at = all.indexOf("\n" + name + "|");
  return at < 0 ? "" : all.substring(at + 1, all.indexOf("\n", at + 1));
}

/** The name that a document of an older version means by `name`. */
function currentName(reading: Reading, object: string, name: string, renamed: string): string {
  const line = lineOf(renamed, "" + reading.version + "/" + object + "/" + name);
  return line === "" ? name : line.split("|")[1];
}

function namesOf(settings: string): string {
  const lines = settings.split("\n");
  let names = "";
  for (let index = 0; index < lines.length; index++) names += (index > 0 ? ", " : "") + lines[index].split("|")[0];
  return names;
}

/** Fills in the defaults of all settings that are not among `seen`; a missing required one is a mistake. */
export function fillDefaults(fields: Fields, settings: string, seen: string, path: string, mistakes: Mistake[]): void {
  const lines = settings.split("\n");
  for (let index = 0; index < lines.length; index++) {
    const parts = lines[index].split("|");
    if (seen.indexOf("\n" + parts[0] + "\n") >= 0 || parts[4] === "-") continue;
    if (parts[4] === "!") mistake(mistakes, path === "" ? parts[0] : path + "." + parts[0], "it is missing", wanted(parts));
    else fields[parts[0]] = parts[1] === "whole" ? wholeOf(parts[4]) : parts[1] === "truth" ? parts[4] === "true" : parts[4];
  }
}

/** Reads the object that the reader stands in ("{" was the last token); `path` is "" for the document itself. */
export function readFields(reading: Reading, object: string, path: string): Fields {
  const reader = reading.reader;
  const settings = settingsOf(object);
  const fields: Fields = {};
  let seen = "\n";
  while (nextJson(reader) === "key") {
    const written = reader.value;
    const name = currentName(reading, object, written, RENAMED);
    const at = path === "" ? name : path + "." + name;
    const line = lineOf(settings, name);
    let token = nextJson(reader);
    if (line === "") {
      mistake(reading.mistakes, path === "" ? written : path + "." + written, "there is no such setting here", "remove it; known here are: " + namesOf(settings));
      skipJson(reader);
      continue;
    }
    if (seen.indexOf("\n" + name + "\n") >= 0) mistake(reading.mistakes, at, "it is written twice", "keep one of them");
    seen += name + "\n";
    const parts = line.split("|");
    if (parts[1] === "object" && token === "{") fields[name] = readFields(reading, parts[2], at);
    else if (parts[1] === "list" && token === "[") {
      const list: Fields[] = [];
      token = nextJson(reader);
      for (let place = 0; token !== "]" && token !== "error"; place++) {
        const item = at + "[" + place + "]";
        if (token !== "{") mistake(reading.mistakes, item, "it is not an object", "write an object { … }");
        else list.push(readFields(reading, parts[2], item));
        skipJson(reader);
        if (place === wholeOf(parts[3])) mistake(reading.mistakes, at, "the list is too long", wanted(parts));
        token = nextJson(reader);
      }
      fields[name] = list;
    } else {
      const value = parts[1] === "object" || parts[1] === "list" ? undefined : plainValue(parts, token, reader.value);
      if (value === undefined && token !== "error") mistake(reading.mistakes, at, "the value does not fit", wanted(parts));
      fields[name] = value;
      skipJson(reader);
    }
    if (reader.token === "error") return fields;
  }
  if (reader.token !== "error") fillDefaults(fields, settings, seen, path, reading.mistakes);
  return fields;
}
