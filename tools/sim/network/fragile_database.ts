/*
 * A database whose process can be killed at any statement.
 *
 * Input: a database, and after how many statements the process dies. Output: the same database; from the kill on every
 * statement fails until the process is started again. Invariant: what was committed stays, an open transaction is rolled
 * back, as PostgreSQL does when its client is gone.
 */
import type { Database, Queryable } from "../../../exosphere/database/database";

export class Killed extends Error {}

export interface FragileDatabase extends Database {
  /** Dies at this statement from now on, counted from 0; with `after` when it is done. */
  killAt(statement: number, after: boolean): void;
  /** This statement fails, counted from 0, as when the connection to the database breaks; the process lives on. */
  failAt(statement: number): void;
  /** The process was started again. */
  revive(): void;
  readonly isDead: boolean;
}

export function fragile(inner: Database): FragileDatabase {
  let left = Infinity;
  let isAfter = false;
  let onlyFails = false;
  let isDead = false;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) throw new Killed("the process is gone");
    if (left-- > 0) return work();
    if (onlyFails) {
      left = Infinity;
      throw Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });
    }
    isDead = true;
    if (isAfter) await work();
    throw new Killed("the process was killed");
  };
  const wrapped = (queryable: Queryable): Queryable => ({ query: (sql, parameters, name) => step(() => queryable.query(sql, parameters, name)) });
  return {
    kind: inner.kind,
    query: (sql, parameters, name) => step(() => inner.query(sql, parameters, name)),
    transaction: async (work, patience) => {
      const result = await inner.transaction((queryable) => work(wrapped(queryable)), patience);
      // The commit is a statement too.
      return step(() => Promise.resolve(result));
    },
    snapshot: (work) => inner.snapshot((queryable) => work(wrapped(queryable))),
    script: (sql) => step(() => inner.script(sql)),
    close: () => inner.close(),
    killAt(statement, after) {
      left = statement;
      isAfter = after;
      onlyFails = false;
    },
    failAt(statement) {
      left = statement;
      onlyFails = true;
    },
    revive() {
      left = Infinity;
      isDead = false;
    },
    get isDead() { return isDead; },
  };
}
