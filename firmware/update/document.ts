/*
 * The document of an offered release as it comes: manifest, then signature, judged before anything is written.
 *
 * Input: the record of an update, parts of the document in order. Output: the record's next state. A module of its own,
 * loaded while manifest and signature are judged. Invariants: nothing is written here; the signature is checked as it
 * comes and is never in memory whole; a manifest is judged before its signature is fetched.
 */
import type { Bytes } from "../../hal/ports";
import { readU32 } from "../base/bytes";
import { miss, refuse } from "./install_record";
import type { Install } from "./install_record";
import { beginLms, feedLms, LMS_BEGIN_BYTES, LMS_KEY_BYTES, lmsStep } from "./lms";
import { MANIFEST_BYTES_MAX, SIGNATURE_BYTES_MAX } from "../limits";
import { HASH_BYTES, manifestRefusal, readManifest } from "./manifest";

/** Of manifest and signature, in front of them. */
export const LENGTHS_BYTES = 8;

/** Judges lengths and manifest: "" when this board may take the release, which the record has then. */
export function takeManifest(install: Install, head: Bytes): string {
  const manifest = readManifest(head.substring(LENGTHS_BYTES));
  if (typeof manifest === "string") return "manifest";
  const refusal = manifestRefusal(manifest, install.target);
  if (refusal !== "") return refusal;
  install.pieces = Math.ceil(manifest.bytes / manifest.pieceBytes);
  install.headBytes = head.length;
  install.signatureBytes = readU32(head, 4);
  if (install.documentBytes !== install.headBytes + install.signatureBytes + HASH_BYTES * install.pieces) return "length";
  install.manifest = manifest;
  install.release = manifest.release;
  return "";
}

/** The signature from its first byte on, for the next check. */
function fetchSignature(install: Install): void {
  install.check = undefined;
  install.signature = "";
  install.wanted = { what: "document", from: install.headBytes };
}

/** Part of manifest and lengths: is it for this board? */
function takeHead(install: Install, part: Bytes): void {
  let head = install.head + part;
  install.head = head;
  install.wanted.from = head.length;
  if (head.length < LENGTHS_BYTES) return;
  const textBytes = readU32(head, 0);
  const signatureBytes = readU32(head, 4);
  if (textBytes < 1 || textBytes > MANIFEST_BYTES_MAX || signatureBytes < 0 || signatureBytes > SIGNATURE_BYTES_MAX) return refuse(install, "length");
  const end = LENGTHS_BYTES + textBytes;
  if (head.length < end) return;
  if (signatureBytes === 0) return refuse(install, "unsigned");
  install.signature = head.substring(end);
  head = head.substring(0, end);
  install.head = head;
  const refusal = takeManifest(install, head);
  if (refusal !== "") return refuse(install, refusal);
  // Read once more when the signature is right: meanwhile its memory is needed for the check.
  install.manifest = undefined;
  install.state = "verify";
  install.misses = 0;
  install.key = 0;
  install.wanted.what = "nothing";
}

/** The next part of what was wanted. */
export function installAnswer(install: Install, bytes: number): void {
  if (install.wanted.from === 0) install.documentBytes = bytes;
  // An endpoint that changes its mind half way.
  if (bytes !== install.documentBytes) return refuse(install, "changed");
  const part = install.answer.substring(install.answerFrom);
  install.answer = "";
  if (part === "") return miss(install, "cut");
  if (install.state === "head") return takeHead(install, part);
  install.wanted.from += part.length;
  install.wanted.what = "nothing";
  if (install.check === undefined) install.signature += part;
  else feedLms(install.check, part);
}

/** This key has not made the signature: the next one, with the signature fetched anew. */
function nextKey(install: Install): void {
  install.key += LMS_KEY_BYTES;
  if (install.key + LMS_KEY_BYTES > install.keys.length) return refuse(install, "signature");
  fetchSignature(install);
}

/** Part of the signature's check, under one key after the other. */
export function installStep(install: Install): void {
  const crypto = install.ports.crypto;
  let word: "working" | "more" | "valid" | "invalid" | "memory" | "foreign" = "working";
  if (install.check !== undefined) word = lmsStep(crypto, install.check);
  else if (install.signature.length < LMS_BEGIN_BYTES) word = "more";
  else {
    const key = install.keys.substring(install.key, install.key + LMS_KEY_BYTES);
    const begun = beginLms(crypto, key, install.head.substring(LENGTHS_BYTES), install.signature, install.signatureBytes);
    if (begun === "foreign" || begun === "memory") word = begun;
    else install.check = begun;
    install.signature = "";
  }
  if (word === "more") install.wanted.what = "document";
  else if (word === "memory") {
    miss(install, "memory");
    if (install.reason === "") fetchSignature(install);
  } else if (word === "valid") {
    install.check = undefined;
    const refusal = takeManifest(install, install.head);
    if (refusal !== "") return refuse(install, refusal);
    install.state = "clear";
    install.cleared = 0;
  } else if (word !== "working") nextKey(install);
}
