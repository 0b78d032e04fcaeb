/*
 * The interpreter's files, for what a board's program keeps beside its modules.
 *
 * Input: none. Output: the interpreter's own Storage. Invariant: written only while a board has no configuration, and only
 * where there is room: nothing may make Storage move what it holds, because the program runs there.
 */
import type { BuiltIn } from "./interpreter";

/** Of a file besides its content: its head, and what aligns it. */
const HEAD_BYTES = 40;

export function storage(): BuiltIn["Storage"] {
  return require("Storage") as BuiltIn["Storage"];
}

/** A file of so many bytes fits as Storage is. Without room it would compact itself, and move the running program away from under itself. */
export function hasRoom(bytes: number): boolean {
  return storage().getStats().freeBytes >= bytes + HEAD_BYTES;
}
