/*
 * The signature of an offered release as it comes, checked under one key after the other.
 *
 * Input: the record of an update whose manifest was judged, parts of the signature in order. Output: the record's next
 * state. A module of its own, loaded while there is something to check. Invariants: nothing is written here; the signature is
 * never in memory whole; no verdict for lack of memory is a verdict.
 */
import { miss, refuse } from "./install_record";
import type { Install } from "./install_record";
import { LENGTHS_BYTES } from "./document";
import { beginLms, feedLms, LMS_BEGIN_BYTES, LMS_KEY_BYTES, lmsStep } from "./lms";

/** The signature from its first byte on, for the next check. */
function fetchSignature(install: Install): void {
  install.check = undefined;
  install.signature = "";
  install.wanted = { what: "document", from: install.headBytes };
}

/** The next part of the signature; `bytes` of the whole document. */
export function installAnswer(install: Install, bytes: number): void {
  // An endpoint that changes its mind half way.
  if (bytes !== install.documentBytes) return refuse(install, "changed");
  const part = install.answer.substring(install.answerFrom);
  install.answer = "";
  if (part === "") return miss(install, "cut");
  install.wanted.from += part.length;
  install.wanted.what = "nothing";
  if (install.check === undefined) install.signature += part;
  else feedLms(install.check, part);
}

/** Part of the signature's check; a key that has not made it gives way to the next one, for which it is fetched anew. */
export function installStep(install: Install): void {
  const crypto = install.ports.crypto;
  let word: "working" | "more" | "valid" | "invalid" | "memory" | "foreign" | "leaf" = "working";
  if (install.check !== undefined) word = lmsStep(crypto, install.check);
  else if (install.signature.length < LMS_BEGIN_BYTES) word = "more";
  else {
    const key = install.keys.substring(install.key, install.key + LMS_KEY_BYTES);
    const begun = beginLms(crypto, key, install.head.substring(LENGTHS_BYTES), install.signature, install.signatureBytes);
    if (typeof begun === "string") word = begun;
    else install.check = begun;
    install.signature = "";
  }
  if (word === "more") install.wanted.what = "document";
  else if (word === "memory") {
    miss(install, "memory");
    if (install.reason === "") fetchSignature(install);
  } else if (word === "valid") {
    install.check = undefined;
    install.state = "verified";
  } else if (word !== "working") {
    install.key += LMS_KEY_BYTES;
    if (install.key + LMS_KEY_BYTES > install.keys.length) refuse(install, word === "leaf" ? "leaf" : "signature");
    else fetchSignature(install);
  }
}
