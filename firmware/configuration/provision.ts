/*
 * Puts a configuration document into a board's flash. Loaded when needed, on a board with or without one.
 *
 * Input: the document's bytes, from the serial port, the set-up page or the endpoint. Output: "" and a
 * stored document, or every error, one a line, and the old document in force. Invariants: nothing is
 * stored before all of the document has been checked; what keeps documents and what checks them are modules
 * that are never in memory together; a warning is a line of the console and refuses nothing.
 */
import type { Bytes, Ports } from "../../hal/ports";
import type { HardwareConfiguration } from "./configuration";
import { PIECE_BYTES, READER_MISSING, loadConfiguration } from "./loading";
import type * as S0Check from "../inputs/s0_check";
import type * as ConfigurationStore from "./store";
import type { DeviceBoard } from "../store/layout";

/** Loads what keeps documents; undefined, and then every document is refused, when the board was not deployed whole. */
function configurationStore(ports: Ports): typeof ConfigurationStore | undefined {
  return ports.system.load("configuration_store") as typeof ConfigurationStore | undefined;
}

/** The document as it is to be stored, in `bytes`; else why the board takes none of it. @apart */
function prepared(ports: Ports, board: DeviceBoard, given: Bytes): { bytes: Bytes; refusal: string } {
  const change = configurationStore(ports);
  if (change === undefined) return { bytes: "", refusal: "the configuration_store module is missing; deploy the board again" };
  const bytesMax = change.documentBytesMax(ports, board);
  if (bytesMax === 0) return { bytes: "", refusal: "the flash areas of board " + board.name + " are too small; see docs/STORAGE.md" };
  const bytes = change.withSecrets(ports, board, given);
  if (bytes === "" && given !== "") return { bytes: "", refusal: "its secrets were encrypted for another key of this device; offer it again" };
  return {
    bytes: bytes,
    refusal: bytes.length <= bytesMax ? "" : "the document has " + bytes.length + " bytes, this board holds " + bytesMax + "; shorten it, for example the names of columns",
  };
}

/** Warns at the console of meter settings that are allowed but cannot count correctly. */
function warnOfMeters(ports: Ports, hardware: HardwareConfiguration): void {
  const check = ports.system.load("s0_check") as typeof S0Check | undefined;
  if (check === undefined) return;
  for (let index = 0; index < hardware.meters.length; index++) {
    const warning = check.meterWarning(hardware.meters[index]!);
    if (warning !== "") ports.system.log("warning: meters[" + index + "]: " + warning);
  }
}

/** The errors of `document`, one a line; "" when there is none. @apart */
function errorsOf(ports: Ports, document: Bytes, revision: number): string {
  const result = loadConfiguration(ports.system, function (at: number): Bytes {
    return document.substring(at, at + PIECE_BYTES);
  });
  if (result === undefined) return READER_MISSING;
  let lines = "";
  for (let index = 0; index < result.errors.length; index++) {
    const error = result.errors[index]!;
    lines += (lines === "" ? "" : "\n") + (error.path === "" ? "" : error.path + ": ") + error.what + "; " + error.remedy;
  }
  if (result.configuration === undefined) return lines;
  if (revision < 0 || result.configuration.revision === revision) {
    if (result.configuration.hardware !== undefined) warnOfMeters(ports, result.configuration.hardware);
    return "";
  }
  return "revision: the document says " + result.configuration.revision + ", it was offered as " + revision + "; write " + revision + " into it";
}

/**
 * Checks and stores a document that an endpoint offers as `revision` (-1: any). A document that says another
 * would be fetched again and again.
 */
export function provisionOffered(ports: Ports, board: DeviceBoard, given: Bytes, revision: number): string {
  const document = prepared(ports, board, given);
  const refusal = document.refusal !== "" ? document.refusal : errorsOf(ports, document.bytes, revision);
  if (refusal !== "") return refusal;
  const change = configurationStore(ports);
  return change === undefined ? "the configuration_store module is missing; deploy the board again" : change.storeDocument(ports, board, document.bytes);
}

/**
 * Checks and stores a document, in which "(secret)" stands for the secret that the board has; it takes effect
 * at the next start of the program.
 */
export function provision(ports: Ports, board: DeviceBoard, given: Bytes): string {
  return provisionOffered(ports, board, given, -1);
}
