/*
 * A configuration document as one text of its settings, each of them checked by itself.
 *
 * Input: the bytes of the JSON document (docs/CONFIGURATION.md), piece by piece. Output: the text that configuration_fields.ts reads, or every
 * mistake with its path and remedy. This module is loaded only to read a document, and dropped.
 * Invariants: no document makes it throw; documents of every released version are read.
 */
import type { Bytes } from "../../hal/ports";
import { createJsonStream, nextJson, skipJson, wholeOf } from "../text/json_reader";
import type { JsonSource } from "../text/json_reader";
import { mistake, readFields } from "./configuration_fields";
import type { Mistake, Reading } from "./configuration_fields";
import { CONFIGURATION_VERSION, RENAMED } from "./configuration_spec";

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
  /** To be used only when there are no mistakes. */
  text: Bytes;
  mistakes: Mistake[];
}

/** Reads a document that lies elsewhere, piece by piece: a small board cannot hold the text and what it says. */
export function readSettings(source: JsonSource): SettingsText {
  const mistakes: Mistake[] = [];
  const version = versionOf(source);
  const reader = createJsonStream(source);
  const reading: Reading = { reader, version, renamed: RENAMED, mistakes, text: "" };
  if (version > CONFIGURATION_VERSION) {
    mistake(mistakes, "version", "the document is of version " + version + ", this firmware knows " + CONFIGURATION_VERSION, "update the firmware, or write the document for version " + CONFIGURATION_VERSION);
  } else if (nextJson(reader) !== "{" && reader.problem === "") mistake(mistakes, "", "the document is not an object", "write { ... }");
  else {
    readFields(reading, "document", "");
    if (reader.token !== "error") nextJson(reader);
    if (reader.token === "error") {
      const line = reader.lines + reader.bytes.substring(0, reader.at).split("\n").length;
      mistake(mistakes, "", "it is not JSON: " + reader.problem + " at byte " + (reader.base + reader.at) + ", line " + line, "mend the document there");
    }
  }
  return { text: reading.text, mistakes };
}
