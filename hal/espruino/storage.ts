/*
 * The interpreter's files, for what a board's program keeps beside its modules.
 *
 * Input: none. Output: the interpreter's own Storage. Invariant: written only while a board has no configuration:
 * once it has one, nothing may make Storage move what it holds.
 */
import type { BuiltIn } from "./interpreter";

export function storage(): BuiltIn["Storage"] {
  return require("Storage") as BuiltIn["Storage"];
}
