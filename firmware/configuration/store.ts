/*
 * The configuration document in flash, in two generations.
 *
 * Input: ports, board and a document. Output: the newest document that was stored whole; a new one into flash.
 * Invariants: a power cut during a write leaves the previous document; loaded by name for one step and dropped, so
 * that it is never in memory beside the code that checks a document. The form in flash is that of store/blob.
 */
import type { Bytes, CryptoPort, FlashPort, Ports } from "../../hal/ports";
import { generationIn } from "../session/session_record";
import { openBlob, readBlob, takeGeneration } from "../store/blob";
import type { Blob } from "../store/blob";
import type { Area } from "../store/flash_page";
import { appendBlob, beginBlob, commitBlob } from "../store/blob_write";
import { hasSealed, restoreSecrets } from "./secrets";
import { KEY_SESSION } from "../store/keys";
import { getValue, openKeyValueStore } from "../store/key_value_store";
import { openLayout } from "../store/layout";
import type { DeviceBoard } from "../store/layout";

export type Settings = Blob;

/** Recovers the settings in `area`, an even number of pages. */
export function openSettings(flash: FlashPort, crypto: CryptoPort, area: Area): Settings {
  return openBlob(flash, crypto, area);
}

/** The whole document; undefined when there is none, or when flash lost bits of it. */
export function readSettings(settings: Settings): Bytes | undefined {
  return settings.generation === 0 ? undefined : readBlob(settings, 0, settings.length);
}

/** "tooLong": longer than settings.lengthMax. "fault": flash failed. In both cases the old document stays. */
export function writeSettings(settings: Settings, document: Bytes): "stored" | "tooLong" | "fault" {
  if (document.length > settings.lengthMax) return "tooLong";
  if (beginBlob(settings) === "fault") return "fault";
  const appended = appendBlob(settings, document);
  return appended === "ok" ? commitBlob(settings) : appended;
}

function settingsOf(ports: Ports, board: DeviceBoard): Settings | undefined {
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  return layout === undefined ? undefined : openSettings(ports.flash, ports.crypto, layout.settings);
}

/** Bytes of the longest document that the board keeps; 0 when its flash areas are too small for any. */
export function documentBytesMax(ports: Ports, board: DeviceBoard): number {
  const settings = settingsOf(ports, board);
  return settings === undefined ? 0 : settings.lengthMax;
}

/** `given`, in which each "(secret)" is the one of the document in force, and each sealed one is open; "" when one does not open. */
export function withSecrets(ports: Ports, board: DeviceBoard, given: Bytes): Bytes {
  const settings = settingsOf(ports, board);
  const old = settings === undefined ? undefined : readSettings(settings);
  const document = old === undefined ? given : restoreSecrets(given, old, ports.crypto);
  return hasSealed(document) ? "" : document;
}

/** Last byte of the generation whose table the session in flash still needs, -1 for none; it stays until a session begins with a newer one. */
export function heldGeneration(ports: Ports, keyValues: Area): number {
  return generationIn(getValue(openKeyValueStore(ports.flash, ports.crypto, keyValues), KEY_SESSION));
}

/** Stores a document that was checked; "" or what keeps it out, and then the old one is in force. */
export function storeDocument(ports: Ports, board: DeviceBoard, document: Bytes): string {
  const settings = settingsOf(ports, board);
  const layout = openLayout(board.areas, ports.flash.pageBytes);
  // In a session's course the document that it began with stays, and a second new one takes the place of the first.
  if (settings !== undefined && layout !== undefined) takeGeneration(settings, heldGeneration(ports, layout.keyValues));
  // Power that fails before the last write in here leaves the old document, after it the new one.
  const stored = settings === undefined ? "fault" : writeSettings(settings, document);
  if (stored === "tooLong") return "the document has more bytes than this board holds";
  return stored === "stored" ? "" : "flash write failed, the old document stays; replace the board";
}
