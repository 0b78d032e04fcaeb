/*
 * Makes the floats of fengari single, as NodeMCU's are, and counts them.
 *
 * Input: the function that loads fengari's files. Output: fengari, and how many floats Lua code has made
 * since the last look. Invariant: every float that an operation or a reading of digits stores is rounded to
 * single; NaN, which stands for "no such character" in compiled code, is not counted.
 */

interface Value { type: number; value: unknown }
interface Objects { TValue: { prototype: { setfltvalue(this: Value, given: number): void } } }

let made = 0;
let patched = false;

function single(given: number): number {
  if (!Number.isNaN(given)) made++;
  return Math.fround(given);
}

/** Loads fengari with single floats. */
export function fengariWithSingleFloats(load: (name: string) => unknown): unknown {
  const fengari = load("fengari");
  if (!patched) {
    patched = true;
    const { prototype } = (load("fengari/src/lobject.js") as Objects).TValue;
    const store = prototype.setfltvalue;
    prototype.setfltvalue = function (given) {
      store.call(this, single(given));
    };
  }
  return fengari;
}

/** Floats made since the last call. */
export function floatsMade(): number {
  const count = made;
  made = 0;
  return count;
}
