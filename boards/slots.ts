/*
 * The slot that runs and the one beside it, for an update: a module that the firmware loads by name.
 *
 * Input: `slot`, `base` and `mark`, which the loader leaves; the heads of both places (docs/STORAGE.md section 9).
 * Output: SlotsPort. Invariant: a place whose pages are not where its head says has 0 bytes, because Storage may have
 * moved the file, and nothing of Storage's is ever erased.
 */
import { flash } from "../hal/espruino/flash";
import type { InterpreterProcess } from "../hal/espruino/interpreter";
import {
  CRC_AT, FAMILY_AT, LENGTH_AT, LONG_DIGITS, NUMBER_DIGITS, PLACE_ADDRESS_AT, PLACE_BYTES_AT, PLACE_HEAD_BYTES, PLACE_MAGIC, PLACE_SLOT_AT, PLACE_WORD_BYTES, RELEASE_AT, SLOT_A, SLOT_PREFIX,
} from "../hal/espruino/slot_format";
import { storage } from "../hal/espruino/storage";
import type { ProgramSlots } from "../hal/ports";
import { ESP32_MARK_ADDRESS, LINUX_MARK_ADDRESS } from "./espruino_flash";

declare const global: { slot?: number; base?: number; mark?: number };

/** The interpreter's own head of a file: its size, then its name, zeros behind. */
const NAME_BYTES = 28;

/** Address of a place's pages, 0 when they are not where its head says. */
function addressOf(file: string, head: string): number {
  if (head.substr(0, PLACE_MAGIC.length) !== PLACE_MAGIC) return 0;
  const address = parseInt(head.substr(PLACE_ADDRESS_AT, LONG_DIGITS), 10);
  if (!(address > 0)) return 0;
  const content = address - parseInt(head.substr(PLACE_SLOT_AT, NUMBER_DIGITS), 10);
  let name = file;
  while (name.length < NAME_BYTES) name += "\0";
  // Pages do not matter to a read.
  return flash.read(content - NAME_BYTES, NAME_BYTES) === name ? address : 0;
}

export function findSlots(): ProgramSlots | undefined {
  if (global.slot === undefined || global.base === undefined) return undefined;
  const { env } = process as unknown as InterpreterProcess;
  const files = storage();
  const isLinux = env.BOARD.substr(0, 5) === "LINUX";
  const letter = global.slot === SLOT_A ? "a" : "b";
  const own = SLOT_PREFIX + letter;
  const other = SLOT_PREFIX + (letter === "a" ? "b" : "a");
  const base = global.base * PLACE_WORD_BYTES;
  const word = function (at: number, count: number): string {
    return "" + files.read(own, base + at, count);
  };
  const running = addressOf(own, "" + files.read(own, 0, PLACE_HEAD_BYTES));
  const head = "" + files.read(other, 0, PLACE_HEAD_BYTES);
  const address = addressOf(other, head);
  const version = env.VERSION.split("v");
  return {
    letter: letter, running: running, runningBytes: parseInt(word(LENGTH_AT, NUMBER_DIGITS), 10), other: address,
    otherBytes: address > 0 && running > 0 ? parseInt(head.substr(PLACE_BYTES_AT, NUMBER_DIGITS), 10) : 0,
    markPage: isLinux ? LINUX_MARK_ADDRESS : ESP32_MARK_ADDRESS, confirmAt: global.mark === undefined ? -1 : global.mark,
    release: parseInt(word(RELEASE_AT, NUMBER_DIGITS), 10), crc: word(CRC_AT, LONG_DIGITS), family: word(FAMILY_AT, 10).split(" ")[0]!,
    interpreter: parseInt(version[0]!, 10) * 1000 + parseInt(version[1]!, 10),
  };
}

/** The running slot is on trial no longer. */
export function slotConfirmed(): void {
  delete global.mark;
}
