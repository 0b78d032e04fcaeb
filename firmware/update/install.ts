/*
 * Begins to bring an offered release into the slot that does not run, or goes on with what is in flash already.
 *
 * Input: an offer, the places of the slots, the keys that are believed. Output: the record that document.ts and slot.ts
 * work on, and what to ask the endpoint for first. Invariant: nothing is written; a manifest in flash is believed when its
 * seal was made for these keys, which happens only after a right signature.
 */
import type { Bytes, Ports } from "../../hal/ports";
import { takeManifest } from "./document";
import { refuse } from "./install_record";
import type { Install, SlotMap } from "./install_record";
import { LMS_KEY_BYTES } from "./lms";
import type { UpdateTarget } from "./manifest";
import { stagedBytes, stagedHead, stagingBytes } from "./staging";
import type { Staging } from "./staging";

export function beginInstall(ports: Ports, slots: SlotMap, target: UpdateTarget, offer: number, keys: Bytes): Install {
  const page = ports.flash.pageBytes;
  const reserved = stagingBytes(slots.otherBytes, page);
  const staging: Staging = { flash: ports.flash, crypto: ports.crypto, address: slots.other + slots.otherBytes - reserved, bytes: reserved };
  target.placeBytes = slots.otherBytes - reserved;
  const install: Install = {
    ports: ports, slots: slots, target: target, offer: offer, keys: keys, staging: staging, state: "head", reason: "", wanted: { what: "document", from: 0 }, answer: "", answerFrom: 0, head: "", signature: "",
    documentBytes: 0, headBytes: 0, signatureBytes: 0, release: 0, manifest: undefined, check: undefined, key: 0, cleared: 0, pieces: 0, piece: 1, page: -1, written: 0, instructions: { text: "", at: 0, piece: "" }, misses: 0,
  };
  if (keys.length < LMS_KEY_BYTES) refuse(install, "noKey");
  const head = stagedHead(staging, offer, keys);
  if (install.reason !== "" || head === "") return install;
  install.documentBytes = stagedBytes(staging);
  const refusal = takeManifest(install, head);
  if (refusal !== "") refuse(install, refusal);
  else {
    install.state = "survey";
    install.wanted.what = "nothing";
  }
  return install;
}
