/*
 * Finds the few values that the database refuses among many that it takes.
 *
 * Input: a list, and a way to write a part of it inside a transaction. Output: what was refused, with the
 * database's words, and what was left undecided. Invariants: each part is written wholly or not at all; an error
 * that does not speak of a value is thrown on; at most `TRIES_MAX` refused statements a transaction, because one
 * upload must not hold the database for minutes.
 */
import { isValueError } from "../database/storable";
import type { Queryable } from "../database/database";

/** Refused statements that one upload may cost; a group of 1,024 with one culprit costs 11. */
export const TRIES_MAX = 48;

/** The rest of TRIES_MAX in this transaction. */
export interface TriesLeft { tries: number }

export interface Outcome<Item> {
  refused: { item: Item; reason: string }[];
  /** Not written and not refused: too many were wrong before it. */
  undecided: Item[];
}

/** Writes all of `items`: at once; where a value is to blame, in halves, until the culprits are alone. */
export async function writeBisected<Item>(queryable: Queryable, items: Item[], left: TriesLeft, write: (part: Item[]) => Promise<void>): Promise<Outcome<Item>> {
  const outcome: Outcome<Item> = { refused: [], undecided: [] };
  const parts = [items];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part.length === 0) continue;
    if (left.tries <= 0) { outcome.undecided.push(...part); continue; }
    await queryable.query("SAVEPOINT part");
    try {
      await write(part);
      await queryable.query("RELEASE SAVEPOINT part");
    } catch (error) {
      if (!isValueError(error)) throw error;
      left.tries--;
      await queryable.query("ROLLBACK TO SAVEPOINT part");
      await queryable.query("RELEASE SAVEPOINT part");
      const [item] = part;
      if (item !== undefined && part.length === 1) { outcome.refused.push({ item, reason: `database: ${(error as Error).message}` }); continue; }
      const half = part.length >> 1;
      // The first half is taken next: a start is written before its end.
      parts.push(part.slice(half), part.slice(0, half));
    }
  }
  return outcome;
}
