/*
 * Manifest and table of an update in flash, while the slot is being written.
 *
 * Input: the place of the slot that does not run. Output: lengths, manifest and table in the last pages of that place.
 * Invariants: nothing is written before the signature was found right; the seal is written last, so what it covers is
 * whole; it holds the hash of the manifest and of the keys that were believed, so the signature need not be kept.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { crcMatches, erasePage, padded, rewriteWeakBits, withCrc, writeChecked } from "../store/flash_page";
import { MANIFEST_BYTES_MAX } from "../limits";
import { HASH_BYTES, PIECE_BYTES } from "./manifest";

const MAGIC = "SDU1";
/** Magic, offer, bytes of the document, hash, CRC. */
const SEAL_BYTES = 48;
const HASH_AT = 12;
const LENGTHS_BYTES = 8;
/** Bytes written at once. */
const WRITE_BYTES = 256;

export interface Staging {
  flash: FlashPort;
  crypto: CryptoPort;
  address: number;
  bytes: number;
}

/** Bytes that are needed at most at the end of a place of `placeBytes`; the slot has the rest. */
export function stagingBytes(placeBytes: number, pageBytes: number): number {
  const most = SEAL_BYTES + LENGTHS_BYTES + MANIFEST_BYTES_MAX + HASH_BYTES * Math.ceil(placeBytes / PIECE_BYTES);
  return Math.ceil(most / pageBytes) * pageBytes;
}

/** Where the table begins behind lengths and manifest of so many bytes: at a whole word. */
export function tableOffset(headBytes: number): number {
  return Math.ceil(headBytes / 4) * 4;
}

/** Part of what is staged, from its lengths on; at most 4,096 bytes. */
export function stagedPart(staging: Staging, offset: number, length: number): Bytes {
  return staging.flash.read(staging.address + SEAL_BYTES + offset, length);
}

/** Bytes of the document of which lengths, manifest and table are staged. */
export function stagedBytes(staging: Staging): number {
  return readU32(staging.flash.read(staging.address + 8, 4), 0);
}

/** Lengths and manifest that were staged for this offer under these keys; "" when there are none, or not whole ones. */
export function stagedHead(staging: Staging, offer: number, keys: Bytes): Bytes {
  const seal = staging.flash.read(staging.address, SEAL_BYTES);
  if (seal.substring(0, 4) !== MAGIC || readU32(seal, 4) !== offer || !crcMatches(staging.crypto, seal)) return "";
  const textBytes = readU32(stagedPart(staging, 0, 4), 0);
  if (textBytes < 1 || textBytes > MANIFEST_BYTES_MAX) return "";
  const head = stagedPart(staging, 0, LENGTHS_BYTES + textBytes);
  if (staging.crypto.sha256(keys + head) !== seal.substring(HASH_AT, HASH_AT + HASH_BYTES)) return "";
  rewriteWeakBits(staging.flash, staging.address, SEAL_BYTES);
  return head;
}

/** Makes one page of the staging area blank. */
export function clearStagingPage(staging: Staging, offset: number): boolean {
  return erasePage(staging.flash, staging.address + offset);
}

/** Writes a part, at a whole word. */
export function stagePart(staging: Staging, offset: number, part: Bytes): boolean {
  for (let at = 0; at < part.length; at += WRITE_BYTES) {
    const end = at + WRITE_BYTES;
    const piece = padded(part.substring(at, end < part.length ? end : part.length));
    if (!writeChecked(staging.flash, staging.address + SEAL_BYTES + offset + at, piece)) return false;
  }
  return true;
}

/** All is there: lengths and manifest of `headBytes`, and the table. Cut before or within: it is fetched again. */
export function sealStaging(staging: Staging, offer: number, bytes: number, keys: Bytes, headBytes: number): boolean {
  const hash = staging.crypto.sha256(keys + stagedPart(staging, 0, headBytes));
  return hash !== "" && writeChecked(staging.flash, staging.address, withCrc(staging.crypto, MAGIC + u32(offer) + u32(bytes) + hash));
}
