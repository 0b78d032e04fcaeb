/*
 * An Exosphere table: its description, and the real SQL table behind it.
 *
 * Input: a schema document (docs: exosphere/README.md). Output: mistakes with their paths, or DDL.
 * Invariants: names are quoted, never trusted; the endpoint's own columns begin with "_", people's never
 * do; a column's id and type never change, so a row that waits on a board for years still fits.
 */
import { CONTENTS, DECLARED_FILLS, type Datatype } from "../../firmware/protocol";
import type { Column } from "../ingest/cell";
import { quoteIdentifier } from "../database/database";

export interface TableSchema {
  /** 1 … 2^31 - 1, named by the rows. */
  id: number;
  name: string;
  mode: "session" | "event";
  /** Decimals of the currency, 0 … 6. */
  minorDigits: number;
  /** IANA name; decides where months begin on the pages, and nothing else. */
  timeZone: string;
  columns: Column[];
}

export interface Mistake { path: string; what: string }

const SQL_TYPES: Record<Datatype, string> = { text: "text", number: "numeric", integer: "bigint", boolean: "boolean", datetime: "timestamptz" };
export const DATATYPES = Object.keys(SQL_TYPES) as Datatype[];
export const COLUMNS_MAX = 32;

export function sqlType(type: Datatype): string {
  return SQL_TYPES[type];
}

/** PostgreSQL 18, section 5.6; a table of such a name would only be confusing. */
const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** PostgreSQL cuts names at 63 bytes silently; we refuse instead. */
function nameMistake(name: unknown): string | undefined {
  if (typeof name !== "string" || name.trim() === "") return "must be a text";
  if (Buffer.byteLength(name) > 63) return "must have at most 63 bytes";
  if (/[\0-\x1f\x7f]/.test(name)) return "must not hold control characters";
  if (/\p{Cs}/u.test(name)) return "must not hold half a character";
  if (SYSTEM_COLUMNS.includes(name)) return "is a name that PostgreSQL keeps for itself";
  return name.startsWith("_") ? "must not begin with _" : undefined;
}

function columnMistakes(column: Partial<Column>, path: string): Mistake[] {
  const mistakes: Mistake[] = [];
  const add = (key: string, what: string): void => { mistakes.push({ path: `${path}/${key}`, what }); };
  if (!Number.isInteger(column.id) || column.id! < 1 || column.id! > 255) add("id", "must be a whole number 1 … 255");
  const name = nameMistake(column.name);
  if (name !== undefined) add("name", name);
  if (SQL_TYPES[column.type as Datatype] === undefined) {
    add("type", `must be one of ${DATATYPES.join(", ")}`);
    return mistakes;
  }
  if (column.content === undefined || column.content === "") return mistakes;
  const content = CONTENTS.find((candidate) => candidate.name === column.content);
  const fills = content === undefined ? [] : content.type === "declared" ? Object.values(DECLARED_FILLS).flat() : content.fills;
  if (content === undefined) add("content", `there is no content ${String(column.content)}`);
  else if (!fills.includes(column.type!)) add("type", `${content.name} (${content.type}) cannot fill a column of type ${column.type}`);
  return mistakes;
}

function isTimeZone(name: unknown): boolean {
  if (typeof name !== "string") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    // RangeError is how Intl says that it does not know the name.
    return false;
  }
}

/** Fills in defaults; every mistake is reported, not only the first. */
export function readSchema(document: unknown): { schema: TableSchema } | { mistakes: Mistake[] } {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return { mistakes: [{ path: "", what: "must be an object" }] };
  const { id, name, mode = "session", minorDigits = 2, timeZone = "UTC", columns } = document as Partial<TableSchema>;
  const mistakes: Mistake[] = [];
  if (!Number.isInteger(id) || id! < 1 || id! > 2 ** 31 - 1) mistakes.push({ path: "/id", what: "must be a whole number from 1" });
  const wrongName = nameMistake(name);
  if (wrongName !== undefined) mistakes.push({ path: "/name", what: wrongName });
  if (mode !== "session" && mode !== "event") mistakes.push({ path: "/mode", what: "must be session or event" });
  if (!Number.isInteger(minorDigits) || minorDigits < 0 || minorDigits > 6) mistakes.push({ path: "/minorDigits", what: "must be a whole number 0 … 6" });
  if (!isTimeZone(timeZone)) mistakes.push({ path: "/timeZone", what: "must be an IANA time zone such as Europe/Berlin" });
  if (!Array.isArray(columns) || columns.length < 1 || columns.length > COLUMNS_MAX) {
    mistakes.push({ path: "/columns", what: `must be a list of 1 … ${COLUMNS_MAX} columns` });
    return { mistakes };
  }
  const ids = new Set<unknown>();
  const names = new Set<unknown>();
  columns.forEach((entry: unknown, index) => {
    const column = (typeof entry === "object" && entry !== null ? entry : {}) as Partial<Column>;
    const path = `/columns/${index}`;
    mistakes.push(...columnMistakes(column, path));
    if (ids.has(column.id)) mistakes.push({ path: `${path}/id`, what: "is used twice" });
    if (names.has(column.name)) mistakes.push({ path: `${path}/name`, what: "is used twice" });
    ids.add(column.id);
    names.add(column.name);
  });
  if (mistakes.length > 0) return { mistakes };
  const clean = columns.map((column: Column) => ({ id: column.id, name: column.name, type: column.type, content: column.content ?? "" }));
  return { schema: { id: id!, name: name!, mode, minorDigits, timeZone, columns: clean } };
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
function isIndexed(column: Column): boolean {
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
  const columns = table.columns.map((column) => `, ${quoteIdentifier(column.name)} ${sqlType(column.type)}`).join("");
  return [
    `CREATE TABLE ${name} (${own}, _at timestamptz NOT NULL, _received_at timestamptz NOT NULL${columns}, PRIMARY KEY (_device, ${key}))`,
    `CREATE INDEX ${quoteIdentifier(`exosphere_${table.id}_at`)} ON ${name} (_at, _device, ${key})`,
    `CREATE INDEX ${quoteIdentifier(`exosphere_${table.id}_device`)} ON ${name} (_device, _at, ${key})`,
    ...table.columns.filter(isIndexed).map((column) => columnIndexSql(table, column)),
  ];
}
