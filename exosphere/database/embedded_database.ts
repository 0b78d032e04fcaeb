/*
 * PostgreSQL inside this process (PGlite), in memory or in a folder.
 *
 * Input: a folder. Output: a Database. Invariants: one statement or transaction at a time; what a
 * transaction committed is on the disk before the commit returns, because a board forgets a row as soon as
 * it is acknowledged; an engine whose PostgreSQL has ended itself is never asked again, a new one recovers
 * from the folder as after a power cut.
 */
import { PGlite, types } from "@electric-sql/pglite";
import fs from "node:fs";
import { dirname, join } from "node:path";
import { lockFolder, needRoom, syncFolder } from "./data_folder";
import { type Database, type Queryable, type Row, wholeNumber } from "./database";
import { createInMemory } from "./memory_database";
import { abandon, EngineEnded, repair } from "./pglite_repair";

const PARSERS = { [types.INT8]: wholeNumber };

// fdatasync, the default for the log, is an empty function in this build; fsync reaches the file layer.
const START_PARAMETERS = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), "-c", "fsync=on", "-c", "wal_sync_method=fsync"];

/**
 * Makes a new database beside `folder` and moves it there when it is whole. Power that fails before the move leaves no
 * `folder`, and the next start makes it again; a `folder` that is there is therefore always a whole one.
 */
async function makeFolder(folder: string): Promise<void> {
  const fresh = `${folder}.new`;
  fs.rmSync(fresh, { recursive: true, force: true });
  const lite = await PGlite.create({ dataDir: fresh, startParams: START_PARAMETERS });
  await lite.close();
  // Everything that initdb wrote, once: from then on PostgreSQL asks for each sync itself.
  syncFolder(fresh);
  fs.renameSync(fresh, folder);
  syncFolder(dirname(folder), false);
}

/** The error of a database that does not start, with its remedy. */
function damaged(folder: string, reason: string, cause?: unknown): Error {
  return new Error(`the database in ${folder} is damaged and does not start (${reason}); nothing in it was changed. ` +
    "Restore it from a backup, or move it away and start again with a new one: docs/ENDPOINT.md, \"When the database does not start\"", { cause });
}

/** An error of the start in words for a person; PostgreSQL that aborts leaves the words of its compiler only. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return /^Aborted\(/.test(text) ? "PostgreSQL ended itself while it started" : text;
}

async function openFolder(folder: string): Promise<PGlite> {
  if (!fs.existsSync(folder)) await makeFolder(folder);
  // PGlite would make a new database among the files of the old one.
  if (!fs.existsSync(join(folder, "PG_VERSION"))) throw damaged(folder, "its file PG_VERSION is missing");
  const mark = join(folder, "postmaster.pid");
  const hadMark = fs.existsSync(mark);
  let lite: PGlite;
  try {
    lite = await PGlite.create({ dataDir: folder, parsers: PARSERS, startParams: START_PARAMETERS });
  } catch (error) {
    // PostgreSQL's own mark of a start, which it leaves behind when it aborts.
    if (!hadMark) fs.rmSync(mark, { force: true });
    throw damaged(folder, reasonOf(error), error);
  }
  repair(lite);
  return lite;
}

class Engine implements Queryable {
  private lite: PGlite | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private closed = false;

  /** `folder` undefined: in memory. */
  constructor(private readonly folder: string | undefined) {}

  async open(): Promise<void> {
    if (this.folder !== undefined) needRoom(this.folder);
    this.lite = this.folder === undefined ? await createInMemory({ parsers: PARSERS }) : await openFolder(join(this.folder, "database"));
  }

  /** Runs `work` when all that was asked before has ended; `writes`: not on a full disk. */
  exclusively<T>(writes: boolean, work: () => Promise<T>): Promise<T> {
    const run = this.last.then(async () => {
      if (this.closed) throw new Error("the embedded database is closed");
      if (this.lite === undefined) await this.open();
      else if (writes && this.folder !== undefined) needRoom(this.folder);
      return work();
    });
    // Its own caller handles its failure; the next caller waits only for its end.
    this.last = run.catch(() => undefined);
    return run;
  }

  private async guarded<T>(ask: (lite: PGlite) => Promise<T>): Promise<T> {
    const lite = this.lite;
    if (lite === undefined) throw new EngineEnded("the embedded PostgreSQL has ended itself in this transaction");
    try {
      return await ask(lite);
    } catch (error) {
      if (error instanceof EngineEnded) {
        this.lite = undefined;
        abandon(lite);
      }
      throw error;
    }
  }

  get isWhole(): boolean {
    return this.lite !== undefined;
  }

  query<T extends Row = Row>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.guarded(async (lite) => (await lite.query<T>(sql, parameters)).rows);
  }

  async script(sql: string): Promise<void> {
    await this.guarded((lite) => lite.exec(sql));
  }

  async close(): Promise<void> {
    await this.last;
    this.closed = true;
    await this.lite?.close();
  }
}

async function transact<T>(engine: Engine, begin: string, work: (queryable: Queryable) => Promise<T>): Promise<T> {
  await engine.query(begin);
  try {
    const result = await work(engine);
    await engine.query("COMMIT");
    return result;
  } catch (error) {
    if (engine.isWhole) await engine.query("ROLLBACK");
    throw error;
  }
}

/** `folder` undefined: in memory, gone with the process. Throws DiskFull when the folder's disk is full. */
export async function openEmbedded(folder: string | undefined): Promise<Database> {
  if (folder !== undefined) fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = folder === undefined ? (): void => undefined : lockFolder(folder);
  const engine = new Engine(folder);
  try {
    await engine.open();
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    kind: "pglite",
    // Looking is possible on a full disk.
    query: (sql, parameters) => engine.exclusively(!/^\s*SELECT\b/i.test(sql), () => engine.query(sql, parameters)),
    transaction: (work) => engine.exclusively(true, () => transact(engine, "BEGIN", work)),
    snapshot: (work) => engine.exclusively(false, () => transact(engine, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", work)),
    script: (sql) => engine.exclusively(true, () => engine.script(sql)),
    async close() {
      try {
        await engine.close();
      } finally {
        unlock();
      }
    },
  };
}
