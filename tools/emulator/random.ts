/*
 * Reproducible randomness for emulators and tests.
 *
 * Input: a seed that the caller prints. Output: numbers that are the same for that seed everywhere.
 * Invariant: no emulator uses any other source.
 */
export interface Random {
  /** Whole number, 0 … below - 1. */
  below(limit: number): number;
  /** True in `thousandths` of 1000 cases. */
  chance(thousandths: number): boolean;
}

/** mulberry32: 32 bits of state, good enough to shake bytes and edges. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
  return {
    below: (limit) => Math.floor((next() / 4294967296) * limit),
    chance: (thousandths) => next() / 4294967.296 < thousandths,
  };
}
