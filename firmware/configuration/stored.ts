/*
 * The configuration that a board's flash holds, as the record that the program keeps.
 *
 * Input: the ports and flash areas of a board. Output: a Configuration, or undefined with lines for the
 * console. Invariant: loaded by name before anything else of the start, and dropped: reading a document
 * takes more memory than any other step, so nothing else should be there.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type { Configuration } from "./configuration";
import { READER_MISSING, loadConfiguration } from "./loading";
import { openLayout } from "../store/layout";
import type { DeviceBoard } from "../store/layout";
import { BLOB_BLOCK_BYTES, readBlob } from "../store/blob";
import { openSettings } from "./store";

/** The configuration in force; undefined, with a line for the console, when there is none that can be read. */
export function storedConfiguration(ports: Ports, board: DeviceBoard): Configuration | undefined {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  if (layout === undefined) {
    ports.system.log("fault: the flash areas of board " + board.name + " are too small; see docs/STORAGE.md");
    return undefined;
  }
  const settings = openSettings(ports.flash, ports.crypto, layout.settings);
  if (settings.generation === 0) {
    ports.system.log("not configured: provision this board (docs/INSTALL.md)");
    return undefined;
  }
  const result = loadConfiguration(ports.system, function (at: number): Bytes {
    const piece = readBlob(settings, at, BLOB_BLOCK_BYTES);
    // A document that ends too early is no JSON, and its error says where.
    if (piece === undefined) ports.system.log("fault: the flash has lost a part of the configuration; provision the board again");
    return piece === undefined ? "" : piece;
  });
  if (result === undefined) {
    ports.system.log("fault: " + READER_MISSING);
    return undefined;
  }
  for (let index = 0; index < result.errors.length; index++) {
    const error = result.errors[index]!;
    ports.system.log("configuration: " + error.path + ": " + error.what + "; " + error.remedy);
  }
  return result.configuration;
}
