/*
 * The SQL table behind a description: its columns, keys and indexes.
 *
 * Input: a description that has passed its schema. Output: DDL, and which column means what. Invariants: names
 * are quoted, never trusted; the endpoint's own columns begin with "_", people's never do.
 */
import type { Datatype } from "../../firmware/protocol";
import { quoteIdentifier } from "../database/database";
import type { Column, TableSchema } from "./table_documents";

const SQL_TYPES: Record<Datatype, string> = { text: "text", number: "numeric", integer: "bigint", boolean: "boolean", datetime: "timestamptz" };

/** The endpoint's own column of how good a row's time is, empty while nothing is known of it; rows name it as column 0. */
export const CLOCK_COLUMN: Column = { id: 0, name: "_clock", type: "text", content: "session.clock" };

/** All columns that the cells of rows fill: the endpoint's own one first. */
export function cellColumns(table: TableSchema): Column[] {
  return [CLOCK_COLUMN, ...table.columns];
}

export function sqlType(type: Datatype): string {
  return SQL_TYPES[type];
}

/** The column that says which row of a device it is. */
export function keyColumn(table: TableSchema): "_session" | "_sequence" {
  return table.mode === "session" ? "_session" : "_sequence";
}

/** The column whose moment is the time of the row; undefined: the time of arrival is. */
export function timeColumn(table: TableSchema): Column | undefined {
  for (const content of ["session.start", "trigger.time", "session.end"]) {
    const column = table.columns.find((candidate) => candidate.content === content);
    if (column !== undefined) return column;
  }
  return undefined;
}

/** Contents by which people filter. */
export function isUserColumn(column: Column): boolean {
  return column.type === "text" && (column.content === "uid" || column.content === "user.name");
}

/** Columns by which people filter or sort a million rows: each has an index, ties in order of time. */
export function isIndexed(column: Column): boolean {
  return isUserColumn(column) || ["session.energy", "session.duration", "session.cost"].includes(column.content);
}

export function addColumnSql(table: TableSchema, column: Column): string[] {
  const statements = [`ALTER TABLE public.${quoteIdentifier(table.name)} ADD COLUMN ${quoteIdentifier(column.name)} ${sqlType(column.type)}`];
  if (isIndexed(column)) statements.push(columnIndexSql(table, column));
  return statements;
}

function columnIndexSql(table: TableSchema, column: Column): string {
  return `CREATE INDEX ${quoteIdentifier(`exosphere_${table.id}_column_${column.id}`)} ON public.${quoteIdentifier(table.name)} (${quoteIdentifier(column.name)}, _at, _device, ${keyColumn(table)})`;
}

/** DDL of a new table. `_at` is the row's time as well as it is known, and what the pages sort by. */
export function createTableSql(table: TableSchema): string[] {
  const name = `public.${quoteIdentifier(table.name)}`;
  const key = keyColumn(table);
  const own = table.mode === "session"
    ? "_device text NOT NULL, _session bigint NOT NULL, _start_sequence bigint, _end_sequence bigint"
    : "_device text NOT NULL, _sequence bigint NOT NULL, _session bigint NOT NULL, _kind text NOT NULL";
  const columns = cellColumns(table).map((column) => `, ${quoteIdentifier(column.name)} ${sqlType(column.type)}`).join("");
  return [
    `CREATE TABLE ${name} (${own}, _at timestamptz NOT NULL, _received_at timestamptz NOT NULL${columns}, PRIMARY KEY (_device, ${key}))`,
    `CREATE INDEX ${quoteIdentifier(`exosphere_${table.id}_at`)} ON ${name} (_at, _device, ${key})`,
    `CREATE INDEX ${quoteIdentifier(`exosphere_${table.id}_device`)} ON ${name} (_device, _at, ${key})`,
    ...table.columns.filter(isIndexed).map((column) => columnIndexSql(table, column)),
  ];
}
