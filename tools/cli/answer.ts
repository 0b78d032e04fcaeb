/*
 * A verb's result, and its way to the user.
 *
 * Input: lines and an exit code from a library of tools/. Output: findings on stdout, also those that end
 * with 1; what could not be looked at (2) on stderr, but for JSON, which a program reads from stdout. Invariant: a verb's exit code is what the library said.
 */

/** Lines to print, and 0: all is well, 1: something was found, 2: the question was wrong. */
export interface Answer {
  lines: string[];
  exitCode: number;
}

/** Collects the exit code, because the command line's actions return nothing. */
export interface Outcome {
  exitCode: number;
}

/** Prints an answer where it belongs. */
export function give(outcome: Outcome, answer: Answer, isJson = false): void {
  if (answer.exitCode < 2 || isJson) for (const line of answer.lines) process.stdout.write(`${line}\n`);
  else for (const line of answer.lines) process.stderr.write(`sdc: ${line}\n`);
  outcome.exitCode = answer.exitCode;
}
