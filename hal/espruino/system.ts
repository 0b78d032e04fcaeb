/*
 * SystemPort on Espruino: memory figures, restart, watchdog, console line, modules from Storage.
 *
 * Input: the interpreter's own figures. Output: SystemPort. Invariant: a module is read straight from
 * flash and forgotten by the interpreter at once, so its memory is free as soon as the caller drops it.
 */
import type { SystemPort } from "../ports";
import { WATCHDOG_S } from "../../firmware/limits";
import type { InterpreterProcess } from "./interpreter";

/** Modules are files of Storage whose names begin so, to keep clear of the user's and the interpreter's. */
const MODULE_PREFIX = "sdc_";

let watching = false;
let leaving = false;

export const system: SystemPort = {
  memoryFree: function (): number {
    // false: without a garbage collection, which would take longer than a tick may.
    const memory = (process as unknown as InterpreterProcess).memory(false);
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
  log: function (line: string): void {
    print(line);
  },
  load: function (name: string): unknown {
    try {
      const module: unknown = require(MODULE_PREFIX + name);
      Modules.removeCached(MODULE_PREFIX + name);
      return module;
    } catch (error) {
      print("module " + name + ": " + error);
      return undefined;
    }
  },
};
