/*
 * Tables as the database knows them: created, altered compatibly, listed.
 *
 * Input: checked schemas. Output: SQL tables and their descriptions. Invariants: description and SQL table
 * change in one transaction, with an entry in the audit; what would lose or reinterpret stored values is
 * refused. An upload holds the description's row lock, so it never meets a table in the middle of a change.
 */
import { type Database, type Queryable, quoteIdentifier, type Row } from "../database/database";
import { addColumnSql, CLOCK_COLUMN, createTableSql } from "./table";
import { type Column, TableInput, type TableSchema } from "./table_documents";
import { present } from "../invariant";
import { AMBIGUOUS_ZONES, isKnownZone } from "./time_zone";
import { currencyDigits } from "../pages/money.js";
import { writeAudit } from "../accounts/audit";
import { Problem } from "../http/problem";
import { bodyProblem, checked } from "../http/schema/validation";
import type { InputError } from "../http/schema/vocabulary";

interface TableRow extends Row { id: number; name: string; mode: "session" | "event"; currency: string | null; minor_digits: number; time_zone: string; columns: Column[] }

/** Earlier migrations and restores of old backups list tables before there is a column "currency". */
const SELECT_TABLES = `SELECT t.id, t.name, t.mode, to_jsonb(t) ->> 'currency' AS currency, t.minor_digits, t.time_zone,
  (SELECT json_agg(json_build_object('id', c.id, 'name', c.name, 'type', c.type, 'content', c.content) ORDER BY c.position)
     FROM exosphere.data_column c WHERE c.table_id = t.id) AS columns FROM exosphere.data_table t`;

function schemaOf(row: TableRow): TableSchema {
  return { id: row.id, name: row.name, mode: row.mode, currency: row.currency ?? "", minorDigits: row.minor_digits, timeZone: row.time_zone, columns: row.columns };
}

export async function listTables(queryable: Queryable): Promise<TableSchema[]> {
  return (await queryable.query<TableRow>(`${SELECT_TABLES} ORDER BY t.id`)).map(schemaOf);
}

export async function findTable(queryable: Queryable, id: number): Promise<TableSchema> {
  const [row] = await queryable.query<TableRow>(`${SELECT_TABLES} WHERE t.id = $1`, [id]);
  if (row === undefined) throw new Problem(404, "table-unknown", `There is no table ${id}.`);
  return schemaOf(row);
}

/** A table and the version of its description; undefined when there is none of that id. */
export async function versionedTable(queryable: Queryable, id: number): Promise<{ table: TableSchema; version: number } | undefined> {
  const [row] = await queryable.query<TableRow & { version: number }>(`${SELECT_TABLES.replace("SELECT", "SELECT t.version,")} WHERE t.id = $1`, [id]);
  return row === undefined ? undefined : { table: schemaOf(row), version: row.version };
}

/** The tables that a batch names, held until the transaction ends. */
export async function lockTables(queryable: Queryable, ids: number[]): Promise<Map<number, TableSchema>> {
  const rows = await queryable.query<TableRow>(`${SELECT_TABLES} WHERE t.id = ANY($1::integer[]) FOR KEY SHARE OF t`, [ids]);
  return new Map(rows.map((row) => [row.id, schemaOf(row)]));
}

async function needZone(queryable: Queryable, timeZone: string): Promise<void> {
  if (!await isKnownZone(queryable, timeZone)) throw bodyProblem([{ pointer: "/timeZone", detail: "is not known to the database; choose another zone of the same time, or update the database's time zones" }]);
}

async function insertColumn(queryable: Queryable, table: number, column: Column, position: number): Promise<void> {
  await queryable.query(
    "INSERT INTO exosphere.data_column (table_id, id, position, name, type, content) VALUES ($1, $2, $3, $4, $5, $6)",
    [table, column.id, position, column.name, column.type, column.content],
  );
}

/** A description from outside with its defaults; throws Problem 422 with each error. */
function readTable(document: unknown): TableSchema {
  const table = checked(TableInput, document);
  return { ...table, minorDigits: table.minorDigits ?? currencyDigits(table.currency) };
}

/** Creates the table of a document (TableInput; defaults are filled in). Throws Problem 409 when id or name are taken, 422 for errors. */
export async function createTable(database: Database, document: unknown, actor: string): Promise<TableSchema> {
  const schema = readTable(document);
  await database.transaction(async (queryable) => {
    await needZone(queryable, schema.timeZone);
    const taken = await queryable.query(
      "SELECT id FROM exosphere.data_table WHERE id = $1 OR name = $2 UNION ALL SELECT 0 FROM pg_catalog.pg_tables WHERE schemaname = 'public' AND tablename = $2", [schema.id, schema.name]);
    if (taken.length > 0) throw new Problem(409, "table-exists", `A table with the id ${schema.id} or the name ${schema.name} exists.`);
    await queryable.query(
      "INSERT INTO exosphere.data_table (id, name, mode, currency, minor_digits, time_zone) VALUES ($1, $2, $3, $4, $5, $6)",
      [schema.id, schema.name, schema.mode, schema.currency, schema.minorDigits, schema.timeZone],
    );
    for (const [position, column] of schema.columns.entries()) await insertColumn(queryable, schema.id, column, position);
    for (const statement of createTableSql(schema)) await queryable.query(statement);
    await writeAudit(queryable, actor, "table.create", String(schema.id), schema);
  }, "patient");
  return schema;
}

/** `isEmpty`: no row has been stored. */
function incompatibilities(before: TableSchema, after: TableSchema, isEmpty: boolean): InputError[] {
  const errors: InputError[] = [];
  if (after.mode !== before.mode) errors.push({ pointer: "/mode", detail: "cannot change" });
  // A table of an earlier version learns its currency; stored amounts stay what they are.
  if (after.currency !== before.currency && before.currency !== "" && !isEmpty) errors.push({ pointer: "/currency", detail: `cannot change from ${before.currency}: stored amounts would be of another currency; make a new table` });
  if (after.minorDigits !== before.minorDigits && !isEmpty) errors.push({ pointer: "/minorDigits", detail: `cannot change from ${before.minorDigits}: stored amounts would mean something else` });
  for (const column of before.columns) {
    const next = after.columns.find((candidate) => candidate.id === column.id);
    if (next === undefined) errors.push({ pointer: "/columns", detail: `lacks column ${column.id} (${column.name}); columns are never removed` });
    else if (next.type !== column.type) errors.push({ pointer: `/columns/${after.columns.indexOf(next)}/type`, detail: `cannot change from ${column.type}; add a column instead` });
    else if (next.content !== column.content) errors.push({ pointer: `/columns/${after.columns.indexOf(next)}/content`, detail: "cannot change: rows on their way would be read otherwise; add a column instead" });
  }
  return errors;
}

/** Renames, reorders and adds; everything else is refused with 422. */
export async function alterTable(database: Database, id: number, document: unknown, actor: string): Promise<TableSchema> {
  const after = readTable(document);
  if (after.id !== id) throw bodyProblem([{ pointer: "/id", detail: "cannot change" }]);
  await database.transaction(async (queryable) => {
    await queryable.query("SELECT id FROM exosphere.data_table WHERE id = $1 FOR UPDATE", [id]);
    const before = await findTable(queryable, id);
    const isEmpty = (await queryable.query(`SELECT 1 FROM public.${quoteIdentifier(before.name)} LIMIT 1`)).length === 0;
    const errors = incompatibilities(before, after, isEmpty);
    if (errors.length > 0) throw bodyProblem(errors);
    if (after.timeZone !== before.timeZone) await needZone(queryable, after.timeZone);
    // Uploads write the table by a description that they have read before: they end first, and see the new version afterwards.
    await queryable.query(`LOCK TABLE public.${quoteIdentifier(before.name)} IN ACCESS EXCLUSIVE MODE`);
    if (after.name !== before.name) await queryable.query(`ALTER TABLE public.${quoteIdentifier(before.name)} RENAME TO ${quoteIdentifier(after.name)}`);
    // Through a name that no column may have, so that two columns can swap names.
    const renamed = after.columns.filter((column) => before.columns.some((old) => old.id === column.id && old.name !== column.name));
    for (const column of renamed) {
      const old = present(before.columns.find((candidate) => candidate.id === column.id), "a renamed column was there before");
      await queryable.query(`ALTER TABLE public.${quoteIdentifier(after.name)} RENAME COLUMN ${quoteIdentifier(old.name)} TO ${quoteIdentifier(`_renaming_${column.id}`)}`);
    }
    for (const column of renamed) {
      await queryable.query(`ALTER TABLE public.${quoteIdentifier(after.name)} RENAME COLUMN ${quoteIdentifier(`_renaming_${column.id}`)} TO ${quoteIdentifier(column.name)}`);
    }
    for (const column of after.columns.filter((candidate) => before.columns.every((old) => old.id !== candidate.id))) {
      for (const statement of addColumnSql(after, column)) await queryable.query(statement);
    }
    await queryable.query("DELETE FROM exosphere.data_column WHERE table_id = $1", [id]);
    for (const [position, column] of after.columns.entries()) await insertColumn(queryable, id, column, position);
    await queryable.query("UPDATE exosphere.data_table SET name = $2, time_zone = $3, currency = $4, minor_digits = $5, version = version + 1 WHERE id = $1", [id, after.name, after.timeZone, after.currency, after.minorDigits]);
    if (after.timeZone !== before.timeZone) await rebuildDays(queryable, after);
    await writeAudit(queryable, actor, "table.alter", String(id), after);
  }, "patient");
  return after;
}

/** Days begin elsewhere now: their totals are summed again when they are next read. */
async function rebuildDays(queryable: Queryable, table: TableSchema): Promise<void> {
  await queryable.query("DELETE FROM exosphere.rollup WHERE table_id = $1", [table.id]);
  await queryable.query(
    `INSERT INTO exosphere.rollup (device, table_id, day) SELECT DISTINCT _device, $1::integer, (_at AT TIME ZONE $2)::date FROM public.${quoteIdentifier(table.name)}`,
    [table.id, table.timeZone],
  );
}

/** Tables of earlier versions get the endpoint's column of how good a row's time is; once. */
export async function addClockColumns(queryable: Queryable): Promise<void> {
  for (const { name } of await listTables(queryable)) await queryable.query(`ALTER TABLE public.${quoteIdentifier(name)} ADD COLUMN IF NOT EXISTS ${CLOCK_COLUMN.name} text`);
}

/** Tables that were made with an abbreviation get the zone that it stood for on the pages; once. */
export async function nameZonesByPlace(queryable: Queryable): Promise<void> {
  for (const table of await listTables(queryable)) {
    const place = AMBIGUOUS_ZONES[table.timeZone.toUpperCase()];
    if (place === undefined) continue;
    await queryable.query("UPDATE exosphere.data_table SET time_zone = $2 WHERE id = $1", [table.id, place]);
    await rebuildDays(queryable, { ...table, timeZone: place });
  }
}
