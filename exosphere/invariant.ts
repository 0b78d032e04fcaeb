/*
 * The way out for errors of the program itself.
 *
 * Input: what must hold. Output: nothing, or an error whose message says what did not. Invariant: bad input
 * and operating failures never come here; they are Problems or errors of their own.
 */

/** Throws when `condition` is false; `fact` says what was expected to hold. */
export function invariant(condition: boolean, fact: string): asserts condition {
  if (!condition) throw new Error(`error of the program: not true that ${fact}`);
}

/** `value`, which is there unless the program is wrong. */
export function present<T>(value: T | null | undefined, fact: string): T {
  if (value === undefined || value === null) throw new Error(`error of the program: not true that ${fact}`);
  return value;
}

/** The only row of a statement that always gives one, such as an aggregate. */
export function onlyRow<T>(rows: readonly T[]): T {
  return present(rows[0], "the statement gives a row");
}
