/*
 * The content of `.bootcde`: it chooses a slot, checks it, and runs the program in it.
 *
 * Input: the mark page, two slots in Storage (hal/espruino/slot_format.ts). Output: the program runs at the root,
 * from flash; `slot` names its slot, `base` where in its file it begins and, while the slot is on trial, `mark` the place that confirms it. Invariants:
 * this is never replaced in the field; no slot runs whose CRC is wrong; a mark that is on trial costs an attempt
 * before the program begins, and without attempts left the other slot runs; nothing of this stays in memory.
 */
import {
  ATTEMPTS_AT, ATTEMPTS_MAX, CONFIRMED_AT, COVERED_AT, CRC_AT, FAMILY_AT, FAMILY_BYTES, LENGTH_AT, LONG_DIGITS, MARK_MAGIC, NUMBER_DIGITS, PLACE_MAGIC, PLACE_SLOT_AT, PLACE_WORD_BYTES,
  PROGRAM_AT, PROGRAM_LENGTH_AT, SLOT_A, SLOT_B, SLOT_MAGIC, SLOT_PREFIX,
} from "../hal/espruino/slot_format";
import { TRIAL_S_MAX, WATCHDOG_S } from "../firmware/limits";
import type { BuiltIn, InterpreterProcess } from "../hal/espruino/interpreter";
import { ESP32_MARK_ADDRESS, ESP32_PAGE_BYTES, LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES } from "./espruino_flash";

declare const global: { slot?: number; base?: number; mark?: number; eval(source: string): void };
declare function setTimeout(code: string, ms: number): void;

/** A trial has come to its end long before. */
const TRIAL_END_MS = 2 * TRIAL_S_MAX * 1000;

try {
  // At the root, where functions cost least; an expression, so that no name of it is left behind.
  global.eval((function (): string {
    const storage = require("Storage") as BuiltIn["Storage"];
    const flash = require("Flash") as BuiltIn["Flash"];
    const build = (process as unknown as InterpreterProcess).env.BOARD;
    const isLinux = build.substr(0, 5) === "LINUX";
    const family = isLinux ? "LINUX" : build.split("_")[0];
    const address = isLinux ? LINUX_MARK_ADDRESS : ESP32_MARK_ADDRESS;
    const page = E.toString(flash.read(isLinux ? LINUX_PAGE_BYTES : ESP32_PAGE_BYTES, address));
    // The last whole mark is in force. One that was cut while it was written has other letters, because a cut leaves ones.
    const at = Math.max(page.lastIndexOf(MARK_MAGIC + "a"), page.lastIndexOf(MARK_MAGIC + "b"));
    let letter = at < 0 ? SLOT_A : page.charCodeAt(at + 3);
    let onTrial = at >= 0 && page.charCodeAt(at + CONFIRMED_AT) === 255;
    let tried = 0;
    while (tried < ATTEMPTS_MAX && page.charCodeAt(at + ATTEMPTS_AT + tried) !== 255) tried++;
    let head = "";
    let base = 0;
    const isWhole = function (): boolean {
      const file = SLOT_PREFIX + (letter === SLOT_A ? "a" : "b");
      const place = "" + storage.read(file, 0, PLACE_SLOT_AT + NUMBER_DIGITS);
      base = parseInt(place.substr(PLACE_SLOT_AT, NUMBER_DIGITS), 10);
      // A file that is not a place has no number there, or one that leads to no slot.
      head = place.substr(0, PLACE_SLOT_AT) === PLACE_MAGIC && base > 0 ? "" + storage.read(file, base, PROGRAM_LENGTH_AT + NUMBER_DIGITS) : "";
      const covered = parseInt(head.substr(LENGTH_AT, NUMBER_DIGITS), 10) - COVERED_AT;
      if (head.substr(0, CRC_AT) !== SLOT_MAGIC || head.substr(FAMILY_AT, FAMILY_BYTES).split(" ")[0] !== family || !(covered > 0)) return false;
      const content = storage.read(file, base + COVERED_AT, covered);
      // A text in flash is hashed where it lies: no copy of it is made.
      return content !== undefined && content.length === covered && E.CRC32(content) === parseInt(head.substr(CRC_AT, LONG_DIGITS), 10);
    };
    if (onTrial && tried === ATTEMPTS_MAX) {
      letter = SLOT_A + SLOT_B - letter;
      onTrial = false;
    }
    if (!isWhole()) {
      letter = SLOT_A + SLOT_B - letter;
      onTrial = false;
      if (!isWhole()) {
        print("sdc: neither slot holds a whole program; put one on the board: sdc deploy");
        return "";
      }
    }
    if (onTrial) {
      // A version that hangs before it gets anywhere uses up its attempts as one that fails does. So does one that has used up
      // the memory, which is cut off without an exception: the interpreter stands idle then, and kicks nothing.
      E.enableWatchdog(WATCHDOG_S, false);
      // And one that neither proves itself nor gives way. A text holds on to nothing of this.
      setTimeout("global.mark>0&&E.reboot()", TRIAL_END_MS);
      // The letters of the mark once more: bits that a cut left between 0 and 1 become firm. Power that fails here: the attempt is made or not.
      flash.write([83, 68, 76, letter, 0, tried > 0 ? 0 : 255, tried > 1 ? 0 : 255, 255], address + at);
      global.mark = address + at + CONFIRMED_AT;
    }
    global.slot = letter;
    global.base = base / PLACE_WORD_BYTES | 0;
    return storage.read(SLOT_PREFIX + (letter === SLOT_A ? "a" : "b"), base + parseInt(head.substr(PROGRAM_AT, NUMBER_DIGITS), 10), parseInt(head.substr(PROGRAM_LENGTH_AT, NUMBER_DIGITS), 10)) as string;
  })());
} catch (error) {
  // A failed start counts as an attempt; reboot immediately. Without a trial the console stays open.
  if (global.mark === undefined) throw error;
  print("" + error);
  E.reboot();
}
