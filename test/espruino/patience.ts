/*
 * How long a test waits for a program that may have to share its processor.
 *
 * Input: a time on a quiet machine. Output: the time now. Invariant: a whole multiple, as the test runner lengthens the
 * limits of tests; a wait ends with the event that it is for, so more patience costs only what fails anyway.
 */
import { availableParallelism, loadavg } from "node:os";

const FACTOR_MAX = 10;

export function patience(quietMs: number): number {
  const [load = 0] = loadavg();
  return quietMs * Math.min(FACTOR_MAX, Math.max(1, Math.ceil(load / availableParallelism())));
}
