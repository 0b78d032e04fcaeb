/*
 * The program's surroundings in a test: memory, log, watchdog, restart, modules.
 *
 * Input: settings by the test. Output: the SystemPort of the board, and what it did with it. Invariant: a
 * restart is only noted; the test must then stop calling it and build a new one.
 */
import type { SystemPort } from "../ports";
import type { MockClock } from "./clock";

export interface MockSystem extends SystemPort {
  /** Thousandths that `memoryFree` tells. */
  free: number;
  /** Log lines, oldest first; at most `linesMax` newest are kept. */
  readonly lines: string[];
  linesMax: number;
  /** "" while the program runs, else the reason it gave for its restart. */
  restartReason: string;
  /** World time of the last kick, -1 before the first. */
  kickedAtMs: number;
  /** The modules that `load` finds by name; anything else gives undefined. */
  readonly modules: Map<string, unknown>;
  /** How often each module was loaded. */
  readonly loads: Map<string, number>;
}

export function createMockSystem(clock: MockClock): MockSystem {
  const system: MockSystem = {
    free: 700,
    lines: [],
    linesMax: 10_000,
    restartReason: "",
    kickedAtMs: -1,
    modules: new Map(),
    loads: new Map(),
    memoryFree: () => system.free,
    restart(reason) {
      system.restartReason = reason === "" ? "restart" : reason;
    },
    kickWatchdog() {
      system.kickedAtMs = clock.worldMs;
    },
    log(line) {
      system.lines.push(line);
      if (system.lines.length > system.linesMax) system.lines.shift();
    },
    load(name) {
      system.loads.set(name, (system.loads.get(name) ?? 0) + 1);
      return system.modules.get(name);
    },
  };
  return system;
}
