/*
 * A backup as lines of text: one state of the whole database, for either kind of it.
 *
 * Input: a snapshot. Output: a head, then for each table its columns and a line a row, then an end. Invariants: a
 * value is the text that PostgreSQL writes of it, so no digit is lost on the way to another PostgreSQL; tables come
 * before those that refer to them; without its end a backup is not whole; the secret is in none.
 */
import { type Queryable, quoteIdentifier, type Row } from "../database/database";
import { onlyRow, present } from "../invariant";

export const BACKUP_FORMAT = 1;
const ROWS_AT_ONCE = 1000;

export interface BackupHead { exosphereBackup: number; migration: number; madeAt: string }
export interface BackupTable { table: [schema: string, name: string]; columns: [name: string, type: string][] }
/** `rows`: of all tables together. */
export interface BackupEnd { end: true; rows: number }

interface Found extends Row { id: number; schema: string; name: string; columns: [string, string][] }

/** Tables with their columns, each after those that it refers to. */
async function listAll(queryable: Queryable): Promise<Found[]> {
  const tables = await queryable.query<Found>(
    `SELECT c.oid::integer AS id, n.nspname AS schema, c.relname AS name,
            (SELECT json_agg(json_build_array(a.attname, format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND (n.nspname = 'exosphere' AND c.relname <> 'migration' OR n.nspname = 'public' AND c.relname IN (SELECT name FROM exosphere.data_table))
      ORDER BY n.nspname, c.relname`);
  const references = await queryable.query<Row & { from: number; to: number }>("SELECT conrelid::integer AS from, confrelid::integer AS to FROM pg_constraint WHERE contype = 'f'");
  const sorted: Found[] = [];
  const left = new Set(tables);
  while (left.size > 0) {
    const next = present([...left].find((table) => references.every(({ from, to }) => from !== table.id || ![...left].some((other) => other !== table && other.id === to))), "no tables refer to each other in a circle");
    sorted.push(next);
    left.delete(next);
  }
  return sorted;
}

/** Everything, line by line, each with its line end. */
export async function* backupLines(queryable: Queryable, nowS: number): AsyncGenerator<string> {
  for (const setting of ["timezone = 'UTC'", "datestyle = 'ISO'", "bytea_output = 'hex'", "extra_float_digits = 1"]) await queryable.query(`SET LOCAL ${setting}`);
  const { migration } = onlyRow(await queryable.query<Row & { migration: number }>("SELECT max(number) AS migration FROM exosphere.migration"));
  const head: BackupHead = { exosphereBackup: BACKUP_FORMAT, migration, madeAt: new Date(nowS * 1000).toISOString() };
  yield `${JSON.stringify(head)}\n`;
  let count = 0;
  for (const { schema, name, columns } of await listAll(queryable)) {
    const table: BackupTable = { table: [schema, name], columns };
    yield `${JSON.stringify(table)}\n`;
    await queryable.query(`DECLARE backup NO SCROLL CURSOR FOR SELECT to_json(ARRAY[${columns.map(([column]) => `${quoteIdentifier(column)}::text`).join(", ")}])::text AS line FROM ${quoteIdentifier(schema)}.${quoteIdentifier(name)}`);
    for (;;) {
      const rows = await queryable.query<Row & { line: string }>(`FETCH ${ROWS_AT_ONCE} FROM backup`);
      if (rows.length === 0) break;
      count += rows.length;
      yield rows.map(({ line }) => `${line}\n`).join("");
    }
    await queryable.query("CLOSE backup");
  }
  const end: BackupEnd = { end: true, rows: count };
  yield `${JSON.stringify(end)}\n`;
}
