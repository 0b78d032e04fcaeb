/*
 * The configuration that a board's flash holds, as the record that the program keeps.
 *
 * Input: the ports and flash areas of a board. Output: a Configuration, or undefined with lines for the
 * console. Invariant: loaded by name before anything else of the start, and dropped: reading a document
 * takes more memory than any other step, so nothing else should be there.
 */
import type { Ports } from "../hal/ports";
import type * as ConfigurationReader from "./block/configuration_reader";
import type { Configuration } from "./configuration";
import type { DeviceBoard } from "./device";
import { openLayout } from "./store/layout";
import { openSettings, readSettings } from "./store/settings";

/** The configuration in force; undefined, with a line for the console, when there is none that can be read. */
export function storedConfiguration(ports: Ports, board: DeviceBoard): Configuration | undefined {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  if (layout === undefined) {
    ports.system.log("fault: the flash areas of board " + board.name + " are too small; see docs/STORAGE.md");
    return undefined;
  }
  const document = readSettings(openSettings(ports.flash, ports.crypto, layout.settings));
  if (document === undefined) {
    ports.system.log("not configured: provision this board (docs/INSTALL.md)");
    return undefined;
  }
  const reader = ports.system.load("configuration_reader") as typeof ConfigurationReader | undefined;
  if (reader === undefined) {
    ports.system.log("fault: the configuration_reader module is missing; deploy the board again");
    return undefined;
  }
  const result = reader.readConfiguration(document);
  for (let index = 0; index < result.mistakes.length; index++) {
    const mistake = result.mistakes[index];
    ports.system.log("configuration: " + mistake.path + ": " + mistake.what + "; " + mistake.remedy);
  }
  return result.configuration;
}
