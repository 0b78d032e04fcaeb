/*
 * The mark page, as an update uses it: puts a slot into force, confirms it, gives it up (docs/STORAGE.md section 9).
 *
 * Input: the page's address. Output: marks in flash, read back. Invariants: a new mark comes into force by one write
 * behind the others; the page is erased only when it is full or holds something else; a slot is given up by using its
 * attempts up, which the loader understands, so that no second mark is needed for the way back.
 */
import type { Bytes, FlashPort } from "../../hal/ports";
import { u8 } from "../base/bytes";
import { blank, erasePage, writeChecked } from "../store/flash_page";

const MAGIC = "SDL";
const MARK_BYTES = 16;
const ATTEMPTS_AT = 4;
const CONFIRMED_AT = 8;

/** Place of the next mark in a page; -1 when it is full. Behind the last byte that is not blank, ours or not. */
function nextPlace(page: Bytes): number {
  let at = page.length;
  while (at > 0 && page.charCodeAt(at - 1) === 255) at--;
  at = Math.ceil(at / MARK_BYTES) * MARK_BYTES;
  return at + MARK_BYTES > page.length ? -1 : at;
}

/** Letter of the mark in force, the last whole one; "" when there is none. */
export function letterInForce(flash: FlashPort, address: number): string {
  const page = flash.read(address, flash.pageBytes);
  let letter = "";
  for (let at = 0; at + MARK_BYTES <= page.length; at += MARK_BYTES) {
    const word = page.substring(at, at + MAGIC.length + 1);
    if (word === MAGIC + "a" || word === MAGIC + "b") letter = word.substring(MAGIC.length);
  }
  return letter;
}

/** Puts slot `letter`, "a" or "b", into force, on trial. "fault": flash did not take it, the old mark is in force. */
export function putInForce(flash: FlashPort, address: number, letter: string): "marked" | "fault" {
  let at = nextPlace(flash.read(address, flash.pageBytes));
  if (at < 0) {
    // Power that fails within or behind this: no mark, so slot a runs, or b where a is not whole; both are whole programs.
    if (!erasePage(flash, address)) return "fault";
    at = 0;
  }
  // Before, or cut within: the mark before this one is in force. Behind: this one.
  return writeChecked(flash, address + at, MAGIC + letter) ? "marked" : "fault";
}

/** Uses up the attempts of the mark whose confirmation lies at `confirmAddress`: from the next start on the other slot runs. */
export function giveUp(flash: FlashPort, confirmAddress: number): void {
  // Cut within: some attempts are left, and the slot is tried once more at the most.
  flash.write(confirmAddress - CONFIRMED_AT + ATTEMPTS_AT, u8(0) + u8(0) + u8(0) + blank(1));
}

/** Confirms the slot that runs: its starts are counted no longer. */
export function confirm(flash: FlashPort, confirmAddress: number): void {
  // Cut before or within: the next start is an attempt once more, and confirms.
  flash.write(confirmAddress, u8(0) + u8(0) + u8(0) + u8(0));
}
