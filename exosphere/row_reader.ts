/*
 * Rows of a table, a page at a time or all of them as a stream.
 *
 * Input: table, filter, order, cursor. Output: cells as exact text. Invariants: reading a page costs the
 * page, not the table (keyset, no OFFSET); numbers leave as the digits that are stored; moments are UTC.
 */
import { quoted, type Queryable, type Row } from "./database";
import { afterCursor, conditions, orderBy, Parameters, type RowFilter, type RowOrder } from "./filter";
import { Problem } from "./problem";
import { keyColumn, type TableSchema } from "./table";

export type CellText = string | boolean | null;
export interface TableRow {
  device: string;
  session: number;
  /** UTC, as well as the row's time is known. */
  at: string;
  cells: CellText[];
}
export interface RowPage { rows: TableRow[]; next: string | null }

const UTC_TEXT = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;
export const PAGE_ROWS_MAX = 500;

function cellExpression(name: string, type: string): string {
  if (type === "datetime") return `to_char(${name} AT TIME ZONE 'UTC', ${UTC_TEXT})`;
  return type === "integer" || type === "number" ? `${name}::text` : name;
}

function readCursor(text: string): [string | null, string, string] {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Array.isArray(value) && value.length === 3 && (value[0] === null || typeof value[0] === "string") && typeof value[1] === "string" && /^\d{1,18}$/.test(String(value[2]))) {
      return [value[0] as string | null, value[1], String(value[2])];
    }
  } catch {
    // Not ours: refused below like any other wrong cursor.
  }
  throw new Problem(400, "wrong-query", "cursor must be the next of an earlier page.");
}

/** One page of at most `limit` rows; `cursor` is "" or the `next` of the page before. */
export async function readRows(queryable: Queryable, table: TableSchema, filter: RowFilter, order: RowOrder, cursor: string, limit: number): Promise<RowPage> {
  const parameters = new Parameters();
  const where = [conditions(table, filter, parameters)];
  if (cursor !== "") where.push(afterCursor(table, order, readCursor(cursor), parameters));
  const cells = table.columns.map((column, index) => `, ${cellExpression(quoted(column.name), column.type)} AS c${index}`).join("");
  const found = await queryable.query<Row>(
    `SELECT _device AS device, _session AS session, ${keyColumn(table)}::text AS key, to_char(_at AT TIME ZONE 'UTC', ${UTC_TEXT}) AS at, (${order.expression})::text AS sort${cells}
       FROM public.${quoted(table.name)} WHERE ${where.join(" AND ")} ORDER BY ${orderBy(table, order)} LIMIT ${parameters.add(limit + 1)}`, parameters.values);
  const page = found.slice(0, limit);
  const last = page[page.length - 1];
  return {
    rows: page.map((row) => ({ device: row.device as string, session: row.session as number, at: row.at as string, cells: table.columns.map((_, index) => row[`c${index}`] as CellText) })),
    next: found.length > limit ? Buffer.from(JSON.stringify([last!.sort, last!.device, last!.key])).toString("base64url") : null,
  };
}

/** All rows of a filter, fetched page by page while somebody reads. */
export async function* eachRow(queryable: Queryable, table: TableSchema, filter: RowFilter, order: RowOrder): AsyncGenerator<TableRow> {
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: RowPage = await readRows(queryable, table, filter, order, cursor, PAGE_ROWS_MAX);
    yield* page.rows;
    cursor = page.next;
  }
}
