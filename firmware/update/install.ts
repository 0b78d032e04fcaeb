/*
 * Brings an offered release into the slot that does not run, a step at a time.
 *
 * Input: an offer, the places of the slots, the keys that are believed, answers of the endpoint. Output: what to ask
 * for next; at the end a whole slot, or the reason why there is none. Invariants: nothing of the slot is written before
 * the signature was found right; a step takes one page, or one chain of the signature; after a power cut at any step the next
 * start finds what is written already and goes on behind it; the first piece, with the slot's head, is written last,
 * so the slot is not whole before all of it is.
 */
import type { Bytes, Ports } from "../../hal/ports";
import { rewriteWeakBits } from "../store/flash_page";
import { clearStep, LENGTHS_BYTES, miss, refuse, takeHead, takeTable, verifyStep } from "./document";
import type { Install, SlotMap } from "./install_record";
import { LMS_KEY_BYTES } from "./lms";
import { HASH_BYTES, MANIFEST_BYTES_MAX } from "./manifest";
import type { Manifest, UpdateTarget } from "./manifest";
import { holdsPiece, nextPiece, writePiece } from "./pieces";
import { SIGNATURE_BYTES_MAX, stagedBytes, stagedPart, stagingBytes } from "./staging";
import type { Staging } from "./staging";

export function beginInstall(ports: Ports, slots: SlotMap, target: UpdateTarget, offer: number, keys: Bytes): Install {
  const page = ports.flash.pageBytes;
  const reserved = stagingBytes(slots.otherBytes, page);
  const staging: Staging = { flash: ports.flash, crypto: ports.crypto, address: slots.other + slots.otherBytes - reserved, bytes: reserved };
  target.placeBytes = slots.otherBytes - reserved;
  const install: Install = {
    ports: ports, slots: slots, target: target, offer: offer, keys: keys, staging: staging, state: "head", reason: "", wanted: { what: "document", from: 0 }, head: "", documentBytes: 0,
    manifest: undefined, check: undefined, key: 0, cleared: 0, staged: 0, isStaged: false, pieces: 0, piece: 1, written: 0, instructions: { text: "", at: 0 }, misses: 0,
  };
  if (keys.length < LMS_KEY_BYTES) refuse(install, "noKey");
  const bytes = stagedBytes(staging, offer);
  if (bytes > 0) {
    install.isStaged = true;
    install.documentBytes = bytes;
    takeHead(install, stagedPart(staging, 0, Math.min(bytes, LENGTHS_BYTES + MANIFEST_BYTES_MAX + SIGNATURE_BYTES_MAX, 4096)));
  }
  return install;
}

/** Bytes of a piece: the last one is shorter. */
function pieceBytes(install: Install, piece: number): number {
  const manifest = install.manifest as Manifest;
  const left = manifest.bytes - piece * manifest.pieceBytes;
  return left < manifest.pieceBytes ? left : manifest.pieceBytes;
}

function pieceHash(install: Install, piece: number): Bytes {
  return stagedPart(install.staging, install.documentBytes - HASH_BYTES * (install.pieces - piece), HASH_BYTES);
}

function pieceAddress(install: Install, piece: number): number {
  return install.slots.other + piece * install.target.pageBytes;
}

/** Behind this piece comes the next one, behind the last one the first; then all is there. */
function nextInOrder(install: Install): void {
  if (install.piece === 0) {
    install.state = "done";
    install.wanted.what = "nothing";
    return;
  }
  install.piece = install.piece + 1 < install.pieces ? install.piece + 1 : 0;
}

/** Looks at one piece: is it there already? */
function surveyStep(install: Install): void {
  if (install.pieces === 1) install.piece = 0;
  const address = pieceAddress(install, install.piece);
  const bytes = pieceBytes(install, install.piece);
  if (holdsPiece(install.ports.flash, install.ports.crypto, address, bytes, pieceHash(install, install.piece))) {
    // A cut may have left its bits between 0 and 1.
    rewriteWeakBits(install.ports.flash, address, bytes);
    return nextInOrder(install);
  }
  install.state = "pieces";
  install.wanted = { what: "pieces", from: install.piece };
}

/** One piece out of the answer that has come. */
function pieceStep(install: Install): void {
  const instructions = install.instructions;
  const flash = install.ports.flash;
  const source = { flash: flash, running: install.slots.running, runningBytes: install.slots.runningBytes };
  const hash = pieceHash(install, install.piece);
  const piece = nextPiece(source, instructions, pieceBytes(install, install.piece));
  if (piece === undefined || install.ports.crypto.sha256(piece) !== hash) {
    instructions.text = "";
    install.wanted = { what: "pieces", from: install.piece };
    return miss(install, "piece");
  }
  const address = pieceAddress(install, install.piece);
  // Written before a cut: the answer has it because it lies between others.
  if (!holdsPiece(flash, install.ports.crypto, address, piece.length, hash)) {
    if (writePiece(flash, install.ports.crypto, address, piece, hash) === "fault") return refuse(install, "flash");
    install.written++;
  }
  install.misses = 0;
  nextInOrder(install);
  // An answer has pieces in their order; the first piece comes in one of its own.
  if (instructions.at < instructions.text.length && install.piece > 0 && install.state === "pieces") return;
  instructions.text = "";
  if (install.state === "pieces") install.state = "survey";
}

/** One step that needs no answer; nothing when an answer is awaited. */
export function installStep(install: Install): void {
  if (install.state === "verify") verifyStep(install);
  else if (install.state === "clear") clearStep(install);
  else if (install.state === "survey") surveyStep(install);
  else if (install.state === "pieces" && install.instructions.text !== "") pieceStep(install);
}

/** An authentic answer to what was wanted: `bytes` of the whole document or slot, and what was sent of it. */
export function installAnswer(install: Install, bytes: number, text: Bytes): void {
  if (install.state === "head") {
    install.documentBytes = bytes;
    takeHead(install, text);
  } else if (install.state === "table") {
    // An endpoint that changes its mind half way.
    if (bytes !== install.documentBytes) refuse(install, "changed");
    else takeTable(install, text);
  } else if (install.state === "pieces") {
    if (bytes !== (install.manifest as Manifest).bytes) return refuse(install, "changed");
    install.instructions.text = text;
    install.instructions.at = 0;
    install.wanted.what = "nothing";
    if (text === "") {
      install.wanted = { what: "pieces", from: install.piece };
      miss(install, "piece");
    }
  }
}
