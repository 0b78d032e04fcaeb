/*
 * The steps of a build that can be left out, to see what each is worth (`npm run bench -- stages`).
 *
 * Input: none. Output: their names. Invariant: with any step left out, the program does the same.
 */
export const STAGES = ["packing", "parts", "constants", "forwards", "functions", "fields", "tokens"] as const;
export type Stage = typeof STAGES[number];
