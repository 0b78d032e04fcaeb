/*
 * Writes a release that was found right: its document into the staging pages, then the slot, a step at a time.
 *
 * Input: the record of an update whose signature was checked, answers of the endpoint. Output: a whole slot, or the
 * reason why there is none. A module of its own, loaded while it writes. Invariants: a step takes one page; the table is
 * believed part by part, each by the hash that the manifest has; after a power cut at any step the next start finds
 * what is written already and goes on behind it; the first piece, with the slot's head, is written last, so the slot
 * is not whole before all of it is.
 */
import type { Bytes } from "../../hal/ports";
import { rewriteWeakBits } from "../store/flash_page";
import { miss, refuse } from "./install_record";
import type { Install } from "./install_record";
import { HASH_BYTES, TABLE_HASHES } from "./manifest";
import type { Manifest } from "./manifest";
import { holdsPiece, nextPiece, writePiece } from "./pieces";
import { clearStagingPage, sealStaging, stagedPart, stagePart, tableOffset } from "./staging";

/** One page of the staging pages made blank; behind the last one lengths and manifest go into them. */
function clearStep(install: Install): void {
  const staging = install.staging;
  if (install.cleared < staging.bytes) {
    if (!clearStagingPage(staging, install.cleared)) return refuse(install, "flash");
    install.cleared += install.ports.flash.pageBytes;
    return;
  }
  if (!stagePart(staging, 0, install.head)) return refuse(install, "flash");
  install.head = "";
  install.state = "table";
  install.wanted = { what: "document", from: install.headBytes + install.signatureBytes };
}

/** Whole parts of the table have come, one at least. */
function takeTable(install: Install): void {
  const manifest = install.manifest as Manifest;
  const start = install.headBytes + install.signatureBytes;
  const whole = TABLE_HASHES * HASH_BYTES;
  let at = 0;
  while (install.wanted.from < install.documentBytes) {
    const done = install.wanted.from - start;
    const left = install.documentBytes - install.wanted.from;
    const end = at + (left < whole ? left : whole);
    if (end > install.answer.length) break;
    const hashes = install.answer.substring(at, end);
    const index = Math.floor(done / whole) * HASH_BYTES;
    if (install.ports.crypto.sha256(hashes) !== manifest.table.substring(index, index + HASH_BYTES)) break;
    if (!stagePart(install.staging, tableOffset(install.headBytes) + done, hashes)) return refuse(install, "flash");
    install.wanted.from += end - at;
    at = end;
    install.misses = 0;
  }
  install.answer = "";
  if (at === 0) return miss(install, "table");
  if (install.wanted.from < install.documentBytes) return;
  if (!sealStaging(install.staging, install.offer, install.documentBytes, install.keys, install.headBytes)) return refuse(install, "flash");
  install.state = "survey";
  install.wanted.what = "nothing";
}

/** Bytes of a piece: the last one is shorter. */
function pieceBytes(install: Install, piece: number): number {
  const manifest = install.manifest as Manifest;
  const left = manifest.bytes - piece * manifest.pieceBytes;
  return left < manifest.pieceBytes ? left : manifest.pieceBytes;
}

function pieceHash(install: Install, piece: number): Bytes {
  return stagedPart(install.staging, tableOffset(install.headBytes) + HASH_BYTES * piece, HASH_BYTES);
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
  // Where a piece was the last of its answer, that one's memory is free while the page is written.
  if (instructions.at >= instructions.text.length) instructions.text = "";
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
  if (instructions.text !== "" && install.piece > 0 && install.state === "pieces") return;
  instructions.text = "";
  if (install.state === "pieces") install.state = "survey";
}

/** One step that needs no answer; nothing when an answer is awaited. */
export function installStep(install: Install): void {
  if (install.state === "clear") clearStep(install);
  else if (install.state === "survey") surveyStep(install);
  else if (install.state === "pieces" && install.instructions.text !== "") pieceStep(install);
}

/** An authentic answer to what was wanted: `bytes` of the whole document or slot, and in the record what was sent of it. */
export function installAnswer(install: Install, bytes: number): void {
  const isTable = install.state === "table";
  // An endpoint that changes its mind half way.
  if (bytes !== (isTable ? install.documentBytes : (install.manifest as Manifest).bytes)) return refuse(install, "changed");
  if (isTable) return takeTable(install);
  install.instructions.text = install.answer;
  install.instructions.at = 0;
  install.wanted.what = "nothing";
  if (install.answer === "") {
    install.wanted = { what: "pieces", from: install.piece };
    miss(install, "piece");
  }
  install.answer = "";
}
