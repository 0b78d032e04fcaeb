/*
 * The configuration that a board's flash holds, as the record that the program keeps.
 *
 * Input: the ports and flash areas of a board. Output: a Configuration, or undefined with lines for the
 * console. Invariant: loaded by name before anything else of the start, and dropped: reading a document
 * takes more memory than any other step, so nothing else should be there.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type * as CompiledRead from "./compiled_read";
import type * as CompiledWrite from "./compiled_write";
import type { Configuration, CustomInputsConfiguration } from "./configuration";
import { READER_MISSING, loadConfiguration } from "./loading";
import { u8 } from "../base/bytes";
import { CONTENT_CUSTOM_INPUT, CONTENT_NONE } from "../protocol";
import { openLayout } from "../store/layout";
import type { DeviceBoard } from "../store/layout";
import { BLOB_BLOCK_BYTES, readBlob, takeGeneration } from "../store/blob";
import { heldGeneration, openSettings } from "./store";
import type { Settings } from "./store";

/** The record that an earlier start kept behind the document. @apart */
function compiledEarlier(ports: Ports, settings: Settings): Configuration | undefined {
  const module = ports.system.load("compiled_read") as typeof CompiledRead | undefined;
  return module === undefined ? undefined : module.readCompiled(settings);
}

/** Keeps the record for the next start, which is much shorter with it. @apart */
function keepForNextStart(ports: Ports, settings: Settings, configuration: Configuration): void {
  const module = ports.system.load("compiled_write") as typeof CompiledWrite | undefined;
  if (module !== undefined && module.keepCompiled(settings, configuration) === "fault") ports.system.log("fault: the compiled configuration cannot be stored; each start takes longer");
}

/** The record of the document that `settings` has in force; undefined, with lines for the console, when it cannot be read. */
function configurationIn(ports: Ports, settings: Settings): Configuration | undefined {
  const earlier = compiledEarlier(ports, settings);
  if (earlier !== undefined) return earlier;
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
  if (result.configuration !== undefined) keepForNextStart(ports, settings, result.configuration);
  return result.configuration;
}

/** Type of custom input `index`, "" when it is not declared. */
function inputType(inputs: CustomInputsConfiguration, index: number): string {
  return inputs.types.charAt(inputs.indexes.indexOf(String.fromCharCode(index)));
}

/**
 * Puts the table of `earlier` into `configuration`, whose own one waits for the next session. A custom input that is
 * of another type now leaves its column empty.
 */
function holdTable(ports: Ports, configuration: Configuration, earlier: Configuration): void {
  configuration.next = {
    tableId: configuration.tableId, rowMode: configuration.rowMode, writeAt: configuration.writeAt, columns: configuration.columns,
  };
  configuration.tableId = earlier.tableId;
  configuration.rowMode = earlier.rowMode;
  configuration.writeAt = earlier.writeAt;
  configuration.columns = earlier.columns;
  const columns = configuration.columns;
  let contents = "";
  for (let index = 0; index < columns.ids.length; index++) {
    const input = columns.contents.charCodeAt(index) - CONTENT_CUSTOM_INPUT;
    const isOther = input > 0 && inputType(configuration.customInputs, input) !== inputType(earlier.customInputs, input);
    if (isOther) ports.system.log("custom input " + input + " is of another type than when the session began: its column stays empty");
    contents += isOther ? u8(CONTENT_NONE) : columns.contents.charAt(index);
  }
  columns.contents = contents;
  const hardware = configuration.hardware;
  if (hardware !== undefined && configuration.tariff !== undefined && earlier.tariff !== undefined) {
    hardware.costUnitChanged = configuration.tariff.minorDigits !== earlier.tariff.minorDigits;
  }
}

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
  const newest = settings.generation;
  // The document with which the running session began comes first: its record is small by the time that the newer one is read.
  const isHeld = takeGeneration(settings, heldGeneration(ports, layout.keyValues));
  const held = isHeld ? configurationIn(ports, settings) : undefined;
  const configuration = configurationIn(ports, isHeld ? openSettings(ports.flash, ports.crypto, layout.settings) : settings);
  if (configuration === undefined) return undefined;
  configuration.generation = newest;
  if (held !== undefined) holdTable(ports, configuration, held);
  return configuration;
}
