/*
 * How long a test waits for a program that may have to share its processor.
 *
 * Input: a time on a quiet machine. Output: the time now. Invariant: it grows as the limits of tests do; a wait ends with
 * the event that it is for, so more patience costs only what fails anyway.
 */
import { loadFactor } from "../../tools/test_runner/load_factor";

export function patience(quietMs: number): number {
  return quietMs * loadFactor();
}
