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

/** Settings that others are judged by; of every other one a wrong value says nothing about its neighbours. */
const DECISIVE = "|at|content|from|index|meter|pin|port|pull|scaleHigh|scaleLow|source|target|type|url|value|";

/** Is `wrong` a setting, or a whole object or list, that others are judged by? */
function isDecisive(wrong: Bytes): boolean {
  const holder = parentOf(wrong);
  return holder === "" || wrong.charAt(wrong.length - 1) === "]" || findText(DECISIVE, "|" + wrong.substring(holder.length + 1) + "|") >= 0;
}

/** Do the words `what` of an error speak of the list or object that holds the wrong setting `wrong`? */
function isFedBy(wrong: Bytes, what: Bytes): boolean {
  if (findText(wrong, "customInputs") === 0) return findText(what, "ci") === 0 || findText(what, "custom input ") === 0;
  if (findText(wrong, "meters") === 0) return findText(what, " needs meter ") >= 0 || findText(what, " needs a meter") >= 0 || findText(what, "there is no meter ") === 0;
  if (findText(wrong, "readers") === 0) return findText(what, "there is no reader ") === 0;
  return findText(wrong, "tariff") === 0 && (findText(what, " needs a tariff") >= 0 || findText(what, "there is no tariff") === 0);
}

/** Does what settings say together, told as `path` and `what`, depend on a setting that is wrong? */
export function dependsOnErrors(path: Bytes, what: Bytes, errors: ConfigurationError[]): boolean {
  for (let index = 0; index < errors.length; index++) {
    const wrong = errors[index]!.path;
    if (wrong === "" || wrong === "version" || path === wrong || findText(path, wrong) === 0) return true;
    if (!isDecisive(wrong)) continue;
    const holder = parentOf(wrong);
    if (findText(wrong, path) === 0 || (holder.indexOf("[") >= 0 && findText(path, holder) === 0)) return true;
    // "pin 4 is used by meters[0] too": the other setting's value is not known.
    if (holder !== "" && findText(what, holder) >= 0) return true;
    if (isFedBy(wrong, what)) return true;
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
  // Of a document that is not JSON, or of another version, nothing is known.
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
