/*
 * Random numbers of a simulated world: one stream for each thing that decides anything.
 *
 * Input: the world's seed and the name of who decides. Output: a stream of numbers. Invariant: a stream depends on seed
 * and name alone, so that one more board, driver or fault changes nothing of what the others do.
 */
import { createRandom, type Random } from "../emulator/random";

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193) >>> 0;
  return hash;
}

export function streamOf(seed: number, name: string): Random {
  const random = createRandom(hashOf(`${String(seed)}/${name}`));
  // The first numbers of neighbouring seeds are alike.
  for (let count = 0; count < 4; count++) random.below(2);
  return random;
}

/** A whole number from `low` to `high`, both included. */
export function between(random: Random, low: number, high: number): number {
  return low + random.below(high - low + 1);
}

export function oneOf<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)]!;
}
