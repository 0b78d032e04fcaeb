/*
 * The part of a table that is asked for: device, user, month, order.
 *
 * Input: query parameters. Output: SQL conditions with their parameters, and the order. Invariants: a
 * value is always a parameter, a name always one of the table's own; the order is total, so that pages
 * neither repeat nor skip a row.
 */
import { isoSeconds } from "../ingest/cell";
import { quoteIdentifier } from "../database/database";
import { Problem } from "../http/problem";
import type { Datatype } from "../../firmware/protocol";
import { isUserColumn, keyColumn } from "./table";
import type { Sorting, TableSchema } from "./table_documents";

export interface RowFilter {
  /** "" for all. */
  device: string;
  /** Uid or name; "" for all. */
  user: string;
  /** How rows may have written the user; without it only as in `user`. */
  spellings?: string[];
  /** "YYYY-MM" in the table's time zone; "" for all. */
  month: string;
}

export interface RowOrder {
  /** SQL expression of a column that exists. */
  expression: string;
  type: string;
  nullable: boolean;
  descending: boolean;
}

/** Collects parameters and gives back their placeholders. */
export class Parameters {
  readonly values: unknown[] = [];
  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

const SORT_TYPES: Record<Datatype, string> = { text: "text", number: "numeric", integer: "bigint", boolean: "boolean", datetime: "timestamptz" };

/** `sort` is "at" or a column id; throws Problem 400 for a column that the table does not have. */
export function rowOrder(table: TableSchema, { sort, order }: Pick<Sorting, "sort" | "order">): RowOrder {
  const descending = order === "desc";
  if (sort === "at") return { expression: "_at", type: "timestamptz", nullable: false, descending };
  const column = table.columns.find((candidate) => String(candidate.id) === sort);
  if (column === undefined) throw new Problem(400, "wrong-query", "sort must be at or the id of a column.");
  return { expression: quoteIdentifier(column.name), type: SORT_TYPES[column.type], nullable: true, descending };
}

/** First and last day of a month "YYYY-MM", as dates. */
export function monthDays(month: string): [string, string] {
  const [year, number] = month.split("-").map(Number) as [number, number];
  return [`${month}-01`, isoSeconds(Date.UTC(year, number, 0) / 1000).slice(0, 10)];
}

/** Conditions joined by AND; "true" when everything is wanted. */
export function conditions(table: TableSchema, filter: RowFilter, parameters: Parameters): string {
  const list: string[] = [];
  if (filter.device !== "") list.push(`_device = ${parameters.add(filter.device)}`);
  if (filter.user !== "") {
    const columns = table.columns.filter(isUserColumn);
    if (columns.length === 0) throw new Problem(422, "no-user-column", "This table has no column with a uid or a user's name.");
    const spellings = filter.spellings ?? [filter.user];
    // One text by "=": the index of the column then gives the rows in order, too.
    const isUser = spellings.length === 1 ? `= ${parameters.add(spellings[0])}` : `= ANY(${parameters.add(spellings)}::text[])`;
    list.push(`(${columns.map((column) => `${quoteIdentifier(column.name)} ${isUser}`).join(" OR ")})`);
  }
  if (filter.month !== "") {
    const [first, last] = monthDays(filter.month);
    const zone = parameters.add(table.timeZone);
    list.push(`_at >= (${parameters.add(first)}::date)::timestamp AT TIME ZONE ${zone}`, `_at < (${parameters.add(last)}::date + 1)::timestamp AT TIME ZONE ${zone}`);
  }
  return list.length === 0 ? "true" : list.join(" AND ");
}

/** The columns that make the order total: value, time, device, row. */
function orderColumns(table: TableSchema, order: RowOrder): string[] {
  return [...order.nullable ? [order.expression] : [], "_at", "_device", keyColumn(table)];
}

/** ORDER BY; both directions are a walk along one index, because NULLs are asked for apart. */
export function orderBy(table: TableSchema, order: RowOrder): string {
  return orderColumns(table, order).map((column) => `${column} ${order.descending ? "DESC" : "ASC"}`).join(", ");
}

/** Place of a row in the order: value as text (null when it is NULL or the order is by time), time, device, key. */
export type Cursor = [string | null, string, string, string];

/** Rows after the cursor, within those whose value is NULL or within those whose value is not. */
export function afterCursor(table: TableSchema, order: RowOrder, cursor: Cursor, parameters: Parameters): string {
  const [value, at, device, key] = cursor;
  const columns = orderColumns(table, order);
  const values = [`${parameters.add(at)}::timestamptz`, parameters.add(device), `${parameters.add(key)}::bigint`];
  if (order.nullable && value === null) columns.shift();
  else if (order.nullable) values.unshift(`${parameters.add(value)}::${order.type}`);
  return `(${columns.join(", ")}) ${order.descending ? "<" : ">"} (${values.join(", ")})`;
}
