/*
 * SystemPort on Espruino: memory figures, restart, watchdog, console line, modules from the running slot.
 *
 * Input: the interpreter's own figures, the slot that the loader runs. Output: SystemPort. Invariant: a module is read straight
 * from flash and forgotten by the interpreter at once, so its memory is free as soon as the caller drops it.
 */
import type { SystemPort } from "../ports";
import { WATCHDOG_S } from "../../firmware/limits";
import type { BuiltIn, InterpreterProcess } from "./interpreter";
import { INDEX_AT, NUMBER_DIGITS, PLACE_WORD_BYTES, PROGRAM_AT, SLOT_A, SLOT_PREFIX } from "./slot_format";

/** Left by the loader; without one, as in tests, every module is a file. */
declare const global: { slot?: number; base?: number };

let watching = false;
/** A restart is under way. */
export let leaving = false;

export const system: SystemPort = {
  memoryFree: function (): number {
    // true: collects garbage first. Otherwise it counts as used, as the interpreter collects only when it runs short.
    const memory = (process as unknown as InterpreterProcess).memory(true);
    return Math.floor((memory.free * 1000) / memory.total);
  },
  restart: function (reason: string): void {
    // An interpreter that takes a moment to go may report the same fault again and again.
    if (leaving) return;
    leaving = true;
    print("restart: " + reason);
    E.reboot();
  },
  kickWatchdog: function (): void {
    if (!watching) {
      watching = true;
      E.enableWatchdog(WATCHDOG_S, false);
    }
    E.kickWatchdog();
  },
  log: print,
  load: function (name: string): unknown {
    // A module that the slot does not hold is a file of its own in Storage, as a maker's driver for his reader.
    const file = SLOT_PREFIX + name;
    try {
      if (global.slot !== undefined) {
        const storage = require("Storage") as BuiltIn["Storage"];
        const slot = SLOT_PREFIX + (global.slot === SLOT_A ? "a" : "b");
        const base = global.base as number * PLACE_WORD_BYTES;
        const index = storage.read(slot, base + INDEX_AT, parseInt(storage.read(slot, base + PROGRAM_AT, NUMBER_DIGITS) as string, 10) - INDEX_AT) as string;
        const at = index.indexOf("\n" + name + " ") + name.length + 2;
        // The interpreter would keep it for the next time; it is found again at no cost.
        Modules.removeCached("Storage");
        if (at > name.length + 1) Modules.addCached(file, storage.read(slot, base + parseInt(index.substr(at, NUMBER_DIGITS), 10), parseInt(index.substr(at + NUMBER_DIGITS + 1, NUMBER_DIGITS), 10)) as string);
      }
      const module: unknown = require(file);
      Modules.removeCached(file);
      return module;
    } catch (error) {
      print("module " + name + ": " + error);
      return undefined;
    }
  },
};
