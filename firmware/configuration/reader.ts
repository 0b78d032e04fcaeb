/*
 * From the configuration document to the record that the program keeps, for computers, which have both halves in memory.
 *
 * Input: the bytes of the JSON document (docs/CONFIGURATION.md). Output: a complete Configuration, or every
 * error with its path and remedy; never both. Invariants: the verdict is that of a board, which has the same two halves and fetches one
 * after the other (loading.ts), and stops after the first with errors; here what settings say together is judged even
 * then, as far as it does not depend on a setting that is wrong.
 */
import type { Bytes } from "../../hal/ports";
import { PIECE_BYTES } from "./loading";
import type { ConfigurationResult } from "./loading";
import { findText } from "../base/find";
import type { Configuration } from "./configuration";
import { addError } from "./fields";
import type { ConfigurationError } from "./fields";
import { compileConfiguration } from "./record";
import { readSettings } from "./text";

export interface ConfigurationReading extends ConfigurationResult {
  /** The readable part of a document with errors, without its wrong settings: for display, never for use. */
  draft: Configuration | undefined;
}

/** Paths of settings, the nearest object that holds `path` first: "a.b[2].c" is in "a.b[2]", "a.b" and "a". "" for the document. */
function parentOf(path: Bytes): Bytes {
  let end = path.length - 1;
  while (end > 0 && path.charAt(end) !== "." && path.charAt(end) !== "[") end--;
  return end > 0 ? path.substring(0, end) : "";
}

/** Does what settings say together, told as `path` and `what`, depend on a setting that is wrong? Of columns also through the list that they are fed by. */
export function dependsOnErrors(path: Bytes, what: Bytes, errors: ConfigurationError[]): boolean {
  for (let index = 0; index < errors.length; index++) {
    const wrong = errors[index]!.path;
    const holder = parentOf(wrong);
    if (wrong === "" || wrong === "version" || path === wrong || findText(path, wrong) === 0 || findText(wrong, path) === 0) return true;
    if (holder !== "" && holder.indexOf("[") >= 0 && findText(path, holder) === 0) return true;
    // "pin 4 is used by meters[0] too": the other setting's value is not known.
    if (holder !== "" && findText(what, holder) >= 0) return true;
    const feeds = findText(wrong, "customInputs") === 0 || findText(wrong, "meters") === 0 || findText(wrong, "readers") === 0 || findText(wrong, "tariff") === 0;
    if (feeds && (findText(path, "table.columns") === 0 || findText(path, "block") === 0)) return true;
  }
  return false;
}

/** Reads a whole document. */
export function readConfiguration(bytes: Bytes): ConfigurationReading {
  const settings = readSettings(function (at: number): Bytes {
    return bytes.substring(at, at + PIECE_BYTES);
  });
  const errors = settings.errors;
  const single = errors.length;
  // Of a document that is no JSON, or of another version, nothing is known.
  for (let index = 0; index < single; index++) {
    if (errors[index]!.path === "" || errors[index]!.path === "version") return { configuration: undefined, errors: errors, draft: undefined };
  }
  const together: ConfigurationError[] = [];
  const draft = compileConfiguration(settings.text, together);
  const known: ConfigurationError[] = [];
  for (let index = 0; index < single; index++) known.push(errors[index]!);
  for (let index = 0; index < together.length; index++) {
    const one = together[index]!;
    if (!dependsOnErrors(one.path, one.what, known)) addError(errors, one.path, one.what, one.remedy);
  }
  return { configuration: errors.length === 0 ? draft : undefined, errors: errors, draft: draft };
}
