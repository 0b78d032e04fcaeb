/*
 * A known defect that can be switched on in a copy of the sources, and the world that finds it.
 *
 * Input: none. Output: types. Invariant: while no defect is switched on, the copy does what the sources do.
 */
import type { FaultName } from "../options";

/** Stands for the switch in `after`. */
export const ON = "$ON";

export interface Canary {
  name: string;
  room: "block" | "signal" | "store" | "time" | "uplink" | "server";
  /** From the project's folder on. */
  file: string;
  /** A text that is once in the file, and the text in its place. */
  before: string;
  after: string;
  /** Worlds of which one finds it: so many seeds from `seed` on. */
  faults: FaultName[];
  days: number;
  seed: number;
  seeds: number;
}

/** The global that holds the name of the defect that is switched on. */
export const SWITCH = "globalThis.sdcDefect";
