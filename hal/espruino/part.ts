/*
 * Parts of the firmware that are in memory only while they work, one at a time (tools/build/overlays.ts).
 *
 * Input: the name of a part. Output: its functions. Invariant: at most one part is held; `dropPart`, called
 * after every tick, lets go of one that the tick did not use, and of any before a rest.
 */
import { system } from "./system";

let held = "";
let functions: unknown;
let used = false;

/** The functions of a part, read from flash unless it is the one in memory. */
export function part(name: string): unknown {
  used = true;
  if (held !== name) {
    // The old one goes first: there is not room for two.
    functions = undefined;
    held = name;
    functions = system.load(name);
  }
  return functions;
}

/** `rests`: the next tick is not soon. */
export function dropPart(rests: boolean): void {
  if ((rests || !used) && held !== "") {
    held = "";
    functions = undefined;
  }
  used = false;
}
