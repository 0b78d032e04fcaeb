/*
 * The document of an update (manifest, signature, hashes of the pieces) in flash, while the slot is being written.
 *
 * Input: the place of the slot that does not run. Output: the document in the last pages of that place. Invariants:
 * nothing is written before the signature was found right; the head of the staging pages is written last, so a document
 * that is there is whole; it is checked again all the same after each start.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { crcMatches, erasePage, padded, rewriteWeakBits, withCrc, writeChecked } from "../store/flash_page";
import { HASH_BYTES, MANIFEST_BYTES_MAX } from "./manifest";

const MAGIC = "SDU1";
/** Magic, offer, bytes of the document, CRC. */
const HEAD_BYTES = 16;
/** Two lengths, and the longest signature that is accepted (a tree of height 20). */
const LENGTHS_BYTES = 8;
export const SIGNATURE_BYTES_MAX = 2828;
/** Bytes written at once. */
const PIECE_BYTES = 256;

export interface Staging {
  flash: FlashPort;
  crypto: CryptoPort;
  address: number;
  bytes: number;
}

/** Bytes that the document needs at most at the end of a place of `placeBytes`; the slot has the rest. */
export function stagingBytes(placeBytes: number, pageBytes: number): number {
  const document = HEAD_BYTES + LENGTHS_BYTES + MANIFEST_BYTES_MAX + SIGNATURE_BYTES_MAX + HASH_BYTES * Math.ceil(placeBytes / pageBytes);
  return Math.ceil(document / pageBytes) * pageBytes;
}

/** Bytes of the document that lies there for this offer; 0 when there is none, or not a whole one. */
export function stagedBytes(staging: Staging, offer: number): number {
  const head = staging.flash.read(staging.address, HEAD_BYTES);
  if (head.substring(0, 4) !== MAGIC || readU32(head, 4) !== offer || !crcMatches(staging.crypto, head)) return 0;
  rewriteWeakBits(staging.flash, staging.address, HEAD_BYTES);
  return readU32(head, 8);
}

/** Part of the document; at most 4,096 bytes. */
export function stagedPart(staging: Staging, offset: number, length: number): Bytes {
  return length > 0 ? staging.flash.read(staging.address + HEAD_BYTES + offset, length) : "";
}

/** Makes one page of the staging area blank. */
export function clearStagingPage(staging: Staging, offset: number): boolean {
  return erasePage(staging.flash, staging.address + offset);
}

/** Writes a part of the document; only its last part may have a length that is no multiple of 4. */
export function stagePart(staging: Staging, offset: number, part: Bytes): boolean {
  for (let at = 0; at < part.length; at += PIECE_BYTES) {
    const end = at + PIECE_BYTES;
    const piece = padded(part.substring(at, end < part.length ? end : part.length));
    if (!writeChecked(staging.flash, staging.address + HEAD_BYTES + offset + at, piece)) return false;
  }
  return true;
}

/** The document is whole. Cut before or within: it is fetched again. */
export function sealStaging(staging: Staging, offer: number, bytes: number): boolean {
  return writeChecked(staging.flash, staging.address, withCrc(staging.crypto, MAGIC + u32(offer) + u32(bytes)));
}
