/*
 * One way to talk to PostgreSQL, in this process (embedded_database.ts) or on a server (postgres.ts).
 *
 * Input: SQL with numbered parameters. Output: rows as records. Invariants: values never become part of
 * the SQL text; a transaction commits wholly or not at all, and its connection never returns to the pool
 * in the middle of one; 64-bit numbers and numerics arrive as numbers when safe and as text otherwise.
 */
export type Row = Record<string, unknown>;

export interface Queryable {
  /** `name`: of this text and no other one, for statements asked so often that a server should keep their plan. */
  query<T extends Row = Row>(sql: string, parameters?: unknown[], name?: string): Promise<T[]>;
}

export interface Database extends Queryable {
  readonly kind: "pglite" | "postgres";
  /**
   * Runs `work` in one READ COMMITTED transaction; rolls back when it throws, and throws on. "patient": without limits
   * of time, for what may rightly take minutes, such as a migration; nothing that a device asks for.
   */
  transaction<T>(work: (queryable: Queryable) => Promise<T>, patience?: "patient"): Promise<T>;
  /** Runs `work`, which only reads, on one state of the database, however long it takes and also on a full disk. The embedded database does nothing else meanwhile. */
  snapshot<T>(work: (queryable: Queryable) => Promise<T>): Promise<T>;
  /** Several statements, without parameters. */
  script(sql: string): Promise<void>;
  close(): Promise<void>;
}

export function wholeNumber(text: string): number | string {
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : text;
}

/** Double-quotes an identifier. Throws on a NUL, which PostgreSQL cannot hold. */
export function quoteIdentifier(identifier: string): string {
  if (identifier.includes("\0")) throw new Error("an identifier cannot hold NUL");
  return `"${identifier.replaceAll('"', '""')}"`;
}
