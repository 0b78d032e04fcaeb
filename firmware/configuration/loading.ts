/*
 * Reads a configuration document on a board: one half of the reader after the other, because there is not room for both.
 *
 * Input: a document, piece by piece. Output: a Configuration or its errors. Invariant: what reads the JSON is gone before
 * the record is made, which takes more memory than any other step of a start.
 */
import type { Bytes, SystemPort } from "../../hal/ports";
import type * as ConfigurationRecord from "./record";
import type * as ConfigurationText from "./text";
import type { ConfigurationError } from "./fields";
import type { Configuration } from "./configuration";
import type { JsonSource } from "../base/json_reader";

export interface ConfigurationResult {
  /** undefined when there are errors. */
  configuration: Configuration | undefined;
  errors: ConfigurationError[];
}

/** Bytes of a document in memory that are looked at together. */
export const PIECE_BYTES = 252;
/** The message for a loadConfiguration that gives nothing. */
export const READER_MISSING = "a module that reads configurations is missing; deploy the board again";

/** A function of its own: its module is gone when it returns. @apart */
function settingsFrom(system: SystemPort, source: JsonSource): ConfigurationText.SettingsText | undefined {
  const module = system.load("configuration_text") as typeof ConfigurationText | undefined;
  return module === undefined ? undefined : module.readSettings(source);
}

/** @apart */
function compiled(system: SystemPort, text: Bytes, errors: ConfigurationError[]): Configuration | undefined {
  const module = system.load("configuration_record") as typeof ConfigurationRecord | undefined;
  return module === undefined ? undefined : module.compileConfiguration(text, errors);
}

/** undefined when the board was not deployed whole. */
export function loadConfiguration(system: SystemPort, source: JsonSource): ConfigurationResult | undefined {
  const settings = settingsFrom(system, source);
  if (settings === undefined) return undefined;
  const errors = settings.errors;
  if (errors.length > 0) return { configuration: undefined, errors: errors };
  // Rules across settings are checked only when each setting is right.
  const configuration = compiled(system, settings.text, errors);
  return configuration === undefined ? undefined : { configuration: errors.length === 0 ? configuration : undefined, errors: errors };
}
