/*
 * Replaces a document of blob.ts piece by piece.
 *
 * Input: pieces of any size, in order. Output: a new generation in the half that is not in force. Invariant:
 * until commit has written the header, the old generation is in force and untouched. Loaded when needed.
 */
import type { Bytes } from "../../hal/ports";
import { u32 } from "../base/bytes";
import { blank, erasePage, padded, withCrc, writeChecked } from "./flash_page";
import { BLOB_BLOCK_BYTES, BLOB_HEADER_BYTES, BLOB_MAGIC, blobAddress, blockCrc } from "./blob";
import type { Blob } from "./blob";

/** Begins a new generation; one that was begun and not committed is given up. */
export function beginBlob(blob: Blob): "ok" | "fault" {
  const generation = blob.generation + 1;
  const address = blobAddress(blob, generation);
  blob.writing = 0;
  blob.written = 0;
  blob.waiting = "";
  // Power cut from here to commit: the generation in force is in the other half.
  for (let offset = 0; 2 * offset < blob.area.bytes; offset += blob.flash.pageBytes) {
    if (!erasePage(blob.flash, address + offset)) {
      blob.faults++;
      return "fault";
    }
  }
  blob.writing = generation;
  return "ok";
}

/** Writes the first `size` waiting bytes as one block. */
function writeBlock(blob: Blob, size: number): "ok" | "fault" {
  const content = blob.waiting.substring(0, size);
  const block = Math.floor(blob.written / BLOB_BLOCK_BYTES);
  const address = blobAddress(blob, blob.writing) + BLOB_HEADER_BYTES + block * 256;
  blob.waiting = blob.waiting.substring(size);
  blob.written += size;
  if (writeChecked(blob.flash, address, padded(content + blockCrc(blob, blob.writing, block, content)))) return "ok";
  blob.faults++;
  blob.writing = 0;
  return "fault";
}

/** Adds a piece. "tooLong" and "fault" end the generation that was begun. */
export function appendBlob(blob: Blob, piece: Bytes): "ok" | "tooLong" | "fault" {
  if (blob.writing === 0) return "fault";
  if (blob.written + blob.waiting.length + piece.length > blob.lengthMax) {
    blob.writing = 0;
    return "tooLong";
  }
  blob.waiting += piece;
  while (blob.waiting.length >= BLOB_BLOCK_BYTES) {
    if (writeBlock(blob, BLOB_BLOCK_BYTES) === "fault") return "fault";
  }
  return "ok";
}

/** Puts the generation in force. "fault": the old one stays. */
export function commitBlob(blob: Blob): "stored" | "fault" {
  if (blob.writing === 0) return "fault";
  if (blob.waiting !== "" && writeBlock(blob, blob.waiting.length) === "fault") return "fault";
  const generation = blob.writing;
  const address = blobAddress(blob, generation);
  const header = withCrc(blob.crypto, BLOB_MAGIC + u32(generation) + u32(blob.written));
  blob.writing = 0;
  // Power cut before the header is whole: the old generation. After: the new one, whose blocks were all read back.
  if (blob.flash.read(address, BLOB_HEADER_BYTES) !== blank(BLOB_HEADER_BYTES) || !writeChecked(blob.flash, address, header)) {
    blob.faults++;
    return "fault";
  }
  blob.generation = generation;
  blob.length = blob.written;
  return "stored";
}
