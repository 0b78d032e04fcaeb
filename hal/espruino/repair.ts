/*
 * Mends one function of the interpreter before anything else runs.
 *
 * Input: its String.indexOf, which takes a text that ends with the beginning of what is searched for as a
 * hit ("ab".indexOf("bc") gives 1; version 2v29). Output: an indexOf that is right. Invariant: a real hit
 * is found as before, because it always lies ahead of a false one. Import this first in every program.
 */
const search = "".indexOf;

String.prototype.indexOf = function (this: string, wanted: string, from?: number): number {
  const found = search.call(this, wanted, from);
  return found + wanted.length > this.length ? -1 : found;
};
