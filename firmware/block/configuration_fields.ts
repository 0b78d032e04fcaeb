/*
 * Reads one object of the configuration document into a plain record, field by field, by its lines in
 * configuration_spec.
 *
 * Input: a JSON reader standing on "{". Output: the record with defaults filled in, and a list of mistakes,
 * each with its path, what is wrong and what to do. Invariants: no document makes it throw; a mistake never
 * hides the next one, as long as the text is JSON; texts are UTF-8 bytes, decimals stay as written.
 */
import type { Bytes } from "../../hal/ports";
import { readU16, u16, u8 } from "../bytes";
import { findText } from "../text/find";
import { nextJson, skipJson, wholeOf } from "../text/json_reader";
import type { JsonReader } from "../text/json_reader";
import { settingsOf } from "./configuration_spec";
import { plainValue, wanted } from "./configuration_values";

/** More mistakes than this are not listed. */
export const MISTAKES_MAX = 20;

export interface Mistake {
  /** Such as `table.columns[3].type`; list places count from 0. "" is the whole document. */
  path: string;
  what: string;
  remedy: string;
}

export type FieldValue = string | number | boolean | Fields | Bytes[];

/** One object of the document: names and values side by side, because bundles shorten the names of real fields. */
export interface Fields {
  names: string[];
  values: FieldValue[];
}

/** The value of a setting; undefined when the document leaves it out and it has no default. */
export function fieldOf(fields: Fields | undefined, name: string): FieldValue | undefined {
  if (fields === undefined) return undefined;
  for (let index = 0; index < fields.names.length; index++) {
    if (fields.names[index] === name) return fields.values[index];
  }
  return undefined;
}

/** A whole number, 0 when it is left out. */
export function numberOf(fields: Fields | undefined, name: string): number {
  const value = fieldOf(fields, name);
  return value === undefined ? 0 : value as number;
}

/** A text, "" when it is left out. */
export function textOf(fields: Fields | undefined, name: string): string {
  const value = fieldOf(fields, name);
  return value === undefined ? "" : value as string;
}

/** A list of objects in their short form (itemAt opens one), empty when it is left out. */
export function listOf(fields: Fields | undefined, name: string): Bytes[] {
  const value = fieldOf(fields, name);
  return value === undefined ? [] : value as Bytes[];
}

/**
 * An object of a list as one text: sixteen inputs or thirty-two columns as records would not fit a small board.
 * Each field is the place of its line among the settings, its kind, and its length and text.
 */
function packed(object: string, fields: Fields): Bytes {
  const lines = "\n" + settingsOf(object);
  let text = "";
  for (let index = 0; index < fields.names.length; index++) {
    const value = fields.values[index];
    const kind = typeof value === "number" ? "n" : typeof value === "boolean" ? "b" : "t";
    const words = kind === "n" ? "" + (value as number) : kind === "b" ? value === true ? "1" : "0" : value as string;
    const place = lines.substring(0, findText(lines, "\n" + fields.names[index] + "|")).split("\n").length - 1;
    text += u8(place) + kind + u16(words.length) + words;
  }
  return text;
}

/** The object at `place` of a list of objects of kind `object`. */
export function itemAt(list: Bytes[], place: number, object: string): Fields {
  const lines = settingsOf(object).split("\n");
  const text = list[place];
  const fields: Fields = { names: [], values: [] };
  let at = 0;
  while (at < text.length) {
    const kind = text.charAt(at + 1);
    const end = at + 4 + readU16(text, at + 2);
    const words = text.substring(at + 4, end);
    fields.names.push(lines[text.charCodeAt(at)].split("|")[0]);
    fields.values.push(kind === "b" ? words === "1" : kind === "t" ? words : words.charAt(0) === "-" ? -wholeOf(words.substring(1)) : wholeOf(words));
    at = end;
  }
  return fields;
}

function setField(fields: Fields, name: string, value: FieldValue | undefined): void {
  if (value === undefined) return;
  fields.names.push(name);
  fields.values.push(value);
}

/** What is common to the reading of one document. */
export interface Reading {
  reader: JsonReader;
  version: number;
  /** RENAMED of configuration_spec. */
  renamed: string;
  mistakes: Mistake[];
}

/** Notes a mistake, up to MISTAKES_MAX. */
export function mistake(mistakes: Mistake[], path: string, what: string, remedy: string): void {
  if (mistakes.length < MISTAKES_MAX) mistakes.push({ path, what, remedy });
}

/** The line of setting `name` in `settings`; "" when there is none. */
function lineOf(settings: string, name: string): string {
  if (name === "" || name.indexOf("|") >= 0 || name.indexOf("\n") >= 0) return "";
  const all = "\n" + settings + "\n";
  const at = findText(all, "\n" + name + "|");
  return at < 0 ? "" : all.substring(at + 1, all.indexOf("\n", at + 1));
}

/** The name that a document of an older version means by `name`. */
function currentName(reading: Reading, object: string, name: string): string {
  const line = lineOf(reading.renamed, "" + reading.version + "/" + object + "/" + name);
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
    if (findText(seen, "\n" + parts[0] + "\n") >= 0 || parts[4] === "-") continue;
    if (parts[4] === "!") mistake(mistakes, path === "" ? parts[0] : path + "." + parts[0], "it is missing", wanted(parts));
    else setField(fields, parts[0], parts[1] === "whole" ? wholeOf(parts[4]) : parts[1] === "truth" ? parts[4] === "true" : parts[4]);
  }
}

/** Reads the object that the reader stands in ("{" was the last token); `path` is "" for the document itself. */
export function readFields(reading: Reading, object: string, path: string): Fields {
  const reader = reading.reader;
  const fields: Fields = { names: [], values: [] };
  let seen = "\n";
  while (nextJson(reader) === "key") {
    const written = reader.value;
    const name = currentName(reading, object, written);
    const at = path === "" ? name : path + "." + name;
    // Asked for again and again: held on to, the settings of all open objects would take a hundred variables.
    const line = lineOf(settingsOf(object), name);
    let token = nextJson(reader);
    if (line === "") {
      mistake(reading.mistakes, path === "" ? written : path + "." + written, "there is no such setting here", "remove it; known here are: " + namesOf(settingsOf(object)));
      skipJson(reader);
      continue;
    }
    if (findText(seen, "\n" + name + "\n") >= 0) mistake(reading.mistakes, at, "it is written twice", "keep one of them");
    seen += name + "\n";
    const parts = line.split("|");
    if (parts[1] === "object" && token === "{") setField(fields, name, readFields(reading, parts[2], at));
    else if (parts[1] === "list" && token === "[") {
      const list: Bytes[] = [];
      token = nextJson(reader);
      for (let place = 0; token !== "]" && token !== "error"; place++) {
        const item = at + "[" + place + "]";
        if (token !== "{") mistake(reading.mistakes, item, "it is not an object", "write an object { ... }");
        else list.push(packed(parts[2], readFields(reading, parts[2], item)));
        skipJson(reader);
        if (place === wholeOf(parts[3])) mistake(reading.mistakes, at, "the list is too long", wanted(parts));
        token = nextJson(reader);
      }
      setField(fields, name, list);
    } else {
      const value = parts[1] === "object" || parts[1] === "list" ? undefined : plainValue(parts, token, reader.value);
      if (value === undefined && token !== "error") mistake(reading.mistakes, at, "the value does not fit", wanted(parts));
      setField(fields, name, value);
      skipJson(reader);
    }
    if (reader.token === "error") return fields;
  }
  if (reader.token !== "error") fillDefaults(fields, settingsOf(object), seen, path, reading.mistakes);
  return fields;
}
