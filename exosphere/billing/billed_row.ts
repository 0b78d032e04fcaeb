/*
 * The sessions of a table that end in a period, with what a bill says of each.
 *
 * Input: table, period in local days of its zone. Output: rows in order of their ends, exact texts. Invariants: a
 * session belongs to the period in which it ends; one without an end belongs to none; numbers are those of the
 * database, amounts in the main unit.
 */
import type { Content } from "../../firmware/protocol";
import { type Queryable, quoteIdentifier, type Row } from "../database/database";
import { onlyRow } from "../invariant";
import { mainUnits } from "../pages/money.js";
import { keyColumn, timeColumn } from "../tables/table";
import type { Column, TableSchema } from "../tables/table_documents";
import type { BilledRow } from "./billing_documents";
import { isDecimal } from "./decimal";

/** First and last local day. */
export interface Period { from: string; to: string }

const UTC_TEXT = `'YYYY-MM-DD"T"HH24:MI:SS"Z"'`;

/** The first column of a content that can be read as one of the types. */
function columnOf(table: TableSchema, content: Content["name"], ...types: string[]): Column | undefined {
  return types.map((type) => table.columns.find((column) => column.content === content && column.type === type)).find((column) => column !== undefined);
}

function name(column: Column): string {
  return quoteIdentifier(column.name);
}

/** SQL of the moment at which the row's session ended. */
function endExpression(table: TableSchema): string {
  const end = columnOf(table, "session.end", "datetime") ?? (table.mode === "event" ? columnOf(table, "trigger.time", "datetime") : undefined);
  const duration = columnOf(table, "session.duration", "integer");
  // In a table of sessions without a column for the end, the row's time is that of its start.
  const later = duration === undefined || table.mode === "event" || timeColumn(table)?.content === "session.end" ? "_at" : `_at + COALESCE(${name(duration)}, 0) * interval '1 second'`;
  return end === undefined ? later : `COALESCE(${name(end)}, ${later})`;
}

function ended(table: TableSchema): string {
  return table.mode === "session" ? "_end_sequence IS NOT NULL" : "_kind = 'end'";
}

function momentText(expression: string | undefined): string {
  return expression === undefined ? "NULL" : `to_char((${expression}) AT TIME ZONE 'UTC', ${UTC_TEXT})`;
}

function cellText(column: Column | undefined): string {
  return column === undefined ? "NULL" : `${name(column)}::text`;
}

function decimal(text: unknown): string | null {
  return typeof text === "string" && isDecimal(text) ? text : null;
}

export function costColumn(table: TableSchema): Column | undefined {
  return columnOf(table, "session.cost", "number", "integer", "text");
}

/** Sessions that ended within the period. */
export async function readBilledRows(queryable: Queryable, table: TableSchema, { from, to }: Period): Promise<BilledRow[]> {
  const cost = costColumn(table);
  const numbers = ["integer", "number", "text"] as const;
  const start = columnOf(table, "session.start", "datetime");
  const end = endExpression(table);
  const rows = await queryable.query<Row & Record<string, string | number | null>>(
    `SELECT _device AS device, ${keyColumn(table)} AS key, ${momentText(start === undefined ? undefined : name(start))} AS start, ${momentText(end)} AS "end",
            ${cellText(columnOf(table, "uid", "text"))} AS card, ${cellText(columnOf(table, "user.name", "text"))} AS name, ${cellText(columnOf(table, "session.energy", ...numbers))} AS energy,
            ${cellText(columnOf(table, "session.duration", ...numbers))} AS duration, ${cellText(cost)} AS cost,
            ${cellText(columnOf(table, "meter.start", ...numbers))} AS "meterStart", ${cellText(columnOf(table, "meter.end", ...numbers))} AS "meterEnd", COALESCE(_clock, ${cellText(columnOf(table, "session.clock", "text"))}) AS clock
       FROM public.${quoteIdentifier(table.name)}
      WHERE ${ended(table)} AND (${end}) >= ($1::date)::timestamp AT TIME ZONE $3 AND (${end}) < ($2::date + 1)::timestamp AT TIME ZONE $3
      ORDER BY (${end}), _device, ${keyColumn(table)}`, [from, to, table.timeZone]);
  return rows.map((row) => {
    const amount = decimal(row.cost);
    return {
      device: String(row.device), key: Number(row.key), start: row.start as string | null, end: String(row.end), card: String(row.card ?? ""), name: String(row.name ?? ""),
      energyWh: decimal(row.energy), durationS: decimal(row.duration), cost: amount === null || cost === undefined ? null : mainUnits(amount, cost.type, table.minorDigits),
      meterStart: decimal(row.meterStart), meterEnd: decimal(row.meterEnd), clock: String(row.clock ?? ""),
    };
  });
}

/** Sessions that began before the end of the period and have no end: on no bill so far. */
export async function countOpenRows(queryable: Queryable, table: TableSchema, { to }: Period): Promise<number> {
  if (table.mode === "event") return 0;
  const { count } = onlyRow(await queryable.query<Row & { count: number }>(
    `SELECT count(*) AS count FROM public.${quoteIdentifier(table.name)} WHERE NOT (${ended(table)}) AND _at < ($1::date + 1)::timestamp AT TIME ZONE $2`, [to, table.timeZone]));
  return count;
}
