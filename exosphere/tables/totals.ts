/*
 * Rows or sessions, energy, hours and money of a table, by device and month.
 *
 * Input: table and filter. Output: exact sums as text. Invariants: a total equals the sum over the rows of
 * one state of the database; only days in which something changed are summed again, so a million old rows
 * cost nothing; money is never a floating-point number.
 */
import { type Database, type Queryable, quoteIdentifier, type Row } from "../database/database";
import { onlyRow } from "../invariant";
import { conditions, monthDays, Parameters, type RowFilter } from "./filter";
import type { TableSchema } from "./table_documents";

export interface Totals {
  rows: number;
  /** The same in mode session; null in mode event, where start and end of a session are a row each and may fall on two days. */
  sessions: number | null;
  energyWh: string;
  durationS: string;
  cost: string;
}
export interface MonthTotals extends Totals { month: string }

function sumOf(table: TableSchema, content: string): string {
  const column = table.columns.find((candidate) => candidate.content === content && (candidate.type === "integer" || candidate.type === "number"));
  if (column === undefined) return "0::numeric";
  const sum = `COALESCE(sum(${quoteIdentifier(column.name)}), 0)::numeric`;
  // An integer column of costs holds minor units.
  return content === "session.cost" && column.type === "integer" ? `${sum} / ${10 ** table.minorDigits}` : sum;
}

function sums(table: TableSchema): string {
  return `count(*) AS sessions, ${sumOf(table, "session.energy")} AS energy, ${sumOf(table, "session.duration")} AS duration, ${sumOf(table, "session.cost")} AS cost`;
}

/** Days that one statement sums: few enough that its plan stays a walk along indexes. */
const SLICE_DAYS = 2000;

/**
 * Sums stale days again. One statement sees one state: a day's version and its rows belong together,
 * because an upload moves both in one transaction; should the version move meanwhile, the result is
 * dropped, and the day is summed at the next read.
 */
async function refresh(queryable: Queryable, table: TableSchema): Promise<void> {
  for (;;) {
    const done = await queryable.query(
      `UPDATE exosphere.rollup r SET summed = s.version, row_count = s.sessions, energy_wh = s.energy, duration_s = s.duration, cost = s.cost
         FROM (SELECT stale.device, stale.day, stale.version, x.* FROM
                (SELECT device, day, version FROM exosphere.rollup WHERE table_id = $1 AND version <> summed LIMIT ${SLICE_DAYS}) stale CROSS JOIN LATERAL (
                 SELECT ${sums(table)} FROM public.${quoteIdentifier(table.name)} WHERE _device = stale.device
                   AND _at >= stale.day::timestamp AT TIME ZONE $2 AND _at < (stale.day + 1)::timestamp AT TIME ZONE $2) x) s
        WHERE r.table_id = $1 AND r.device = s.device AND r.day = s.day AND r.version = s.version RETURNING r.device`, [table.id, table.timeZone]);
    if (done.length < SLICE_DAYS) return;
  }
}

function totalsOf(row: Row, table: TableSchema): Totals {
  const trimmed = (value: unknown): string => String(value).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  const [whole = "", fraction = ""] = trimmed(row.cost).split(".");
  const digits = fraction.padEnd(table.minorDigits, "0");
  const rows = Number(row.sessions);
  return { rows, sessions: table.mode === "session" ? rows : null, energyWh: trimmed(row.energy), durationS: trimmed(row.duration), cost: digits === "" ? whole : `${whole}.${digits}` };
}

const ROLLUP_SUMS = "COALESCE(sum(row_count), 0) AS sessions, COALESCE(sum(energy_wh), 0) AS energy, COALESCE(sum(duration_s), 0) AS duration, COALESCE(sum(cost), 0) AS cost";

export async function readTotals(database: Database, table: TableSchema, filter: RowFilter): Promise<Totals> {
  const parameters = new Parameters();
  if (filter.user !== "") {
    // A user's rows are few and have an index of their own.
    const where = conditions(table, filter, parameters);
    return totalsOf(onlyRow(await database.query(`SELECT ${sums(table)} FROM public.${quoteIdentifier(table.name)} WHERE ${where}`, parameters.values)), table);
  }
  await refresh(database, table);
  const where = [`table_id = ${parameters.add(table.id)}`];
  if (filter.device !== "") where.push(`device = ${parameters.add(filter.device)}`);
  if (filter.month !== "") {
    const [first, last] = monthDays(filter.month);
    where.push(`day BETWEEN ${parameters.add(first)}::date AND ${parameters.add(last)}::date`);
  }
  return totalsOf(onlyRow(await database.query(`SELECT ${ROLLUP_SUMS} FROM exosphere.rollup WHERE ${where.join(" AND ")}`, parameters.values)), table);
}

/** Months that have rows, newest first, at most 120; the filter's own month does not matter. */
export async function readMonths(database: Database, table: TableSchema, filter: RowFilter): Promise<MonthTotals[]> {
  const parameters = new Parameters();
  const months = (select: string): string => `${select} GROUP BY 1 ORDER BY 1 DESC LIMIT 120`;
  let rows: Row[];
  if (filter.user !== "") {
    const where = conditions(table, { ...filter, month: "" }, parameters);
    const month = `to_char(_at AT TIME ZONE ${parameters.add(table.timeZone)}, 'YYYY-MM')`;
    rows = await database.query(months(`SELECT ${month} AS month, ${sums(table)} FROM public.${quoteIdentifier(table.name)} WHERE ${where}`), parameters.values);
  } else {
    await refresh(database, table);
    const device = filter.device === "" ? "" : ` AND device = ${parameters.add(filter.device)}`;
    rows = await database.query(months(`SELECT to_char(day, 'YYYY-MM') AS month, ${ROLLUP_SUMS} FROM exosphere.rollup WHERE row_count > 0 AND table_id = ${parameters.add(table.id)}${device}`), parameters.values);
  }
  return rows.map((row) => ({ month: row.month as string, ...totalsOf(row, table) }));
}
