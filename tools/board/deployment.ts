/*
 * Plans and carries out the work on a board so that it holds the files of a build.
 *
 * Input: an open console, the loader and the slot of a build. Output: Work; both files in Storage, compared, and the
 * slot in force. Invariant: the mark is written when the slot is whole, the loader when the mark is; the slot that
 * would start is not touched where there is room for two.
 */
import { LINUX_BUILDS, LINUX_RAW_BYTES } from "../../boards/espruino_flash";
import { type BoardConsole, quoteForConsole } from "../../console/board_console";
import { type Copy, eraseFile, FILE_HEAD_BYTES, holdsFile, type Progress, uploadFile } from "../../console/storage_upload";
import { SLOT_PREFIX } from "../../hal/espruino/slot_format";
import { FIXED_PLACE, placeHead, slotIndex, type SlotPlace } from "../build/slot";
import { copiesFrom, planSlot, slotFile, type SlotPlan, startingSlot } from "./board_slots";
import { type MarkState, readMarks, writeMark } from "./mark_page";
import { emptyPlace, fileBytes, makePlace, readPlace } from "./slot_place";

/** The interpreter runs this file when it starts. */
const LOADER = ".bootcde";
/** A compaction moves everything that Storage holds, page by page. */
const COMPACTION_MS = 120000;
/** The interpreter's report about itself. */
export interface Interpreter {
  build: string;
  version: string;
  /** Bytes of Storage in all, as far as they are ours to use. */
  storageBytes: number;
  /** Of these, what is free. */
  freeBytes: number;
  /** Bytes that a compaction frees. */
  trashBytes: number;
}

/** The files of a build for one board. */
export interface BoardFiles {
  loader: string;
  slot: string;
}

/** Asks the interpreter who it is, and how full its Storage. @throws ConsoleError */
export async function lookAt(board: BoardConsole): Promise<Interpreter> {
  const facts = await board.ask(`[process.env.BOARD,process.env.VERSION,require("Storage").getStats()]`) as [string, string, { totalBytes: number; freeBytes: number; trashBytes: number }];
  const { totalBytes, freeBytes, trashBytes } = facts[2];
  // On the PC the interpreter counts our part of the flash image as its own, and would fill it before it compacts.
  const rawBytes = LINUX_BUILDS.includes(facts[0]) ? LINUX_RAW_BYTES : 0;
  return { build: facts[0], version: facts[1], storageBytes: totalBytes - rawBytes, freeBytes: freeBytes - rawBytes, trashBytes };
}

/** The work to be done on a board. */
export interface Work {
  plan: SlotPlan;
  marks: MarkState;
  /** The loader is another one. */
  sendsLoader: boolean;
  /** The target slot is not there yet as it shall be. */
  sendsSlot: boolean;
  /** The file of the target has its size and its pages: it stays, and is emptied. undefined: it is made. */
  place: SlotPlace | undefined;
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

/** Compares the board with what it shall hold. Nothing on it changes. `losesLoader`: what is done before will erase it. @throws ConsoleError */
export async function workFor(board: BoardConsole, interpreter: Interpreter, files: BoardFiles, losesLoader: boolean): Promise<Work> {
  const marks = await readMarks(board, interpreter.build);
  const starting = await startingSlot(board, marks);
  const plan = planSlot(interpreter.storageBytes, files.slot.length, starting, starting === "" ? 0 : await fileBytes(board, slotFile(starting)));
  const sendsLoader = losesLoader || !await holdsFile(board, LOADER, files.loader);
  const holdsSlot = async (file: string): Promise<boolean> => {
    const place = await readPlace(board, file);
    return place !== undefined && (place.bytes > 0) === (plan.other !== "") && holdsFile(board, file, files.slot, plan.storedBytes, place.at);
  };
  const startsIt = starting !== "" && await holdsSlot(slotFile(starting));
  if (startsIt && plan.target !== starting) [plan.target, plan.file, plan.other] = [starting, plan.other, plan.file];
  const sendsSlot = !startsIt && !await holdsSlot(plan.file);
  const found = await readPlace(board, plan.file);
  const place = plan.other !== "" && found !== undefined && found.bytes > 0 && await fileBytes(board, plan.file) === plan.storedBytes ? found : undefined;
  const present = await board.ask(`require("Storage").list(/^${SLOT_PREFIX}/)`) as string[];
  const names = (slotIndex(files.slot)?.parts ?? []).map((one) => SLOT_PREFIX + one.name);
  if (plan.other === "") names.push(slotFile(plan.target === "a" ? "b" : "a"));
  const replaced = present.filter((name) => names.includes(name));
  const placesOther = plan.other !== "" && !present.includes(plan.other);
  const added = [...(sendsLoader ? [files.loader.length] : []), ...(sendsSlot && place === undefined ? [plan.storedBytes] : []), ...(placesOther ? [plan.storedBytes] : [])];
  let roomBytes = interpreter.freeBytes + interpreter.trashBytes;
  for (const name of [...replaced, ...(sendsLoader ? [LOADER] : []), ...(sendsSlot && place === undefined ? [plan.file] : [])]) roomBytes += await fileBytes(board, name);
  return {
    plan, marks, sendsLoader, sendsSlot, place, switches: (plan.other !== "" && !startsIt) || (marks.letter !== "" && marks.letter !== plan.target), placesOther, replaced,
    neededBytes: added.reduce((sum, bytes) => sum + bytes + FILE_HEAD_BYTES, 0), roomBytes,
  };
}

/** Brings the slot into its place, which is made first where there is none. @throws ConsoleError */
async function sendSlot(board: BoardConsole, build: string, { plan, place: found }: Work, slot: string, copies: Copy[], progress: Progress): Promise<void> {
  // A compaction may have moved what was found before it.
  let place = found === undefined ? undefined : await readPlace(board, plan.file);
  if (place === undefined && plan.other !== "") place = await makePlace(board, build, plan.file, plan.storedBytes);
  const prepare = async (): Promise<void> => {
    if (place !== undefined) await emptyPlace(board, build, plan.file, place);
    else await board.ask(`E.kickWatchdog(),require("Storage").erase(${quoteForConsole(plan.file)}),require("Storage").write(${quoteForConsole(plan.file)},${quoteForConsole(placeHead(FIXED_PLACE))},0,${String(plan.storedBytes)})`);
  };
  await uploadFile(board, plan.file, slot, progress, { storedBytes: plan.storedBytes, at: (place ?? FIXED_PLACE).at, copies, prepare });
}

/** Does the work on a board whose program is stopped. @returns bytes that went over the line @throws ConsoleError */
export async function carryOut(board: BoardConsole, interpreter: Interpreter, work: Work, files: BoardFiles, progress: Progress): Promise<number> {
  const { plan, sendsSlot, sendsLoader } = work;
  // Without a loader the board starts nothing until the last file is right; with it, a slot that is whole.
  if (sendsLoader) await eraseFile(board, LOADER);
  for (const name of work.replaced) await eraseFile(board, name);
  const copies = sendsSlot && plan.keepsOther ? await copiesFrom(board, plan.other, files.slot) : [];
  if (sendsSlot && work.place === undefined) await eraseFile(board, plan.file);
  // Power that fails during a compaction may lose any file of Storage: the board runs nothing then, and this is done again.
  if ((await lookAt(board)).freeBytes < work.neededBytes) await board.ask(`E.kickWatchdog(),require("Storage").compact(),0`, COMPACTION_MS);
  const total = (sendsSlot ? files.slot.length : 0) + (sendsLoader ? files.loader.length : 0);
  if (sendsSlot) await sendSlot(board, interpreter.build, work, files.slot, copies, (_one, done) => progress(`sending the program (${plan.file})`, done, total));
  // The second slot gets its place now, so that no later update has to ask Storage for one.
  if (work.placesOther) await makePlace(board, interpreter.build, plan.other, plan.storedBytes);
  if (work.switches) await writeMark(board, interpreter.build, plan.target);
  if (sendsLoader) await uploadFile(board, LOADER, files.loader, (_one, done) => progress(`sending the loader (${LOADER})`, total - files.loader.length + done, total));
  return total - copies.reduce((sum, one) => sum + one.bytes, 0);
}
