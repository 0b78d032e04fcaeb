/*
 * Many defects in one text, of which a running program has one at a time, or none.
 *
 * Input: a file's text and mutants that do not overlap. Output: the text in which the defect number N is there while
 * `globalThis.sdcMutant` is N. Invariant: with the number 0 the program does what the original does.
 */
import type { Mutant } from "./mutants";

/** The global that chooses. Numbers begin at 1. */
export const SWITCH = "globalThis.sdcMutant";

/** Whether two mutants cannot be in one text. */
export function overlap(left: Mutant, right: Mutant): boolean {
  return left.wholeStart < right.wholeEnd && right.wholeStart < left.wholeEnd;
}

/** `numbered`: the mutants with their numbers. */
export function switched(text: string, numbered: [number, Mutant][]): string {
  let result = text;
  for (const [number, mutant] of [...numbered].sort(([, left], [, right]) => right.wholeStart - left.wholeStart)) {
    const whole = text.slice(mutant.wholeStart, mutant.wholeEnd);
    const after = text.slice(mutant.wholeStart, mutant.start) + mutant.after + text.slice(mutant.end, mutant.wholeEnd);
    const both = mutant.operator === "statement" ? `{ if (${SWITCH} !== ${String(number)}) ${whole} }` : `(${SWITCH} === ${String(number)} ? (${after}) : (${whole}))`;
    result = result.slice(0, mutant.wholeStart) + both + result.slice(mutant.wholeEnd);
  }
  return result;
}
