/*
 * From the configuration document to the record that the program keeps, for computers, which have both halves in memory.
 *
 * Input: the bytes of the JSON document (docs/CONFIGURATION.md). Output: a complete Configuration, or every
 * error with its path and remedy; never both. Invariant: the judgement is that of a board, which has the same two halves and fetches one
 * after the other (configuration_loading.ts).
 */
import type { Bytes } from "../../hal/ports";
import { PIECE_BYTES } from "./loading";
import type { ConfigurationResult } from "./loading";
import { compileConfiguration } from "./record";
import { readSettings } from "./text";

/** Reads a whole document. */
export function readConfiguration(bytes: Bytes): ConfigurationResult {
  const settings = readSettings(function (at: number): Bytes {
    return bytes.substring(at, at + PIECE_BYTES);
  });
  // What settings say together is judged only when each of them is right.
  const errors = settings.errors;
  const configuration = errors.length === 0 ? compileConfiguration(settings.text, errors) : undefined;
  return { configuration: errors.length === 0 ? configuration : undefined, errors: errors };
}
