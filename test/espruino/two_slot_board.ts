/*
 * A board on the real interpreter with two places for slots, each with its pages where their heads say.
 *
 * Input: an interpreter, a slot for the first place, a loader, other files, a document. Output: a configured board, not yet
 * started. Invariant: a place lies where its file of Storage lies, where the loader and the program look for it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { LINUX_IMAGE_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import type { BoardFiles } from "../../tools/board/deployment";
import { placeAt, placedSlot, placeHead } from "../../tools/build/slot";
import { compileConfiguration, configure, LINUX_PINS } from "../boards/interpreter_board";
import { CONTACT_PIN, METER_PIN, rest } from "./driver";
import { Interpreter } from "./interpreter";

/** Bytes of a place for a small slot: three pages for the document, the others for the slot. */
export const PLACE_BYTES = 15 * LINUX_PAGE_BYTES;
/** The interpreter writes the name of a file so many bytes before its content. */
const NAME_BYTES = 28;

/** Where the content of a file of Storage begins in the image. */
function contentOf(board: Interpreter, file: string): number {
  const at = readFileSync(board.image).indexOf(Buffer.from(file.padEnd(NAME_BYTES, "\0"), "latin1"));
  assert.ok(at > 0, file);
  return LINUX_IMAGE_ADDRESS + at + NAME_BYTES;
}

/**
 * `program`: a slot, which lies in a, and its loader; b is empty, and a has room for as many pages where its slot is smaller.
 * `files`: others of Storage, which the interpreter runs before the loader when their names say so.
 */
export async function openTwoSlotBoard(path: string, program: BoardFiles, document: unknown, files: Record<string, string> = {}): Promise<Interpreter> {
  const { slot, loader } = program;
  const contents = (a: string, b: string): Record<string, string> => ({ ...files, ".bootcde": loader, sdc_a: a, sdc_b: b });
  const padded = (place: ReturnType<typeof placeAt>, bytes: number): string => placeHead(place).padEnd(bytes, "\xff");
  // Files of equal lengths lie at equal addresses: the first time tells where.
  const bytesA = Math.max(slot.length, PLACE_BYTES) + LINUX_PAGE_BYTES + 64;
  const bytesB = PLACE_BYTES + LINUX_PAGE_BYTES + 64;
  const measure = new Interpreter(path);
  measure.install(contents("a".repeat(bytesA), "b".repeat(bytesB)));
  const placeA = placeAt(contentOf(measure, "sdc_a"), slot.length > PLACE_BYTES ? bytesA + LINUX_PAGE_BYTES : bytesA, LINUX_PAGE_BYTES);
  const placeB = placeAt(contentOf(measure, "sdc_b"), bytesB, LINUX_PAGE_BYTES);
  await measure.close();
  assert.ok(placeB.bytes >= PLACE_BYTES - LINUX_PAGE_BYTES, String(placeB.bytes));
  const board = new Interpreter(path);
  board.wirePins(LINUX_PINS);
  board.install(contents(placedSlot(slot, placeA).padEnd(bytesA, "\xff"), padded(placeB, bytesB)));
  assert.equal(contentOf(board, "sdc_b") + placeB.at, placeB.address);
  configure(board, document);
  compileConfiguration(board);
  rest(board, [CONTACT_PIN, METER_PIN]);
  return board;
}
