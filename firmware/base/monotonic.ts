/*
 * Arithmetic on monotonic milliseconds, which count round a circle of 2^30 (about 12.4 days).
 *
 * Input: values of Instant.ms or PinEdge.atMs. Output: distances and moments on the same circle.
 * Invariant: this file is the only place that subtracts such values; a distance beyond half the circle
 * (DELAY_MS_MAX, about 6.2 days) cannot be told from one backwards, so a longer wait counts seconds.
 */
const CIRCLE_MS = 1073741824;
const HALF_MS = 536870912;

/** Whole milliseconds from one moment to another, -2^29 … 2^29 - 1; negative when `toMs` is the earlier one. */
export function elapsedMs(fromMs: number, toMs: number): number {
  const distance = toMs - fromMs;
  if (distance >= HALF_MS) return distance - CIRCLE_MS;
  if (distance < -HALF_MS) return distance + CIRCLE_MS;
  return distance;
}

/** The moment `deltaMs` after `ms`; `deltaMs` is 0 … 2^30 - 1. */
export function addMs(ms: number, deltaMs: number): number {
  const sum = ms - CIRCLE_MS + deltaMs;
  return sum < 0 ? sum + CIRCLE_MS : sum;
}
