/*
 * The lengths and the manifest of an offered release as they come, judged before anything else is fetched.
 *
 * Input: the record of an update, parts of the document in order. Output: the record's next state. A module of its own,
 * loaded while the manifest is judged: as it comes, and once more when verify.ts has found its signature right. Invariants:
 * nothing is written here; a manifest is judged before its signature is fetched, and believed only after it.
 */
import type { Bytes } from "../../hal/ports";
import { readU32 } from "../base/bytes";
import { miss, refuse } from "./install_record";
import type { Install } from "./install_record";
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

/** The next part of lengths and manifest; `bytes` of the whole document. */
export function installAnswer(install: Install, bytes: number): void {
  if (install.wanted.from === 0) install.documentBytes = bytes;
  // An endpoint that changes its mind half way.
  if (bytes !== install.documentBytes) return refuse(install, "changed");
  let head = install.answer.substring(install.answerFrom);
  install.answer = "";
  if (head === "") return miss(install, "cut");
  if (install.head !== "") head = install.head + head;
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

/** The signature is right: the manifest is read once more, and the slot can be written. */
export function installStep(install: Install): void {
  const refusal = takeManifest(install, install.head);
  if (refusal !== "") return refuse(install, refusal);
  install.state = "clear";
  install.cleared = 0;
}
