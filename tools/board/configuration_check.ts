/*
 * `npx sdc config check FILE`: every error of a configuration document, with its path and what to do.
 *
 * Input: the path of a file, and the board that it is for, where that is known. Output: lines to print and an exit code: 0 the document is right, 1 it has
 * errors, 2 it cannot be read; a warning of a meter's settings is no error. Invariant: the judgement is the board's own, firmware/configuration/reader.
 */
import { configurationErrors } from "../../boards/configuration_pins";
import { BOARDS } from "../../boards/index";
import { restoreSecrets } from "../../firmware/configuration/secrets";
import { dependsOnErrors, readConfiguration } from "../../firmware/configuration/reader";
import { meterWarning } from "../../firmware/inputs/s0_check";
import { readNamedFile } from "../cli/named_file";
import { sizeErrors } from "./document_size";
import { jsonHint, nameHint, visible } from "./json_hint";

export interface CheckResult {
  lines: string[];
  exitCode: number;
}

/** The damage that an editor did to the whole file, with the remedy; "" for none. `bytes` is latin1. */
function editorsMark(bytes: string): string {
  if (bytes.trim() === "") return "the file is empty; begin with a copy of docs/examples/wallbox.json";
  if (/^(\xff\xfe|\xfe\xff)/.test(bytes)) return "the file is UTF-16; save it as UTF-8 without byte order mark";
  return bytes.startsWith("\xef\xbb\xbf") ? "the file begins with a byte order mark; save it as UTF-8 without one" : "";
}

const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? "" : "s"}`;

/** In the place of secrets that only the board has: right in form; their values are known to the board alone. */
const STAND_INS = JSON.stringify({ endpoint: { key: "00".repeat(32) }, network: { password: "x".repeat(8) }, device: { password: "x" }, api: { token: "x".repeat(16) } });

/**
 * Checks the document in `file`; with the name of a board also whether that board has the pins. Checks no pins for a name that is not in boards/.
 * `keepsSecrets`: "(secret)" stands for one that the board has, as in a document of the configuration page; the board says which it has not.
 */
export function checkConfiguration(file: string, boardName = "", keepsSecrets = false): CheckResult {
  const found = readNamedFile(file);
  if (typeof found === "string") return { lines: [found], exitCode: 2 };
  const bytes = found.toString("latin1");
  const unreadable = editorsMark(bytes);
  if (unreadable !== "") return { lines: [`${file}: ${unreadable}`], exitCode: 1 };
  const { configuration, draft, errors } = readConfiguration(keepsSecrets ? restoreSecrets(bytes, STAND_INS, undefined) : bytes);
  const text = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");
  const board = BOARDS.find((one) => one.name === boardName);
  // Pins that the board lacks are reported together with the errors, so that one run shows all.
  const absent = board === undefined || draft === undefined ? [] : configurationErrors(board, draft).filter((line) => !dependsOnErrors(line.split(": ")[1] ?? "", line, errors));
  const size = board === undefined ? { error: "", warning: "" } : sizeErrors(board, bytes);
  if (size.error !== "") absent.push(size.error);
  if (configuration === undefined || absent.length > 0) {
    const lines = errors.map(({ path, what, remedy }) => {
      const hint = path === "" ? jsonHint(bytes, what) : nameHint(text(path));
      return `${path === "" ? "the document" : visible(text(path))}: ${text(what)}${hint === "" ? "" : ` (${hint})`}; ${remedy}`;
    });
    return { lines: [...[...lines, ...absent].map((line) => `${file}: ${line}`), `${file}: ${counted(errors.length + absent.length, "error")}`], exitCode: 1 };
  }
  const { columns, customInputs, hardware: wiring } = configuration;
  const meters = wiring?.meters ?? [];
  const readers = wiring?.readers ?? [];
  // Settings that are allowed and still cannot count right at a wallbox's full power.
  const warnings = meters.map(meterWarning)
    .flatMap((warning, place) => (warning === "" ? [] : [`${file}: warning: meters[${place}]: ${warning}`]));
  if (size.warning !== "") warnings.push(`${file}: warning: ${size.warning}`);
  return {
    lines: [...warnings, `${file}: right (device ${configuration.deviceId}, ${counted(columns.ids.length, "column")}, ${counted(customInputs.indexes.length, "custom input")}, ${counted(meters.length, "meter")}, ${counted(readers.length, "reader")})`],
    exitCode: 0,
  };
}
