/*
 * PostgreSQL inside this process (PGlite), in memory or in a folder.
 *
 * Input: a folder. Output: a Database. Invariants: one process has a folder at a time; what a transaction
 * committed is on the disk before the commit returns. PGlite starts PostgreSQL without fsync and its file
 * layer has none; both are mended here, because a board forgets a row as soon as it is acknowledged.
 */
import { PGlite, types } from "@electric-sql/pglite";
import fs from "node:fs";
import { join } from "node:path";
import { type Database, type Row, wholeNumber } from "./database";

interface FileStream { nfd: number }
interface WithFileLayer { NODEFS?: { stream_ops: { fsync?: (stream: FileStream) => number } } }

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes the folder for this process; a mark of a process that is gone is taken over. */
function lockFolder(folder: string): () => void {
  const file = join(folder, "in-use-by");
  const holder = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  if (holder > 0 && isAlive(holder)) throw new Error(`the data folder ${folder} is in use by process ${holder}`);
  fs.rmSync(file, { force: true });
  // "wx" fails should another process have been quicker.
  fs.writeFileSync(file, String(process.pid), { flag: "wx" });
  return () => { fs.rmSync(file, { force: true }); };
}

/** Everything that initdb wrote, once: from then on PostgreSQL asks for each sync itself. */
function syncFolder(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const handle = fs.openSync(join(entry.parentPath, entry.name), "r");
    fs.fsyncSync(handle);
    fs.closeSync(handle);
  }
}

async function openFolder(folder: string): Promise<PGlite> {
  const isNew = !fs.existsSync(join(folder, "PG_VERSION"));
  // fdatasync, the default for the log, is an empty function in this build; fsync reaches the file layer.
  const startParams = [...PGlite.defaultStartParams.filter((parameter) => parameter !== "-F"), "-c", "fsync=on", "-c", "wal_sync_method=fsync"];
  const lite = await PGlite.create({ dataDir: folder, parsers: { [types.INT8]: wholeNumber }, startParams });
  const layer = (lite.Module as unknown as WithFileLayer).NODEFS;
  if (layer === undefined) throw new Error("this version of PGlite has no file layer that could be made durable");
  layer.stream_ops.fsync = (stream) => {
    fs.fsyncSync(stream.nfd);
    return 0;
  };
  if (isNew) syncFolder(folder);
  return lite;
}

/** `folder` undefined: in memory, gone with the process. */
export async function openEmbedded(folder: string | undefined): Promise<Database> {
  if (folder !== undefined) fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const unlock = folder === undefined ? (): void => undefined : lockFolder(folder);
  let lite: PGlite;
  try {
    lite = folder === undefined ? await PGlite.create({ parsers: { [types.INT8]: wholeNumber } }) : await openFolder(join(folder, "database"));
  } catch (error) {
    unlock();
    throw error;
  }
  return {
    kind: "pglite",
    query: async <T extends Row>(sql: string, parameters: unknown[] = []) => (await lite.query<T>(sql, parameters)).rows,
    transaction: (work) => lite.transaction((inner) => work({
      query: async <T extends Row>(sql: string, parameters: unknown[] = []) => (await inner.query<T>(sql, parameters)).rows,
    })),
    script: async (sql) => { await lite.exec(sql); },
    async close() {
      await lite.close();
      unlock();
    },
  };
}
