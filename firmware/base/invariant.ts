/*
 * The one way out for programmer errors.
 *
 * Input: a condition that holds unless the program itself is wrong. Output: nothing, or a thrown code;
 * the platform's entry file turns it into a restart. Operating failures never come here: they are
 * returned and handled.
 */

/** Throws `code` (upper case, words joined by _) when `condition` is false. */
export function invariant(condition: boolean, code: string): asserts condition {
  if (!condition) throw code;
}
