/*
 * The inputs of a board's wires, and what they mean.
 *
 * Input: made by visits.ts. Output: a queue in order of time, fed to the board's pins and its serial port. Invariant:
 * the meaning of an input stands at its first edge or byte alone, and a board never sees it.
 */

/** The event in the world behind an input. */
export type Meaning =
  | { what: "plug" | "unplug" }
  /** The contact opens or closes for load control, while the car stays. */
  | { what: "open" | "close" }
  | { what: "card"; uid: string }
  | { what: "pulse" };

export type SimInput = ({ kind: "level"; pin: number; level: number } | { kind: "bytes"; port: number; bytes: string }) & { atMs: number; means?: Meaning };

/** Sorts by time; inputs of one moment keep their order. */
export function sorted(inputs: SimInput[]): SimInput[] {
  return inputs.map((input, index) => ({ input, index })).sort((a, b) => a.input.atMs - b.input.atMs || a.index - b.index).map(({ input }) => input);
}
