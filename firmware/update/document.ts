/*
 * The document of an offered release: manifest, signature and table, judged before anything else is.
 *
 * Input: the record of an update, parts of the document. Output: the record's next state. Invariant: nothing is written
 * before the signature was found right; the table is believed part by part, each by the hash that the manifest has.
 */
import type { Bytes } from "../../hal/ports";
import { readU32 } from "../base/bytes";
import { UPDATE_MISSES_MAX } from "../limits";
import type { Install } from "./install_record";
import { beginLms, LMS_KEY_BYTES, lmsStep } from "./lms";
import { HASH_BYTES, MANIFEST_BYTES_MAX, manifestRefusal, readManifest, TABLE_HASHES } from "./manifest";
import type { Manifest } from "./manifest";
import { clearStagingPage, sealStaging, SIGNATURE_BYTES_MAX, stagePart } from "./staging";

/** Of manifest and signature, in front of them. */
export const LENGTHS_BYTES = 8;

/** It is over. */
export function refuse(install: Install, reason: string): void {
  install.state = "refused";
  install.reason = reason;
  install.wanted = { what: "nothing", from: 0 };
  install.head = "";
  install.check = undefined;
  install.instructions.text = "";
}

/** An answer, or what flash holds, was of no use: asked for again, a few times. */
export function miss(install: Install, reason: string): void {
  install.misses++;
  install.isStaged = false;
  if (install.misses >= UPDATE_MISSES_MAX) refuse(install, reason);
}

/** Manifest and signature have come: is it for this board? */
export function takeHead(install: Install, document: Bytes): void {
  const textBytes = document.length < LENGTHS_BYTES ? -1 : readU32(document, 0);
  const signatureBytes = textBytes < 0 ? -1 : readU32(document, 4);
  if (textBytes > MANIFEST_BYTES_MAX || signatureBytes > SIGNATURE_BYTES_MAX) return refuse(install, "length");
  const end = LENGTHS_BYTES + textBytes + signatureBytes;
  if (textBytes < 1 || signatureBytes < 0 || document.length < end) return miss(install, "cut");
  if (signatureBytes === 0) return refuse(install, "unsigned");
  const manifest = readManifest(document.substring(LENGTHS_BYTES, LENGTHS_BYTES + textBytes));
  if (typeof manifest === "string") return refuse(install, "manifest");
  const refusal = manifestRefusal(manifest, install.target);
  if (refusal !== "") return refuse(install, refusal);
  install.pieces = Math.ceil(manifest.bytes / manifest.pieceBytes);
  if (install.documentBytes !== end + HASH_BYTES * install.pieces) return refuse(install, "length");
  install.manifest = manifest;
  install.head = document.substring(0, end);
  install.key = 0;
  install.check = undefined;
  install.state = "verify";
  install.wanted.what = "nothing";
}

/** Part of the signature's check, under one key after the other. */
export function verifyStep(install: Install): void {
  const crypto = install.ports.crypto;
  const end = LENGTHS_BYTES + readU32(install.head, 0);
  let word: "working" | "valid" | "invalid" | "memory" | "foreign" = "working";
  if (install.check === undefined) {
    const begun = beginLms(crypto, install.keys.substring(install.key, install.key + LMS_KEY_BYTES), install.head.substring(LENGTHS_BYTES, end), install.head.substring(end));
    if (begun === "foreign" || begun === "memory") word = begun;
    else install.check = begun;
  } else word = lmsStep(crypto, install.check);
  if (word === "working") return;
  install.check = undefined;
  if (word === "memory") return miss(install, "memory");
  if (word === "valid") {
    install.state = install.isStaged ? "survey" : "clear";
    install.cleared = 0;
    if (install.isStaged) install.head = "";
    return;
  }
  install.key += LMS_KEY_BYTES;
  if (install.key + LMS_KEY_BYTES <= install.keys.length) return;
  // The document in flash was checked before: the flash is bad, and the document is fetched again.
  if (!install.isStaged) return refuse(install, "signature");
  install.isStaged = false;
  install.state = "head";
  install.wanted = { what: "document", from: 0 };
}

/** One page of the staging pages made blank; behind the last one the head goes into them. */
export function clearStep(install: Install): void {
  const staging = install.staging;
  if (install.cleared < staging.bytes) {
    if (!clearStagingPage(staging, install.cleared)) return refuse(install, "flash");
    install.cleared += install.ports.flash.pageBytes;
    return;
  }
  install.staged = install.head.length - install.head.length % 4;
  if (!stagePart(staging, 0, install.head.substring(0, install.staged))) return refuse(install, "flash");
  // The rest of the head waits for the table, so that each write begins at a whole word.
  install.head = install.head.substring(install.staged);
  install.state = "table";
  install.wanted = { what: "document", from: install.staged + install.head.length };
}

/** The table has come, a whole part of it at least. */
export function takeTable(install: Install, part: Bytes): void {
  const manifest = install.manifest as Manifest;
  const from = install.documentBytes - HASH_BYTES * install.pieces;
  const done = install.staged + install.head.length - from;
  const whole = TABLE_HASHES * HASH_BYTES;
  const left = HASH_BYTES * install.pieces - done;
  const bytes = left < whole ? left : whole;
  const index = Math.floor(done / whole) * HASH_BYTES;
  const hashes = part.substring(0, bytes);
  if (hashes.length !== bytes || install.ports.crypto.sha256(hashes) !== manifest.table.substring(index, index + HASH_BYTES)) return miss(install, "table");
  install.misses = 0;
  const text = install.head + hashes;
  const isLast = bytes === left;
  const count = isLast ? text.length : text.length - text.length % 4;
  if (!stagePart(install.staging, install.staged, text.substring(0, count))) return refuse(install, "flash");
  install.staged += count;
  install.head = text.substring(count);
  install.wanted.from = install.staged + install.head.length;
  if (!isLast) return;
  if (!sealStaging(install.staging, install.offer, install.documentBytes)) return refuse(install, "flash");
  install.head = "";
  install.state = "survey";
  install.wanted.what = "nothing";
}
