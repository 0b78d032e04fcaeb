/*
 * A document in two generations, read in pieces: the list of users, and the settings.
 *
 * Input: an area of an even number of pages; each half holds one generation. Output: any piece of the newer
 * whole one. Invariant: every byte given out passed the CRC of its block. Writing is blob_write, which is
 * loaded when it is needed. Format: docs/STORAGE.md §7.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import { invariant } from "../base/invariant";
import { rewriteWeakBits, crcMatches } from "./flash_page";
import type { Area } from "./flash_page";

/** "SDB" and format version 1. */
export const BLOB_MAGIC: Bytes = "SDB" + u8(1);
export const BLOB_HEADER_BYTES = 16;
/** Content bytes of one block; its CRC-32 follows them. */
export const BLOB_BLOCK_BYTES = 252;

export interface Blob {
  flash: FlashPort;
  crypto: CryptoPort;
  area: Area;
  /** Generation in force, 0 for none; odd ones live in the second half. */
  generation: number;
  /** Bytes of its content. */
  length: number;
  /** Longest content. */
  lengthMax: number;
  /** Generation being written, its bytes so far, and those not yet in flash. */
  writing: number;
  written: number;
  waiting: Bytes;
  /** Pages, writes and blocks that failed since start. */
  faults: number;
}

/** Address of a generation's half. */
export function blobAddress(blob: Blob, generation: number): number {
  return blob.area.address + generation % 2 * Math.floor(blob.area.bytes / 2);
}

/** CRC-32 of a block, bound to its generation and number, so that no stale block is taken for it. */
export function blockCrc(blob: Blob, generation: number, block: number, content: Bytes): Bytes {
  return blob.crypto.crc32(u32(generation) + u32(block) + content);
}

/** Finds the newer whole generation in `area`, with any content. */
export function openBlob(flash: FlashPort, crypto: CryptoPort, area: Area): Blob {
  const half = Math.floor(area.bytes / 2);
  invariant(half >= flash.pageBytes && half % flash.pageBytes === 0 && area.address % flash.pageBytes === 0, "BLOB_AREA");
  const room = half - BLOB_HEADER_BYTES;
  const blocks = Math.floor(room / 256);
  const last = room - blocks * 256 - 4;
  const blob: Blob = {
    flash: flash, crypto: crypto, area: area, generation: 0, length: 0, lengthMax: blocks * BLOB_BLOCK_BYTES + (last > 0 ? last : 0),
    writing: 0, written: 0, waiting: "", faults: 0,
  };
  for (let place = 0; place < 2; place++) {
    const bytes = flash.read(area.address + place * half, BLOB_HEADER_BYTES);
    const generation = readU32(bytes, 4);
    const length = readU32(bytes, 8);
    if (bytes.substring(0, 4) !== BLOB_MAGIC || !crcMatches(crypto, bytes)) continue;
    if (generation <= blob.generation || generation > 2000000000 || generation % 2 !== place || length < 0 || length > blob.lengthMax) continue;
    blob.generation = generation;
    blob.length = length;
  }
  if (blob.generation > 0) rewriteWeakBits(flash, blobAddress(blob, blob.generation), BLOB_HEADER_BYTES);
  return blob;
}

/**
 * Takes the generation before the newer one, if its number ends in the byte `last` (-1: none does) and the other half
 * holds it whole. False, and nothing changed, otherwise.
 */
export function takeGeneration(blob: Blob, last: number): boolean {
  const wanted = blob.generation - 1;
  if (wanted < 1 || wanted % 256 !== last) return false;
  const bytes = blob.flash.read(blobAddress(blob, wanted), BLOB_HEADER_BYTES);
  const length = readU32(bytes, 8);
  if (bytes.substring(0, 4) !== BLOB_MAGIC || !crcMatches(blob.crypto, bytes) || readU32(bytes, 4) !== wanted || length < 0 || length > blob.lengthMax) return false;
  blob.generation = wanted;
  blob.length = length;
  return true;
}

/**
 * `length` bytes from `offset` of the content in force, fewer at its end. "" when there is none; undefined
 * when a block's CRC does not hold.
 */
export function readBlob(blob: Blob, offset: number, length: number): Bytes | undefined {
  const end = offset + length < blob.length ? offset + length : blob.length;
  let bytes = "";
  let at = offset;
  while (at < end) {
    const block = Math.floor(at / BLOB_BLOCK_BYTES);
    const start = block * BLOB_BLOCK_BYTES;
    const size = blob.length - start < BLOB_BLOCK_BYTES ? blob.length - start : BLOB_BLOCK_BYTES;
    const stored = blob.flash.read(blobAddress(blob, blob.generation) + BLOB_HEADER_BYTES + block * 256, size + 4);
    const content = stored.substring(0, size);
    if (blockCrc(blob, blob.generation, block, content) !== stored.substring(size)) {
      blob.faults++;
      return undefined;
    }
    bytes += content.substring(at - start, end - start);
    at = start + size;
  }
  return bytes;
}
