/*
 * What a verb hands back, and how it reaches the user.
 *
 * Input: lines and an exit code from a library of tools/. Output: stdout when all is well, stderr when
 * not. Invariant: a verb's exit code is what the library said.
 */

/** Lines to print; they go to stderr when the code is not 0. */
export interface Answer {
  lines: string[];
  exitCode: number;
}

/** Collects the exit code, because the command line's actions return nothing. */
export interface Outcome {
  exitCode: number;
}

/** Prints an answer where it belongs. */
export function give(outcome: Outcome, answer: Answer): void {
  const stream = answer.exitCode === 0 ? process.stdout : process.stderr;
  for (const line of answer.lines) stream.write(`${line}\n`);
  outcome.exitCode = answer.exitCode;
}
