/*
 * PostgreSQL on a server, through a pool that gives up what does not answer.
 *
 * Input: an address. Output: a Database. Invariants: no request waits longer than QUERY_MS for a server that is
 * silent, locked or gone (a patient transaction aside); a connection that was silent, and every one that is older than that silence, is thrown
 * away and never used again; a connection never returns to the pool in the middle of a transaction; limits that the
 * owner of the database has set stand.
 */
import pg from "pg";
import { type Database, wholeNumber, type Queryable, type Row } from "./database";

/** For a free place in the pool and the connection in it. */
const CONNECT_MS = 5_000;
/** An upload that waits for another one, or for an administrator's lock. */
const LOCK_MS = 4_000;
const STATEMENT_MS = 12_000;
/** A little more than the server's own limit, so that a server that works says so itself. */
const QUERY_MS = 15_000;
/** A process that stands still must not hold a device's row for ever. */
const IDLE_IN_TRANSACTION_MS = 30_000;
/** A connection that rested this long may have been forgotten on the way (NAT, firewall, a server that moved). */
const RESTED_MS = 5_000;
const PROBE_MS = 2_000;
const KEEPALIVE_MS = 10_000;

/** The connection does not answer; the code is PostgreSQL's connection_failure. */
export class DatabaseSilent extends Error {
  readonly code = "08006";
}

/** Limits of the session, where the owner of the database or of the account has set none. */
const LIMITS = `SELECT set_config(wanted.name, wanted.value, false)
  FROM (VALUES ('statement_timeout', '${STATEMENT_MS}'), ('lock_timeout', '${LOCK_MS}'), ('idle_in_transaction_session_timeout', '${IDLE_IN_TRANSACTION_MS}')) AS wanted (name, value)
 WHERE current_setting(wanted.name) = '0'`;

/** `values` undefined: a script of several statements; `limitMs` 0: however long it takes; `name`: of a statement that the server keeps. */
async function ask(client: pg.ClientBase, text: string, values: unknown[] | undefined, limitMs = QUERY_MS, name?: string): Promise<Row[]> {
  try {
    // The limit of one query is not in the types, but in the documentation of pg.
    const config = { text, ...values === undefined ? {} : { values }, ...name === undefined ? {} : { name }, query_timeout: limitMs } as pg.QueryConfig;
    return (await client.query<Row>(config)).rows;
  } catch (error) {
    if ((error as Error).message === "Query read timeout") throw new DatabaseSilent(`the database did not answer within ${limitMs / 1000} s`, { cause: error });
    throw error;
  }
}

/** Failures of the way to the server, as Node, pg and PostgreSQL name them. */
export function isConnectionFailure(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return /^(08|57P0|25P03)/.test(String(code)) || ["ECONNREFUSED", "ECONNRESET", "ENOENT", "ENOTFOUND", "EAI_AGAIN", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"].includes(String(code))
    || /Connection terminated|timeout exceeded when trying to connect|connection error|not queryable/.test(String(message));
}

class Pool {
  private readonly pool: pg.Pool;
  private readonly lastUseMs = new WeakMap<pg.PoolClient, number>();
  /** Connections that were last used before this moment are not trusted. */
  private silentSinceMs = -1;

  constructor(url: string, connections: number) {
    const options: pg.PoolConfig & { onConnect: (client: pg.ClientBase) => Promise<unknown> } = {
      connectionString: url, max: connections, connectionTimeoutMillis: CONNECT_MS, application_name: "exosphere",
      keepAlive: true, keepAliveInitialDelayMillis: KEEPALIVE_MS,
      types: { getTypeParser: (oid: number, format?: "text" | "binary") => oid === 20 ? wholeNumber : pg.types.getTypeParser(oid, format) },
      onConnect: (client) => ask(client, LIMITS, [], PROBE_MS),
    };
    this.pool = new pg.Pool(options);
    // An idle connection that the server closes is replaced at the next use; the failed use reports it.
    this.pool.on("error", () => undefined);
  }

  /** A connection that answers. */
  private async borrow(): Promise<pg.PoolClient> {
    for (;;) {
      const client = await this.pool.connect();
      const used = this.lastUseMs.get(client);
      if (used === undefined) return client;
      if (used <= this.silentSinceMs) { client.release(true); continue; }
      if (performance.now() - used < RESTED_MS) return client;
      try {
        await ask(client, "SELECT 1", [], PROBE_MS);
        return client;
      } catch (error) {
        this.giveBack(client, error);
      }
    }
  }

  private giveBack(client: pg.PoolClient, failure: unknown): void {
    const usable = failure === undefined || !isConnectionFailure(failure);
    this.lastUseMs.set(client, performance.now());
    if (failure instanceof DatabaseSilent) this.silentSinceMs = performance.now();
    client.release(!usable);
  }

  /** Runs `work` with a connection of its own. */
  async use<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.borrow();
    let failure: unknown;
    // A server that ends between two statements is told by an event; without a listener it would end this process.
    const lost = (error: Error): void => { failure = error; };
    client.on("error", lost);
    try {
      return await work(client);
    } catch (error) {
      failure ??= error;
      throw error;
    } finally {
      client.off("error", lost);
      this.giveBack(client, failure);
    }
  }

  end(): Promise<void> {
    return this.pool.end();
  }
}

const BEGIN = {
  limited: "BEGIN",
  patient: "BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0",
  snapshot: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
};

async function transact<T>(client: pg.PoolClient, work: (queryable: Queryable) => Promise<T>, kind: keyof typeof BEGIN): Promise<T> {
  await ask(client, BEGIN[kind], undefined);
  try {
    const limitMs = kind === "limited" ? QUERY_MS : 0;
    const result = await work({ query: async <R extends Row>(sql: string, parameters: unknown[] = []) => await ask(client, sql, parameters, limitMs) as R[] });
    await ask(client, "COMMIT", undefined);
    return result;
  } catch (error) {
    // A connection that cannot even roll back is thrown away, and the server rolls back itself.
    if (!isConnectionFailure(error)) await ask(client, "ROLLBACK", undefined, PROBE_MS);
    throw error;
  }
}

/** A pooler between here and the server gave the statement to a connection that does not know its name, or knows another one. Nothing ran. */
function isNameUnknown(error: unknown): boolean {
  return ["26000", "42P05"].includes(String((error as { code?: unknown } | null)?.code));
}

/** A pool of at most `connections` to the server at `url`. */
export function openPostgres(url: string, connections: number): Database {
  const pool = new Pool(url, connections);
  let keepsNames = true;
  const query = async <T extends Row>(sql: string, parameters: unknown[] = [], name?: string): Promise<T[]> => {
    try {
      return await pool.use((client) => ask(client, sql, parameters, QUERY_MS, keepsNames ? name : undefined)) as T[];
    } catch (error) {
      if (!keepsNames || !isNameUnknown(error)) throw error;
      keepsNames = false;
      return query(sql, parameters);
    }
  };
  return {
    kind: "postgres", query,
    transaction: (work, patience) => pool.use((client) => transact(client, work, patience ?? "limited")),
    snapshot: (work) => pool.use((client) => transact(client, work, "snapshot")),
    script: async (sql) => { await pool.use((client) => ask(client, sql, undefined)); },
    close: () => pool.end(),
  };
}
