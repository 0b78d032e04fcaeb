/*
 * A board's configuration document before and after its check: what is in force, and the new one into flash.
 *
 * Input: ports, board and a document. Output: the document with its secrets, or its place in flash. Invariant:
 * loaded by name for one step and dropped, so that none of this is in memory beside the reader that checks.
 */
import type { Bytes, Ports } from "../../hal/ports";
import { restoreSecrets } from "./secrets";
import type { DeviceBoard } from "../device";
import { openLayout } from "../store/layout";
import { openSettings, readSettings } from "./settings";
import type { Settings } from "./settings";
import { writeSettings } from "./settings_write";

function settingsOf(ports: Ports, board: DeviceBoard): Settings | undefined {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  return layout === undefined ? undefined : openSettings(ports.flash, ports.crypto, layout.settings);
}

/** Bytes of the longest document that the board keeps; 0 when its flash areas are too small for any. */
export function documentBytesMax(ports: Ports, board: DeviceBoard): number {
  const settings = settingsOf(ports, board);
  return settings === undefined ? 0 : settings.lengthMax;
}

/** `given`, in which each "(secret)" is the one of the document in force. */
export function withSecrets(ports: Ports, board: DeviceBoard, given: Bytes): Bytes {
  const settings = settingsOf(ports, board);
  const old = settings === undefined ? undefined : readSettings(settings);
  return old === undefined ? given : restoreSecrets(given, old);
}

/** Stores a document that was checked; "" or what keeps it out, and then the old one is in force. */
export function storeDocument(ports: Ports, board: DeviceBoard, document: Bytes): string {
  const settings = settingsOf(ports, board);
  // Power that fails before the last write in here leaves the old document, after it the new one.
  const stored = settings === undefined ? "fault" : writeSettings(settings, document);
  if (stored === "tooLong") return "the document has more bytes than this board holds";
  return stored === "stored" ? "" : "the flash does not keep the document; replace the board";
}
