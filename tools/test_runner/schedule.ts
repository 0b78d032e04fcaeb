/*
 * Which part of the run is next: as many side by side as the machine has processors for.
 *
 * Input: parts in order of preference, the slots there are, what is running. Output: the next part to start, or
 * none now. Invariants: pure; the slots are never exceeded; a part that counts in real time runs alone; where parts
 * share the interpreter's one port number, one of them runs at a time; every part comes up when the rest is over.
 */
import type { Part } from "./suites";

export interface Machine {
  /** Twice the processors: a part that computes takes two slots, one that waits takes one. */
  slots: number;
  isBuilt: boolean;
  /** Parts that use the console's port each have a network of their own. */
  hasOwnNetworks: boolean;
}

/** The first of `waiting` that may start beside `running`; undefined when none may now. */
export function nextPart(waiting: Part[], running: Part[], machine: Machine): Part | undefined {
  if (running.some((part) => part.isAlone)) return undefined;
  const free = machine.slots - running.reduce((sum, part) => sum + part.slots, 0);
  const isPortTaken = !machine.hasOwnNetworks && running.some((part) => part.usesConsolePort);
  const mayStart = (part: Part): boolean => part.slots <= free && (machine.isBuilt || !part.needsBuild) && !(part.usesConsolePort && isPortTaken);
  const next = waiting.find((part) => !part.isAlone && mayStart(part));
  if (next !== undefined || running.length > 0) return next;
  return waiting.find((part) => part.isAlone && mayStart(part));
}
