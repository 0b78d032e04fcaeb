/*
 * Comparing in known-answer lists that run on every virtual machine.
 *
 * Input: a name, what came out, what must come out. Output: "" or a sentence. Invariant: written in the
 * portable subset, so that the lists run unchanged on Node, on the interpreter and in Lua.
 */

/** "" when equal, else what differs. Both sides are ASCII text. */
export function difference(name: string, got: string, wanted: string): string {
  if (got === wanted) return "";
  return name + " gave " + got + " instead of " + wanted;
}
