/*
 * Puts a configuration document into a board's flash. Loaded when needed, on a board with or without one.
 *
 * Input: the document's bytes, from the serial port, the set-up page or the endpoint. Output: "" and a
 * stored document, or every mistake, one a line, and the old document in force. Invariant: nothing is
 * stored before all of the document has been checked.
 */
import type { Bytes, Ports } from "../hal/ports";
import type * as ConfigurationReader from "./block/configuration_reader";
import { restoreSecrets } from "./block/configuration_secrets";
import type { DeviceBoard } from "./device";
import { openLayout } from "./store/layout";
import { openSettings, readSettings } from "./store/settings";
import { writeSettings } from "./store/settings_write";

/**
 * Checks and stores a document that an endpoint offers as `revision` (-1: any). A document that says another
 * would be fetched again and again.
 */
export function provisionOffered(ports: Ports, board: DeviceBoard, given: Bytes, revision: number): string {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  if (layout === undefined) return "the flash areas of board " + board.name + " are too small; see docs/STORAGE.md";
  const settings = openSettings(ports.flash, ports.crypto, layout.settings);
  const old = readSettings(settings);
  const document = old === undefined ? given : restoreSecrets(given, old);
  const reader = ports.system.load("configuration_reader") as typeof ConfigurationReader | undefined;
  if (reader === undefined) return "the configuration_reader module is missing; deploy the board again";
  const result = reader.readConfiguration(document);
  let lines = "";
  for (let index = 0; index < result.mistakes.length; index++) {
    const mistake = result.mistakes[index];
    lines += (lines === "" ? "" : "\n") + (mistake.path === "" ? "" : mistake.path + ": ") + mistake.what + "; " + mistake.remedy;
  }
  if (result.configuration === undefined) return lines;
  if (revision >= 0 && result.configuration.revision !== revision) {
    return "revision: the document says " + result.configuration.revision + ", it was offered as " + revision + "; write " + revision + " into it";
  }
  const stored = writeSettings(settings, document);
  if (stored === "tooLong") return "the document has " + document.length + " bytes, this board holds " + settings.lengthMax + "; shorten it, for example the names of columns";
  return stored === "stored" ? "" : "the flash does not keep the document; replace the board";
}

/**
 * Checks and stores a document, in which "(secret)" stands for the secret that the board has; it takes effect
 * at the next start of the program.
 */
export function provision(ports: Ports, board: DeviceBoard, given: Bytes): string {
  return provisionOffered(ports, board, given, -1);
}
