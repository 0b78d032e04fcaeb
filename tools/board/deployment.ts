/*
 * What has to be done to a board so that it holds the files of a build, and the doing of it.
 *
 * Input: an open console, the loader and the slot of a build. Output: Work; both files in Storage, compared, and the
 * slot in force. Invariant: the mark is written when the slot is whole, the loader when the mark is; the slot that
 * would start is not touched where there is room for two.
 */
import { LINUX_RAW_BYTES } from "../../boards/espruino_flash";
import { type BoardConsole, quoteForConsole } from "../../console/board_console";
import { eraseFile, FILE_HEAD_BYTES, holdsFile, type Progress, uploadFile } from "../../console/storage_upload";
import { SLOT_PREFIX } from "../../hal/espruino/slot_format";
import { slotIndex } from "../build/slot";
import { copiesFrom, planSlot, slotFile, type SlotPlan, startingSlot } from "./board_slots";
import { type MarkState, readMarks, writeMark } from "./mark_page";

/** The interpreter runs this file when it starts. */
const LOADER = ".bootcde";
/** A compaction moves everything that Storage holds, page by page. */
const COMPACTION_MS = 120000;
/** What the interpreter says about itself. */
export interface Interpreter {
  build: string;
  version: string;
  /** Bytes of Storage in all, as far as they are ours to use. */
  storageBytes: number;
  /** Of these, what is free. */
  freeBytes: number;
  /** What becomes free when it is compacted. */
  trashBytes: number;
}

/** What a build has for one board. */
export interface BoardFiles {
  loader: string;
  slot: string;
}

/** Asks the interpreter who it is, and how full its Storage. @throws ConsoleError */
export async function lookAt(board: BoardConsole): Promise<Interpreter> {
  const facts = await board.ask(`[process.env.BOARD,process.env.VERSION,require("Storage").getStats()]`) as [string, string, { totalBytes: number; freeBytes: number; trashBytes: number }];
  const { totalBytes, freeBytes, trashBytes } = facts[2];
  // On the PC the interpreter counts our part of the flash image as its own, and would fill it before it compacts.
  const rawBytes = facts[0] === "LINUX" ? LINUX_RAW_BYTES : 0;
  return { build: facts[0], version: facts[1], storageBytes: totalBytes - rawBytes, freeBytes: freeBytes - rawBytes, trashBytes };
}

/** What is to be done to a board. */
export interface Work {
  plan: SlotPlan;
  marks: MarkState;
  /** The loader is another one. */
  sendsLoader: boolean;
  /** The target slot is not there yet as it shall be. */
  sendsSlot: boolean;
  /** The target needs a mark, to be started or to be tried anew. */
  switches: boolean;
  /** The other slot has no place yet. */
  placesOther: boolean;
  /** Files of Storage that go: modules that the slot replaces, a second slot where there is room for one only. */
  replaced: string[];
  /** Bytes of Storage that the new files take, and that are free once the old ones are gone. */
  neededBytes: number;
  roomBytes: number;
}

async function lengthOf(board: BoardConsole, name: string): Promise<number> {
  return Number(await board.ask(`(require("Storage").read(${quoteForConsole(name)})||"").length`));
}

/** Compares the board with what it shall hold. Nothing on it changes. `losesLoader`: what is done before will erase it. @throws ConsoleError */
export async function workFor(board: BoardConsole, interpreter: Interpreter, files: BoardFiles, losesLoader: boolean): Promise<Work> {
  const marks = await readMarks(board, interpreter.build);
  const starting = await startingSlot(board, marks);
  const plan = planSlot(interpreter.storageBytes, files.slot.length, starting, starting === "" ? 0 : await lengthOf(board, slotFile(starting)));
  const sendsLoader = losesLoader || !await holdsFile(board, LOADER, files.loader);
  const startsIt = starting !== "" && await holdsFile(board, slotFile(starting), files.slot, plan.storedBytes);
  if (startsIt && plan.target !== starting) [plan.target, plan.file, plan.other] = [starting, plan.other, plan.file];
  const sendsSlot = !startsIt && !await holdsFile(board, plan.file, files.slot, plan.storedBytes);
  const present = await board.ask(`require("Storage").list(/^${SLOT_PREFIX}/)`) as string[];
  const names = (slotIndex(files.slot)?.parts ?? []).map((one) => SLOT_PREFIX + one.name);
  if (plan.other === "") names.push(slotFile(plan.target === "a" ? "b" : "a"));
  const replaced = present.filter((name) => names.includes(name));
  const placesOther = plan.other !== "" && !present.includes(plan.other);
  const added = [...(sendsLoader ? [files.loader.length] : []), ...(sendsSlot ? [plan.storedBytes] : []), ...(placesOther ? [plan.storedBytes] : [])];
  let roomBytes = interpreter.freeBytes + interpreter.trashBytes;
  for (const name of [...replaced, ...(sendsLoader ? [LOADER] : []), ...(sendsSlot ? [plan.file] : [])]) roomBytes += await lengthOf(board, name);
  return {
    plan, marks, sendsLoader, sendsSlot, switches: (plan.other !== "" && !startsIt) || (marks.letter !== "" && marks.letter !== plan.target), placesOther, replaced,
    neededBytes: added.reduce((sum, bytes) => sum + bytes + FILE_HEAD_BYTES, 0), roomBytes,
  };
}

/** Does the work on a board whose program is stopped. @returns bytes that went over the line @throws ConsoleError */
export async function carryOut(board: BoardConsole, interpreter: Interpreter, work: Work, files: BoardFiles, progress: Progress): Promise<number> {
  const { plan, sendsSlot, sendsLoader } = work;
  // Without a loader the board starts nothing until the last file is right; with it, a slot that is whole.
  if (sendsLoader) await eraseFile(board, LOADER);
  for (const name of work.replaced) await eraseFile(board, name);
  const copies = sendsSlot && plan.keepsOther ? await copiesFrom(board, plan.other, files.slot) : [];
  // A place that was kept free needs no new one.
  const isFree = sendsSlot && await holdsFile(board, plan.file, "\xff".repeat(plan.storedBytes));
  if (sendsSlot && !isFree) await eraseFile(board, plan.file);
  // Power that fails during a compaction may lose any file of Storage: the board runs nothing then, and this is done again.
  if ((await lookAt(board)).freeBytes < work.neededBytes - (isFree ? plan.storedBytes : 0)) await board.ask(`E.kickWatchdog(),require("Storage").compact(),0`, COMPACTION_MS);
  const total = (sendsSlot ? files.slot.length : 0) + (sendsLoader ? files.loader.length : 0);
  if (sendsSlot) await uploadFile(board, plan.file, files.slot, (_one, done) => progress(plan.file, done, total), { storedBytes: plan.storedBytes, copies, isFree });
  // The second slot gets its place now, so that no later update has to ask Storage for one.
  if (work.placesOther) await board.ask(`E.kickWatchdog(),require("Storage").write("${plan.other}","",0,${String(plan.storedBytes)})`);
  if (work.switches) await writeMark(board, interpreter.build, plan.target);
  if (sendsLoader) await uploadFile(board, LOADER, files.loader, (_one, done) => progress(LOADER, total - files.loader.length + done, total));
  return total - copies.reduce((sum, one) => sum + one.bytes, 0);
}
