/*
 * The program slots of a board: what is in them, which one to write, and how.
 *
 * Input: an open console, the slot of a build. Output: a plan; the slot in Storage, compared. Invariant: where there
 * is room for two, the slot that would start is never touched.
 */
import type { BoardConsole } from "../../console/board_console";
import { quoteForConsole } from "../../console/board_console";
import { crc32 } from "../../console/bytes";
import type { Copy } from "../../console/storage_upload";
import { INDEX_AT, NUMBER_DIGITS, PLACE_HEAD_BYTES, PLACE_MAGIC, PROGRAM_AT, SLOT_MAGIC, SLOT_PREFIX } from "../../hal/espruino/slot_format";
import { placeOf, slotIndex } from "../build/slot";
import type { MarkState, SlotLetter } from "./mark_page";

/** Largest slot: two of them leave an eighth of an ESP32's Storage to others. */
const SLOT_BYTES_MAX = 0x60000;
/** Of Storage, what two slots leave to the loader, to heads of files, and to a document that is provisioned. */
const OTHERS_BYTES = 16384;
const ALIGNMENT = 4096;
const PIECE_BYTES = 512;

export interface SlotPlan {
  target: SlotLetter;
  file: string;
  /** Bytes of the file in Storage. */
  storedBytes: number;
  /** The other slot's file; "" where there is room for one only. */
  other: string;
  /** The other slot's program would start: pieces may be taken from it. */
  keepsOther: boolean;
}

export function slotFile(letter: SlotLetter): string {
  return SLOT_PREFIX + letter;
}

/** Bytes of each of two slots in a Storage of `storageBytes`. */
export function twinBytes(storageBytes: number): number {
  return Math.min(SLOT_BYTES_MAX, Math.floor((storageBytes - OTHERS_BYTES) / 2 / ALIGNMENT) * ALIGNMENT);
}

/** The slot that runs, or would at the next start; "" when there is none. */
export async function startingSlot(board: BoardConsole, marks: MarkState): Promise<SlotLetter | ""> {
  const running = await board.ask(`typeof slot==="number"?String.fromCharCode(slot):""`);
  if (running === "a" || running === "b") return running;
  if (marks.letter !== "") return marks.letter;
  const head = await board.ask(`require("Storage").read("${slotFile("a")}",0,${String(PLACE_MAGIC.length)})`);
  return head === PLACE_MAGIC ? "a" : "";
}

/** Where a slot of `contentBytes` goes on a board that would start `starting`, a file of `startingBytes`. */
export function planSlot(storageBytes: number, contentBytes: number, starting: SlotLetter | "", startingBytes: number): SlotPlan {
  const bytes = twinBytes(storageBytes);
  // The pages of a place begin behind its head, at the first page's beginning at the latest.
  if (Math.max(contentBytes + PLACE_HEAD_BYTES + ALIGNMENT, startingBytes) > bytes) return { target: "a", file: slotFile("a"), storedBytes: contentBytes + PLACE_HEAD_BYTES, other: "", keepsOther: false };
  const target = starting === "a" ? "b" : "a";
  return { target, file: slotFile(target), storedBytes: bytes, other: slotFile(target === "a" ? "b" : "a"), keepsOther: starting !== "" };
}

/** The pieces of `content` that the file `from` on the board has already: parts of the same name and bytes. */
export async function copiesFrom(board: BoardConsole, from: string, content: string): Promise<Copy[]> {
  const file = quoteForConsole(from);
  const read = async (at: number, bytes: number): Promise<string> => atob(String(await board.ask(`btoa(require("Storage").read(${file},${String(at)},${String(bytes)})||"")`)));
  const base = placeOf(await read(0, PLACE_HEAD_BYTES))?.at;
  if (base === undefined) return [];
  let head = await read(base, INDEX_AT);
  const first = Number(head.slice(PROGRAM_AT, PROGRAM_AT + NUMBER_DIGITS));
  if (!head.startsWith(SLOT_MAGIC)) return [];
  for (let at = INDEX_AT; at < first; at += PIECE_BYTES) head += await read(base + at, Math.min(PIECE_BYTES, first - at));
  const there = slotIndex(head);
  const wanted = slotIndex(content);
  if (there === undefined || wanted === undefined) return [];
  const copies: Copy[] = [];
  for (const part of wanted.parts) {
    const same = there.parts.find((one) => one.name === part.name && one.bytes === part.bytes);
    if (same === undefined || part.bytes === 0 || copies.some((one) => one.at === part.offset)) continue;
    const crc = await board.ask(`E.kickWatchdog(),E.CRC32(require("Storage").read(${file},${String(base + same.offset)},${String(same.bytes)}))`);
    if (crc === crc32(content.slice(part.offset, part.offset + part.bytes))) copies.push({ at: part.offset, bytes: part.bytes, file: from, from: base + same.offset });
  }
  return copies;
}
