/*
 * A configuration document as one text of its settings, each of them checked alone.
 *
 * Input: the bytes of the JSON document (docs/CONFIGURATION.md), piece by piece. Output: the text that fields.ts reads, or every
 * error with its path and remedy. This module is loaded only to read a document, and dropped.
 * Invariants: no document makes it throw; an error never hides the next one, as long as the text is JSON; documents of every
 * released version are read.
 */
import type { Bytes } from "../../hal/ports";
import { u8 } from "../base/bytes";
import { findText } from "../base/find";
import { createJsonStream, nextJson, skipJson, wholeOf } from "../base/json_reader";
import type { JsonReader, JsonSource } from "../base/json_reader";
import { FIELDS_END, LIST_ITEM, findSettingLine, settingLine, addError, settingIndex } from "./fields";
import type { ConfigurationError } from "./fields";
import { CONFIGURATION_VERSION, RENAMED, settingsOf } from "./spec";
import { plainValue, expectedText } from "./values";
import { SETTING_BYTES_MAX } from "../limits";


/** State of the reading of one document. */
export interface Reading {
  reader: JsonReader;
  version: number;
  /** RENAMED of configuration_spec. */
  renamed: string;
  errors: ConfigurationError[];
  /** The text made so far. */
  text: Bytes;
}

/** The name that a document of an older version means by `name`. */
function currentName(reading: Reading, object: string, name: string): string {
  if (reading.renamed === "") return name;
  const line = settingLine(reading.renamed, findSettingLine(reading.renamed, "" + reading.version + "/" + object + "/" + name));
  return line === "" ? name : line.split("|")[1]!;
}

function namesOf(settings: string): string {
  const lines = settings.split("\n");
  let names = "";
  for (let index = 0; index < lines.length; index++) names += (index > 0 ? ", " : "") + lines[index]!.split("|")[0];
  return names;
}

/** A required setting that is not among `seen` is an error. */
function missing(object: string, seen: string, path: string, errors: ConfigurationError[]): void {
  const lines = settingsOf(object).split("\n");
  for (let index = 0; index < lines.length; index++) {
    const parts = lines[index]!.split("|");
    if (parts[4] === "!" && findText(seen, "\n" + parts[0] + "\n") < 0) addError(errors, path === "" ? parts[0]! : path + "." + parts[0]!, "it is missing", expectedText(parts));
  }
}

/** An object or a list of the document that is not read to its end yet. */
interface Open {
  /** In configuration_spec: of the object, or of each object of the list. */
  object: string;
  /** "" for the document itself. */
  path: string;
  /** Names of the settings that were there. */
  seen: string;
  /** Objects of the list so far; -1 for an object. */
  count: number;
  /** Line of the list's setting; "" for an object. */
  line: string;
}

/** The next object of a list, or its end. Its own function: loops within loops must not lie deep. @apart */
function readItem(reading: Reading, open: Open, opened: Open[]): void {
  const reader = reading.reader;
  const token = nextJson(reader);
  if (token === "error") return;
  if (token === "]") {
    reading.text += u8(FIELDS_END);
    opened.pop();
    return;
  }
  const parts = open.line.split("|");
  const most = wholeOf(parts[3]!);
  const path = open.path + "[" + open.count + "]";
  if (open.count === most) addError(reading.errors, open.path, "the list is too long", expectedText(parts));
  open.count++;
  if (token !== "{") addError(reading.errors, path, "it is not an object", "write an object { ... }");
  if (token !== "{" || open.count > most) {
    skipJson(reader);
    return;
  }
  reading.text += u8(LIST_ITEM);
  opened.push({ object: open.object, path, seen: "\n", count: -1, line: "" });
}

/** The next setting of an object, or its end. @apart */
function readField(reading: Reading, open: Open, opened: Open[]): void {
  const reader = reading.reader;
  const errors = reading.errors;
  if (nextJson(reader) !== "key") {
    if (reader.token === "error") return;
    reading.text += u8(FIELDS_END);
    missing(open.object, open.seen, open.path, errors);
    opened.pop();
    return;
  }
  const written = reader.value;
  const name = currentName(reading, open.object, written);
  const dot = open.path === "" ? "" : open.path + ".";
  const path = dot + name;
  // Looked up once per field (the slowest step) and not kept for open parents.
  const settings = settingsOf(open.object);
  const lineStart = findSettingLine(settings, name);
  const line = settingLine(settings, lineStart);
  const token = nextJson(reader);
  if (line === "") {
    addError(errors, dot + written, "there is no such setting here", "remove it; known here are: " + namesOf(settings));
    skipJson(reader);
    return;
  }
  if (findText(open.seen, "\n" + name + "\n") >= 0) addError(errors, path, "it is written twice", "keep one of them");
  open.seen += name + "\n";
  const parts = line.split("|");
  const place = u8(settingIndex(settings, lineStart));
  if (parts[1] === "object" && token === "{") {
    reading.text += place + "o";
    opened.push({ object: parts[2]!, path, seen: "\n", count: -1, line: "" });
  } else if (parts[1] === "list" && token === "[") {
    reading.text += place + "l";
    opened.push({ object: parts[2]!, path, seen: "", count: 0, line });
  } else {
    const value = parts[1] === "object" || parts[1] === "list" ? undefined : plainValue(parts, token, reader.value);
    const text = ("" + value).substring(0, SETTING_BYTES_MAX);
    if (value !== undefined) reading.text += place + (typeof value === "number" ? "n" : typeof value === "boolean" ? "b" : "t") + u8(text.length) + text;
    else if (token !== "error") addError(errors, path, "the value does not fit", expectedText(parts));
    skipJson(reader);
  }
}

/**
 * Reads the object that the reader stands in ("{" was the last token) to the end of `reading.text`, as far as it is JSON; `path` is ""
 * for the document itself. The open containers are a list: no function may call itself (tools/build/lock_faults.ts).
 */
export function readFields(reading: Reading, object: string, path: string): void {
  const opened: Open[] = [{ object, path, seen: "\n", count: -1, line: "" }];
  while (opened.length > 0 && reading.reader.token !== "error") {
    const open = opened[opened.length - 1]!;
    if (open.count < 0) readField(reading, open, opened);
    else readItem(reading, open, opened);
  }
}

/** The version that the document says it has; 0 when it says none. */
function versionOf(document: JsonSource): number {
  const reader = createJsonStream(document);
  if (nextJson(reader) !== "{") return 0;
  while (nextJson(reader) === "key") {
    const found = reader.value === "version";
    const token = nextJson(reader);
    if (found) return token === "number" ? wholeOf(reader.value) : 0;
    skipJson(reader);
  }
  return 0;
}

export interface SettingsText {
  /** To be used only when there are no errors. */
  text: Bytes;
  errors: ConfigurationError[];
}

/** Reads a document that lies elsewhere, piece by piece: a small board cannot hold the text and what it says. */
export function readSettings(source: JsonSource): SettingsText {
  const errors: ConfigurationError[] = [];
  const version = versionOf(source);
  const reader = createJsonStream(source);
  const reading: Reading = { reader, version, renamed: RENAMED, errors: errors, text: "" };
  if (version > CONFIGURATION_VERSION) {
    addError(errors, "version", "the document is of version " + version + ", this firmware knows " + CONFIGURATION_VERSION, "update the firmware, or write the document for version " + CONFIGURATION_VERSION);
  } else if (nextJson(reader) !== "{" && reader.problem === "") addError(errors, "", "the document is not an object", "write { ... }");
  else {
    readFields(reading, "document", "");
    if (reader.token !== "error") nextJson(reader);
    if (reader.token === "error") {
      const line = reader.lines + reader.bytes.substring(0, reader.at).split("\n").length;
      addError(errors, "", "it is not JSON: " + reader.problem + " at byte " + (reader.base + reader.at) + ", line " + line, "mend the document there");
    }
  }
  return { text: reading.text, errors: errors };
}
