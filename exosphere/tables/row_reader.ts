/*
 * Rows of a table, a page at a time or all of them as a stream.
 *
 * Input: table, filter, order, cursor. Output: cells as exact text. Invariants: reading a page costs the
 * page, not the table (keyset, no OFFSET); numbers leave as the digits that are stored; moments are UTC.
 */
import { setImmediate } from "node:timers/promises";
import { quoteIdentifier, type Queryable, type Row } from "../database/database";
import { afterCursor, conditions, type Cursor, orderBy, Parameters, type RowFilter, type RowOrder } from "./filter";
import { Problem } from "../http/problem";
import { onlyRow } from "../invariant";
import { isIndexed, keyColumn } from "./table";
import { PAGE_ROWS_MAX, type RowClock, type TableSchema } from "./table_documents";

export type CellText = string | boolean | null;
export interface TableRow {
  device: string;
  session: number;
  /** UTC, as well as the row's time is known. */
  at: string;
  cells: CellText[];
  /** How good that time is; null for a row of an earlier version, and while nothing is known. */
  clock: RowClock | null;
  /** Whether the session goes on: it has a start and no end, and its device has begun no other since. Never in mode event. */
  running: boolean;
}
export interface RowPage { rows: TableRow[]; next: string | null }

const UTC_TEXT = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

function cellExpression(name: string, type: string): string {
  if (type === "datetime") return `to_char(${name} AT TIME ZONE 'UTC', ${UTC_TEXT})`;
  return type === "integer" || type === "number" ? `${name}::text` : name;
}

function readCursor(text: string): Cursor {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(value) && value.length === 4) {
      const [sort, at, device, key] = value as unknown[];
      const right = (sort === null || typeof sort === "string") && typeof at === "string" && !Number.isNaN(Date.parse(at)) && typeof device === "string" && typeof key === "string" && /^\d{1,18}$/.test(key);
      if (right) return [sort, at, device, key];
    }
  } catch {
    // Not ours: refused below like any other wrong cursor.
  }
  throw new Problem(400, "wrong-query", "cursor must be the next of an earlier page.");
}

/** A later session of the device tells that the end of this one was lost; looked for along the primary key, and only where there is no end. */
function runningExpression(table: TableSchema): string {
  if (table.mode !== "session") return "false";
  const later = `SELECT 1 FROM public.${quoteIdentifier(table.name)} AS later WHERE later._device = shown._device AND later._session > shown._session`;
  return `CASE WHEN _end_sequence IS NOT NULL OR _start_sequence IS NULL THEN false ELSE NOT EXISTS (${later}) END`;
}

/** Rows whose sorted value is there, or (`nulls`) is NULL; NULLs come last in both directions. */
async function readPart(queryable: Queryable, table: TableSchema, filter: RowFilter, order: RowOrder, cursor: Cursor | undefined, limit: number, nulls: boolean): Promise<Row[]> {
  const parameters = new Parameters();
  const where = [conditions(table, filter, parameters)];
  if (order.nullable) where.push(`${order.expression} IS ${nulls ? "" : "NOT "}NULL`);
  if (cursor !== undefined) where.push(afterCursor(table, order, cursor, parameters));
  const cells = table.columns.map((column, index) => `, ${cellExpression(quoteIdentifier(column.name), column.type)} AS c${index}`).join("");
  // The cursor's time has every digit: rows of one second must not be skipped.
  return queryable.query<Row>(
    `SELECT _device AS device, _session AS session, ${keyColumn(table)}::text AS key, _clock AS clock, to_char(_at AT TIME ZONE 'UTC', ${UTC_TEXT}) AS at,
            to_char(_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, ${order.nullable ? `(${order.expression})::text` : "NULL"} AS sort, ${runningExpression(table)} AS running${cells}
       FROM public.${quoteIdentifier(table.name)} AS shown WHERE ${where.join(" AND ")} ORDER BY ${orderBy(table, nulls ? { ...order, nullable: false } : order)} LIMIT ${parameters.add(limit)}`, parameters.values);
}

/** One page of at most `limit` rows; `cursor` is "" or the `next` of the page before. */
export async function readRows(queryable: Queryable, table: TableSchema, filter: RowFilter, order: RowOrder, cursor: string, limit: number): Promise<RowPage> {
  const place = cursor === "" ? undefined : readCursor(cursor);
  const inNulls = order.nullable && place !== undefined && place[0] === null;
  const found = inNulls ? [] : await readPart(queryable, table, filter, order, place, limit + 1, false);
  if (order.nullable && found.length <= limit) found.push(...await readPart(queryable, table, filter, order, inNulls ? place : undefined, limit + 1 - found.length, true));
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    rows: page.map((row) => ({ device: row.device as string, session: row.session as number, at: row.at as string, clock: row.clock as RowClock | null, cells: table.columns.map((_, index) => row[`c${index}`] as CellText), running: row.running as boolean })),
    next: found.length > limit && last !== undefined ? Buffer.from(JSON.stringify([last.sort, last.place, last.device, last.key])).toString("base64url") : null,
  };
}

/** All rows of a filter, fetched page by page as the client reads. Other requests are served between two pages. */
export async function* eachRow(queryable: Queryable, table: TableSchema, filter: RowFilter, order: RowOrder): AsyncGenerator<TableRow> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: RowPage = await readRows(queryable, table, filter, order, cursor, PAGE_ROWS_MAX);
    yield* page.rows;
    cursor = page.next;
    // The embedded database answers within the same turn of the event loop: without this no request is even read until the end.
    await setImmediate();
  }
}

/** Rows that are sorted while a client waits: some 50 ms on the embedded database. */
export const SORTED_ROWS_MAX = 20_000;

/** Throws Problem 422 when the order would sort more rows than SORTED_ROWS_MAX without an index. */
export async function needCheapOrder(queryable: Queryable, table: TableSchema, filter: RowFilter, sort: string): Promise<void> {
  const column = table.columns.find((candidate) => String(candidate.id) === sort);
  if (column === undefined || isIndexed(column)) return;
  const parameters = new Parameters();
  const where = conditions(table, filter, parameters);
  const { count } = onlyRow(await queryable.query<Row & { count: number }>(
    `SELECT count(*) AS count FROM (SELECT 1 FROM public.${quoteIdentifier(table.name)} WHERE ${where} LIMIT ${parameters.add(SORTED_ROWS_MAX + 1)}) few`, parameters.values));
  if (count > SORTED_ROWS_MAX) throw new Problem(422, "too-many-rows-to-sort", `More than ${SORTED_ROWS_MAX.toLocaleString("en")} rows cannot be sorted by ${column.name}, which has no index: choose a month, a device or a user first, or sort by time, user, energy, duration or cost.`);
}
