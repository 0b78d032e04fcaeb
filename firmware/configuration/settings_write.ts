/*
 * Stores a new configuration document. Loaded when needed.
 *
 * Input: the document's bytes, already checked by the configuration reader. Output: a new generation.
 * Invariant: "stored" means that the next start reads this document, whenever the power fails from now on.
 */
import type { Bytes } from "../../hal/ports";
import { appendBlob, beginBlob, commitBlob } from "../store/blob_write";
import type { Settings } from "./settings";

/** "tooLong": longer than settings.lengthMax. "fault": flash failed. In both cases the old document stays. */
export function writeSettings(settings: Settings, document: Bytes): "stored" | "tooLong" | "fault" {
  if (document.length > settings.lengthMax) return "tooLong";
  if (beginBlob(settings) === "fault") return "fault";
  const appended = appendBlob(settings, document);
  return appended === "ok" ? commitBlob(settings) : appended;
}
