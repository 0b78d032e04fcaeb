/*
 * The page that chooses the program slot, over a board's console.
 *
 * Input: the page as the board reads it; the letter of a slot. Output: what the page says; a mark in it. Invariant:
 * a new mark comes into force by one write behind the others; the page is erased only when it is full, or holds what
 * an erase that was cut has left (docs/STORAGE.md section 9).
 */
import { ESP32_MARK_ADDRESS, ESP32_PAGE_BYTES, LINUX_BUILDS, LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import type { BoardConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import { CONFIRMED_AT, MARK_BYTES, MARK_MAGIC } from "../../hal/espruino/slot_format";

export type SlotLetter = "a" | "b";

export interface MarkState {
  /** The slot of the last whole mark; "" when there is none. */
  letter: SlotLetter | "";
  confirmed: boolean;
  /** Place of the next mark; -1 when the page is full. */
  next: number;
  /** Nothing but marks, whole or cut, and blank bytes. */
  ours: boolean;
}

const BLANK = "\xff".repeat(MARK_BYTES);
const PIECE_BYTES = 512;

/** Whether a cut write of a mark may have left this: each letter has at least the bits of what it should be. */
function mayBeMark(record: string): boolean {
  return ["a", "b"].some((letter) => Array.from(MARK_MAGIC + letter).every((one, index) => (record.charCodeAt(index) & one.charCodeAt(0)) === one.charCodeAt(0)));
}

/** The state of a mark page of whole marks. */
export function markState(page: string): MarkState {
  const state: MarkState = { letter: "", confirmed: false, next: -1, ours: true };
  for (let at = 0; at < page.length; at += MARK_BYTES) {
    const record = page.slice(at, at + MARK_BYTES);
    if (record === BLANK) {
      if (state.next < 0) state.next = at;
      continue;
    }
    // Behind a blank place there is nothing of ours.
    if (state.next >= 0 || !mayBeMark(record)) state.ours = false;
    const letter = record.startsWith(MARK_MAGIC) ? record[MARK_MAGIC.length] : "";
    if (letter !== "a" && letter !== "b") continue;
    state.letter = letter;
    state.confirmed = record.charCodeAt(CONFIRMED_AT) !== 255;
  }
  return state;
}

function placeOf(build: string): { address: number; bytes: number } {
  return LINUX_BUILDS.includes(build) ? { address: LINUX_MARK_ADDRESS, bytes: LINUX_PAGE_BYTES } : { address: ESP32_MARK_ADDRESS, bytes: ESP32_PAGE_BYTES };
}

/** `build`: what the interpreter calls its board. @throws ConsoleError */
export async function readMarks(board: BoardConsole, build: string): Promise<MarkState> {
  const { address, bytes } = placeOf(build);
  let page = "";
  for (let at = 0; at < bytes; at += PIECE_BYTES) page += atob(String(await board.ask(`E.kickWatchdog(),btoa(require("Flash").read(${String(PIECE_BYTES)},${String(address + at)}))`)));
  return markState(page);
}

/** Puts `letter` into force, on trial. @throws ConsoleError when the board does not read it back */
export async function writeMark(board: BoardConsole, build: string, letter: SlotLetter): Promise<void> {
  const { address } = placeOf(build);
  const state = await readMarks(board, build);
  const isFull = !state.ours || state.next < 0;
  // Power that fails within or behind this: no mark, so slot a runs, or b where a is not whole; the next mark erases again.
  if (isFull) await board.ask(`require("Flash").erasePage(${String(address)})`);
  const at = isFull ? address : address + state.next;
  // Before, or cut within: the mark before this one is in force. Behind: this one.
  await board.ask(`require("Flash").write("${MARK_MAGIC}${letter}",${String(at)})`);
  if ((await readMarks(board, build)).letter !== letter) throw new ConsoleError("the board does not read back the mark of its program slot; the old program stays in force");
}
