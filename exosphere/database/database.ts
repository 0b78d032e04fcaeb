/*
 * One way to talk to PostgreSQL, in this process (embedded_database.ts) or on a server.
 *
 * Input: SQL with numbered parameters. Output: rows as records. Invariants: values never become part of
 * the SQL text; a transaction commits wholly or not at all, and its connection never returns to the pool
 * in the middle of one; 64-bit numbers and numerics arrive as numbers when safe and as text otherwise.
 */
import pg from "pg";

export type Row = Record<string, unknown>;

export interface Queryable {
  query<T extends Row = Row>(sql: string, parameters?: unknown[]): Promise<T[]>;
}

export interface Database extends Queryable {
  readonly kind: "pglite" | "postgres";
  /** Runs `work` in one READ COMMITTED transaction; rolls back when it throws, and throws on. */
  transaction<T>(work: (queryable: Queryable) => Promise<T>): Promise<T>;
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

/** A pool of at most `connections` to the server at `url`. */
export function openPostgres(url: string, connections: number): Database {
  const pool = new pg.Pool({
    connectionString: url, max: connections, connectionTimeoutMillis: 10_000, application_name: "exosphere",
    types: { getTypeParser: (oid: number, format?: "text" | "binary") => oid === 20 ? wholeNumber : pg.types.getTypeParser(oid, format) },
  });
  // An idle connection that the server closes is replaced at the next use; the failed use reports it.
  pool.on("error", () => undefined);
  return {
    kind: "postgres",
    query: async <T extends Row>(sql: string, parameters: unknown[] = []) => (await pool.query(sql, parameters)).rows as T[],
    async transaction(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      // A server that ends between two statements is told by an event; nobody listening would end this process.
      const lost = (failure: Error): void => { broken = failure; };
      client.on("error", lost);
      try {
        await client.query("BEGIN");
        const result = await work({
          query: async <T extends Row>(sql: string, parameters: unknown[] = []) => (await client.query(sql, parameters)).rows as T[],
        });
        await client.query("COMMIT");
        return result;
      } catch (error) {
        // A connection that cannot even roll back is thrown away; the server rolls back by itself.
        await client.query("ROLLBACK").catch((failure: Error) => { broken = failure; });
        throw error;
      } finally {
        client.off("error", lost);
        client.release(broken);
      }
    },
    script: async (sql) => { await pool.query(sql); },
    close: () => pool.end(),
  };
}
