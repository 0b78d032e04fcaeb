/*
 * Backups as files: lines of text, compressed (gzip).
 *
 * Input: a database and a path. Output: a file, or a restored database. Invariants: a file has its name only once it
 * is whole and on the disk; only its owner can read it; no file is written over.
 */
import { createReadStream, createWriteStream, existsSync, fsyncSync, openSync, closeSync, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import type { Database } from "../database/database";
import { backupLines } from "./backup_lines";
import { restoreLines } from "./restore_lines";

/** Writes the state of now. Throws when the file exists. */
export async function backUp(database: Database, path: string, nowS: number): Promise<void> {
  if (existsSync(path)) throw new Error(`${path} exists; choose another name`);
  const part = `${path}.part`;
  try {
    await database.snapshot((queryable) => pipeline(Readable.from(backupLines(queryable, nowS)), createGzip(), createWriteStream(part, { mode: 0o600, flags: "wx" })));
    const handle = openSync(part, "r");
    fsyncSync(handle);
    closeSync(handle);
    renameSync(part, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") rmSync(part, { force: true });
    throw error;
  }
}

/** The lines of a stream, without their ends. */
async function* linesOf(source: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of source) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

/** Restores into an empty database; the number of rows. */
export async function restore(database: Database, secret: string, path: string): Promise<number> {
  let rows = 0;
  try {
    await pipeline(createReadStream(path), createGunzip(), async (source: AsyncIterable<Buffer>) => { rows = await restoreLines(database, secret, linesOf(source)); });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code?.startsWith("Z_") === true) throw new Error(`${path} is no whole gzip file (${message}); take another backup`, { cause: error });
    throw error;
  }
  return rows;
}
