/*
 * How many times longer than on a quiet machine things may take now.
 *
 * Input: what the system says of its load. Output: a whole number from 1 to FACTOR_MAX. Invariant: limits of tests, of
 * processes and waits inside tests all grow by this one factor.
 */
import { availableParallelism, loadavg } from "node:os";

/** A machine that is more than this busy is not waited for any longer. */
const FACTOR_MAX = 10;

export function loadFactor(): number {
  const [load = 0] = loadavg();
  return Math.min(FACTOR_MAX, Math.max(1, Math.ceil(load / availableParallelism())));
}
