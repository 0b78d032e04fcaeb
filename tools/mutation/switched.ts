/*
 * All defects of a file in one text, of which a running program has one at a time, or none.
 *
 * Input: a file's text and mutants with their numbers. Output: the text in which the defect number N is there while the
 * switch chooses N. Invariants: with the number 0 the program does what the original does; a defect inside a larger one is
 * there only while the larger one is not.
 */
import type { Mutant } from "./mutants";

/** The global of the process that runs the tests. A process that a test starts makes its own, from its environment. */
export interface MutantSwitch {
  /** Number of the defect that is there, 0 for none. */
  mutant: number;
  /** Whether the place of each number was reached. */
  reached: boolean[];
  /** Called at the first time that a number's place is reached. */
  note(number: number): void;
  /** Places that may still be passed: a defect that makes an endless loop ends here. */
  left: number;
}

/** Environment of a process that a test starts: the defect's number, and the file that takes the numbers that it reached. */
export const MUTANT_VARIABLE = "SDC_MUTANT";
export const REACHED_VARIABLE = "SDC_REACHED";

const ASK = `
function sdcIs(number) {
  if (typeof process === "undefined") return false;
  const state = globalThis.sdcSwitch ??= {
    mutant: Number(process.env.${MUTANT_VARIABLE} ?? 0), reached: [], left: Infinity,
    note(reached) { if (process.env.${REACHED_VARIABLE}) process.getBuiltinModule("node:fs").appendFileSync(process.env.${REACHED_VARIABLE}, reached + "\\n"); },
  };
  if (!state.reached[number]) {
    state.reached[number] = true;
    state.note(number);
  }
  if (--state.left < 0) throw new Error("the defect makes the program loop");
  return state.mutant === number;
}
`;

/** `numbered`: the mutants with their numbers, from 1. */
export function switched(text: string, numbered: [number, Mutant][]): string {
  const open = [...numbered].sort(([, left], [, right]) => left.wholeStart - right.wholeStart || right.wholeEnd - left.wholeEnd);
  /** The text from `start` to `end` with the mutants that lie in it; they are taken from the list. */
  const within = (start: number, end: number): string => {
    let result = "";
    let at = start;
    while (open[0] !== undefined && open[0][1].wholeStart < end) {
      const [number, mutant] = open.shift()!;
      result += text.slice(at, mutant.wholeStart);
      const after = text.slice(mutant.wholeStart, mutant.start) + mutant.after + text.slice(mutant.end, mutant.wholeEnd);
      const sound = within(mutant.wholeStart, mutant.wholeEnd);
      result += mutant.operator === "statement" ? `{ if (!sdcIs(${String(number)})) ${sound} }` : `(sdcIs(${String(number)}) ? (${after}) : (${sound}))`;
      at = mutant.wholeEnd;
    }
    return result + text.slice(at, end);
  };
  return within(0, text.length) + ASK;
}
