/*
 * Brings the endpoint's list of users into flash when it has a newer one.
 *
 * Input: ticks, the uploader (for its HTTP and keys), the blob of the users. Output: a new generation of the
 * blob. A module of its own, loaded as "users_download" while the endpoint tells another version than the
 * status does. Invariant: until commitBlob the old list is in force; a list that is not of format 1, or
 * came incompletely, is never committed.
 */
import type { Instant } from "../../hal/ports";
import { readU16 } from "../base/bytes";
import type { Blob } from "../store/blob";
import { appendBlob, beginBlob, commitBlob } from "../store/blob_write";
import { createDownload, downloadTick } from "./download";
import type { Download } from "./download";
import type { Uploader } from "../uplink/uploader_state";

/** Head and index entry of the list, format 1 (docs/PROTOCOL.md §4). */
const HEAD_BYTES = 8;
const ENTRY_BYTES = 15;

/** `version` is that of the list in flash, 0 for none. */
export function createUsersDownload(version: number): Download {
  return createDownload("users", version);
}

/**
 * One step. "stored": the list of `sync.version` is in force, the device stores that number; "same": there is
 * nothing newer; "failed": the network, the list or the flash was not good enough, the old list stays.
 */
export function usersDownloadTick(sync: Download, uploader: Uploader, blob: Blob, now: Instant): "working" | "stored" | "same" | "failed" {
  const before = sync.offset;
  const got = downloadTick(sync, uploader, now);
  if (got === "waiting" || got === "restart") return "working";
  if (got === "failed") return "failed";
  if (got === "done") {
    if (sync.bytes === 0) return "same";
    return commitBlob(blob) === "stored" ? "stored" : "failed";
  }
  const piece = sync.piece;
  sync.piece = "";
  if (before === 0) {
    const fits = piece.length >= HEAD_BYTES && piece.charAt(0) === "U" && piece.charCodeAt(1) === 1 && HEAD_BYTES + readU16(piece, 2) * ENTRY_BYTES <= sync.bytes;
    if (!fits || sync.bytes > blob.lengthMax || beginBlob(blob) !== "ok") return "failed";
  }
  return appendBlob(blob, piece) === "ok" ? "working" : "failed";
}
