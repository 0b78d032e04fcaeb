/*
 * A promise that a world saw broken.
 *
 * Input: made by checkers. Output: printed, and counted by the swarm. Invariant: `rule` is one of a fixed list, so that
 * a shrunk world can be compared with the one that it came from.
 */
export type Rule =
  | "sessions" | "order" | "energy" | "register" | "cost" | "time" | "duration" | "card" | "user" | "reason" | "loss" | "log" | "totals" | "growth" | "wear" | "intruder" | "drain" | "crash";

export interface Violation {
  rule: Rule;
  board: string;
  text: string;
}
