/*
 * A small seeded generator (mulberry32), so that a scripted world replays from its seed.
 *
 * Input: a seed. Output: numbers in [0, 1). Invariant: the same seed gives the same sequence everywhere.
 */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A whole number from `low` to `high`, both included. */
export function pick(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}
