/*
 * The configuration document in flash, in two generations.
 *
 * Input: the document's bytes. Output: the newest document that was stored whole. Invariant: a cut while
 * one is written leaves the one before. The form in flash is that of blob.ts.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { openBlob, readBlob } from "../store/blob";
import type { Blob } from "../store/blob";
import type { Area } from "../store/flash_page";

export type Settings = Blob;

/** Recovers the settings in `area`, an even number of pages. */
export function openSettings(flash: FlashPort, crypto: CryptoPort, area: Area): Settings {
  return openBlob(flash, crypto, area);
}

/** The whole document; undefined when there is none, or when flash lost bits of it. */
export function readSettings(settings: Settings): Bytes | undefined {
  return settings.generation === 0 ? undefined : readBlob(settings, 0, settings.length);
}
