/*
 * The running slot, as its program sees it.
 *
 * Input: `mark`, which the loader leaves while the slot is on trial. Output: the confirmation in flash. Invariant: a
 * program confirms its own slot only, because another one's mark is never left to it.
 */
import type { BuiltIn } from "./interpreter";

declare const global: { mark?: number };

/** Tells the loader that this slot's program has proved itself: its starts are counted no longer. */
export function confirmSlot(): void {
  if (global.mark === undefined) return;
  // Power that fails before or within: the next start is an attempt once more, and confirms.
  (require("Flash") as BuiltIn["Flash"]).write([0, 0, 0, 0], global.mark);
  delete global.mark;
}
