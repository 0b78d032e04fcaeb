/*
 * Puts a backup into an empty database of either kind, and migrates it to the current schema.
 *
 * Input: lines of backup_lines.ts, the secret of the database that was backed up. Output: the number of rows.
 * Invariants: all or nothing; a database that is not empty is left alone; a backup that is cut, of a newer version,
 * or of another secret is refused with what to do.
 */
import { type Database, type Queryable, quoteIdentifier } from "../database/database";
import { applyMigrations, needUtf8, newestMigration } from "../database/migrations";
import { checkSecret } from "../secret";
import { createTableSql } from "../tables/table";
import { listTables } from "../tables/table_store";
import { BACKUP_FORMAT, type BackupEnd, type BackupHead, type BackupTable } from "./backup_lines";

const ROWS_AT_ONCE = 500;

type Line = BackupTable | BackupEnd | (string | null)[];

function headOf(line: string): BackupHead {
  let head: Partial<BackupHead>;
  try {
    head = JSON.parse(line) as Partial<BackupHead>;
  } catch (cause) {
    throw new Error("this is not a backup of the endpoint", { cause });
  }
  const { exosphereBackup, migration, madeAt = "" } = head;
  if (typeof exosphereBackup !== "number" || typeof migration !== "number") throw new Error("this is not a backup of the endpoint");
  if (exosphereBackup > BACKUP_FORMAT || migration > newestMigration()) throw new Error(`the backup was made by a newer version of the endpoint (migration ${migration}, this one knows ${newestMigration()}); restore it with that version`);
  return { exosphereBackup, migration, madeAt };
}

/** Empty, in the form that the backup has; migrations have put rows into some tables. */
async function prepare(queryable: Queryable, migration: number): Promise<void> {
  await applyMigrations(queryable, migration);
  await queryable.query("DELETE FROM exosphere.users_version");
  await queryable.query("DELETE FROM exosphere.setting");
}

function insertSql({ table: [schema, name], columns }: BackupTable): string {
  const names = columns.map(([column]) => quoteIdentifier(column)).join(", ");
  const values = columns.map(([, type], index) => `(l ->> ${index})::${type}`).join(", ");
  return `INSERT INTO ${quoteIdentifier(schema)}.${quoteIdentifier(name)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${values} FROM json_array_elements($1::json) AS l`;
}

/** Numbers that the database gives itself go on above those of the backup. */
async function moveSequences(queryable: Queryable): Promise<void> {
  const columns = await queryable.query<{ schema: string; name: string; column: string }>("SELECT table_schema AS schema, table_name AS name, column_name AS column FROM information_schema.columns WHERE table_schema = 'exosphere' AND is_identity = 'YES'");
  for (const { schema, name, column } of columns) {
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    await queryable.query(`SELECT setval(pg_get_serial_sequence($1, $2), COALESCE(max(${quoteIdentifier(column)}), 1), max(${quoteIdentifier(column)}) IS NOT NULL) FROM ${table}`, [table, column]);
  }
}

/** Loads rows table by table; the number of rows. Throws when the end is missing or tells another number. */
async function load(queryable: Queryable, lines: AsyncIterator<string>): Promise<number> {
  let waiting: (string | null)[][] = [];
  let sql = "";
  let count = 0;
  let areTablesMade = false;
  const flush = async (): Promise<void> => {
    if (waiting.length > 0) await queryable.query(sql, [JSON.stringify(waiting)]);
    count += waiting.length;
    waiting = [];
  };
  for (let next = await lines.next(); next.done !== true; next = await lines.next()) {
    const line = JSON.parse(next.value) as Line;
    if (Array.isArray(line)) {
      waiting.push(line);
      if (waiting.length === ROWS_AT_ONCE) await flush();
      continue;
    }
    await flush();
    if ("end" in line) {
      if (line.rows !== count) throw new Error(`the backup says that it has ${line.rows} rows, and has ${count}`);
      return count;
    }
    if (line.table[0] === "public" && !areTablesMade) {
      for (const table of await listTables(queryable)) for (const statement of createTableSql(table)) await queryable.query(statement);
      areTablesMade = true;
    }
    sql = insertSql(line);
  }
  throw new Error("the backup is incomplete: its end is missing; use another one");
}

/** Throws, and changes nothing, when the backup cannot be restored there. */
export async function restoreLines(database: Database, secret: string, lines: AsyncIterable<string>): Promise<number> {
  await needUtf8(database);
  const iterator = lines[Symbol.asyncIterator]();
  const first = await iterator.next();
  const head = headOf(first.done === true ? "" : first.value);
  return database.transaction(async (queryable) => {
    const there = await queryable.query("SELECT nspname FROM pg_namespace WHERE nspname = 'exosphere'");
    if (there.length > 0) throw new Error("there is an endpoint's database already; restore into an empty one, or move the old one away");
    await prepare(queryable, head.migration);
    const rows = await load(queryable, iterator);
    await moveSequences(queryable);
    await applyMigrations(queryable, newestMigration());
    await checkSecret(queryable, secret);
    return rows;
  }, "patient");
}
