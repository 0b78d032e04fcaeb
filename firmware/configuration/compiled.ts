/*
 * Where a compiled configuration lies in flash: behind the document that it was compiled from, in the same half.
 *
 * Input: the blob of a document. Output: places and check sums for compiled_write.ts and compiled_read.ts. Invariant: the
 * half is erased before another document comes, so what lies there belongs to this one; the check sum has its generation.
 * Format: docs/STORAGE.md §8.1.
 */
import type { Bytes } from "../../hal/ports";
import { u32, u8 } from "../base/bytes";
import { BLOB_BLOCK_BYTES, BLOB_HEADER_BYTES, blobAddress } from "../store/blob";
import type { Blob } from "../store/blob";

/**
 * "SDR" and the format of the record. It is raised whenever compileConfiguration gives another record for a document that
 * it took before: a board in service would go on with the old one. test/unit/configuration/compiled.test.ts notices.
 */
export const COMPILED_MAGIC: Bytes = "SDR" + u8(2);
export const COMPILED_HEADER_BYTES = 16;
/** Records begin at multiples of this behind the blob's header, as the document's blocks do. */
export const COMPILED_STEP_BYTES = 256;

/** The first place behind the document in force. */
export function compiledStart(blob: Blob): number {
  return blobAddress(blob, blob.generation) + BLOB_HEADER_BYTES + COMPILED_STEP_BYTES * Math.ceil(blob.length / BLOB_BLOCK_BYTES);
}

/** The end of the document's half. */
export function compiledEnd(blob: Blob): number {
  return blobAddress(blob, blob.generation) + Math.floor(blob.area.bytes / 2);
}

/** CRC-32 of the record, bound to the document's generation. */
export function compiledCrc(blob: Blob, bytes: Bytes): Bytes {
  return blob.crypto.crc32(u32(blob.generation) + bytes);
}
