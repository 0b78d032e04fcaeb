/*
 * A repeatable choice of mutants.
 *
 * Input: a list, how many, a seed. Output: so many of the list, in its order. Invariant: the same seed chooses the same
 * from the same list.
 */

/** A generator of numbers from 0 to below 1 (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** `count` of `list`, all of it when it has no more. */
export function sampleOf<Item>(list: Item[], count: number, seed: number): Item[] {
  if (count >= list.length) return [...list];
  const random = randomOf(seed);
  const places = list.map((_, index) => index);
  for (let index = 0; index < count; index++) {
    const other = index + Math.floor(random() * (places.length - index));
    [places[index], places[other]] = [places[other]!, places[index]!];
  }
  return places.slice(0, count).sort((left, right) => left - right).map((place) => list[place]!);
}
