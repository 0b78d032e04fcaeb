/*
 * The arithmetic of counts: differences, middles, spreads, and the budget of a pulse.
 *
 * Input: counts of callgrind.ts. Output: counts and text. Invariant: pure; nothing is measured here.
 */
import { own } from "./callgrind";
import type { Count } from "./callgrind";

/** Name of a figure to its count. */
export type Costs = Map<string, Count>;

/** Empty pin callbacks that a counted pulse may cost, beside its write (docs/BENCHMARKS.md). */
const CALLBACKS_MAX = 4;
export const EMPTY_EDGE = "event of an edge, empty callback";
export const FLASH_WRITE = "Flash.write of 4 bytes";
export const PULSE = "pulse, durable: both edges, and both ticks that deal with them";

/** The count in the middle: a pass that happened to do something else as well is not it. @throws Error when there is none */
export function middle(counts: Count[]): Count {
  if (counts.length === 0) throw new Error("nothing was counted");
  return [...counts].sort((one, other) => own(one) - own(other))[Math.floor(counts.length / 2)]!;
}

/** (`more` - `less`) / `repetitions`, rounded. */
export function difference(more: Count, less: Count, repetitions: number): Count {
  return { instructions: Math.round((more.instructions - less.instructions) / repetitions), flashFile: Math.round((more.flashFile - less.flashFile) / repetitions) };
}

export function sum(one: Count, other: Count): Count {
  return { instructions: one.instructions + other.instructions, flashFile: one.flashFile + other.flashFile };
}

export function times(one: Count, factor: number): Count {
  return { instructions: one.instructions * factor, flashFile: one.flashFile * factor };
}

/** How far the values lie apart, as a share of the least. */
export function spread(values: number[]): number {
  const least = Math.min(...values);
  return least <= 0 ? Infinity : (Math.max(...values) - least) / least;
}

/** One line that says whether a pulse keeps its budget. @throws Error when a figure is missing */
export function pulseBudget(empty: Costs, board: Costs): string {
  const figure = (costs: Costs, name: string): number => {
    const count = costs.get(name);
    if (count === undefined) throw new Error(`there is no figure for ${name}`);
    return own(count);
  };
  const edge = figure(empty, EMPTY_EDGE);
  const write = figure(empty, FLASH_WRITE);
  const pulse = figure(board, PULSE);
  const budget = CALLBACKS_MAX * edge + write;
  return `budget of a counted pulse: ${String(CALLBACKS_MAX)} x ${String(edge)} + ${String(write)} = ${String(budget)}; it costs ${String(pulse)}, ` +
    `${((pulse - write) / edge).toFixed(1)} empty callbacks and its write: ${pulse <= budget ? "held" : "NOT held"}`;
}
