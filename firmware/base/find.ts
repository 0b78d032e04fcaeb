/*
 * Searching a text for another.
 *
 * Input: two texts. Output: a position. Invariant: the answer of every machine is the same. The interpreter's
 * own indexOf finds a text of several characters also where only its beginning fits before the end
 * ("xab".indexOf("abc") is 1 there), so nothing may search for more than one character without this.
 */

/** Position of the first `wanted` in `text`, -1 when it is not there. */
export function findText(text: string, wanted: string): number {
  const at = text.indexOf(wanted);
  return at >= 0 && at + wanted.length <= text.length ? at : -1;
}
