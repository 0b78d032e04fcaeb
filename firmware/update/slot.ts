/*
 * Writes a release that was found right: its document into the staging pages, then the slot, a step at a time.
 *
 * Input: the record of an update whose signature was checked, answers of the endpoint. Output: a whole slot, or the
 * reason why there is none. A module of its own, loaded while it writes. Invariants: a step takes one page or one piece; the
 * table is believed part by part, each by the hash that the manifest has; a page whose pieces are all
 * in their places is left as it is; after a power cut at any step the next start finds what is written already and
 * goes on behind it; the first piece, with the slot's head, is written last, so the slot is not whole before all of it is.
 */
import type { Bytes } from "../../hal/ports";
import { erasePage, rewriteWeakBits } from "../store/flash_page";
import { miss, refuse } from "./install_record";
import type { Install } from "./install_record";
import { HASH_BYTES, PIECE_BYTES, TABLE_HASHES } from "./manifest";
import type { Manifest } from "./manifest";
import { holdsPiece, makePiece, writePiece } from "./pieces";
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
  let at = install.answerFrom;
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
  if (at === install.answerFrom) return miss(install, "table");
  if (install.wanted.from < install.documentBytes) return;
  if (!sealStaging(install.staging, install.offer, install.documentBytes, install.keys, install.headBytes)) return refuse(install, "flash");
  install.state = "survey";
  install.wanted.what = "nothing";
}

/** Bytes of a piece: the last one is shorter. */
function pieceBytes(install: Install, piece: number): number {
  const left = (install.manifest as Manifest).bytes - piece * PIECE_BYTES;
  return left < PIECE_BYTES ? left : PIECE_BYTES;
}

function pieceHash(install: Install, piece: number): Bytes {
  return stagedPart(install.staging, tableOffset(install.headBytes) + HASH_BYTES * piece, HASH_BYTES);
}

function pieceAddress(install: Install, piece: number): number {
  return install.slots.other + piece * PIECE_BYTES;
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

/**
 * Makes the page of the piece that is looked at ready for it, once after a start: where all its pieces are in their places it
 * stays, else it is erased, also when it is blank: a cut may have ended its erase halfway. True when that has taken this step.
 */
function preparePage(install: Install): boolean {
  const flash = install.ports.flash;
  const perPage = Math.floor(flash.pageBytes / PIECE_BYTES);
  const page = Math.floor(install.piece / perPage);
  // The first piece is the last to be written, into the page that was the first.
  if (page === install.page || (install.piece === 0 && perPage > 1 && install.pieces > 1)) return false;
  install.page = page;
  const first = page * perPage;
  const end = first + perPage < install.pieces ? first + perPage : install.pieces;
  let piece = first;
  while (piece < end && holdsPiece(flash, install.ports.crypto, pieceAddress(install, piece), pieceBytes(install, piece), pieceHash(install, piece))) piece++;
  if (piece < end && !erasePage(flash, pieceAddress(install, first))) refuse(install, "flash");
  return true;
}

/** Looks at one piece: is it there already? */
function surveyStep(install: Install): void {
  if (install.pieces === 1) install.piece = 0;
  if (preparePage(install)) return;
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

/** Some instructions of one piece out of the answer that has come; behind the last of them it is checked and written. */
function pieceStep(install: Install): void {
  if (preparePage(install)) return;
  const instructions = install.instructions;
  const slots = install.slots;
  const flash = install.ports.flash;
  const bytes = pieceBytes(install, install.piece);
  const source = { flash: flash, running: slots.running, runningBytes: slots.runningBytes, written: slots.other, writtenBytes: (install.manifest as Manifest).bytes };
  const made = makePiece(source, instructions, bytes);
  if (made === "working") return;
  const hash = pieceHash(install, install.piece);
  const piece = instructions.piece;
  instructions.piece = "";
  // Where a piece was the last of its answer, that one's memory is free while the piece is written.
  if (instructions.at >= instructions.text.length) instructions.text = "";
  if (made === "none" || install.ports.crypto.sha256(piece) !== hash) {
    instructions.text = "";
    install.wanted = { what: "pieces", from: install.piece };
    return miss(install, "piece");
  }
  const address = pieceAddress(install, install.piece);
  // Written before a cut: the answer has it because it lies between others.
  if (!holdsPiece(flash, install.ports.crypto, address, bytes, hash)) {
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
  install.instructions.at = install.answerFrom;
  install.instructions.piece = "";
  install.wanted.what = "nothing";
  if (install.answer.length <= install.answerFrom) {
    install.instructions.text = "";
    install.wanted = { what: "pieces", from: install.piece };
    miss(install, "piece");
  }
  install.answer = "";
}
