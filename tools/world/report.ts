/*
 * The state of the database at the end, read by plain SQL, and its print.
 *
 * Input: the example's table. Output: rows in the ledger's terms, and lines for a terminal. Invariant:
 * nothing here knows the script; amounts are taken as exact decimals.
 */
import type { Queryable, Row } from "../../exosphere/database/database";
import { TABLE_NAME } from "./garage";
import type { ActualRow } from "./ledger";

interface SqlRow extends Row {
  session: number;
  start_s: number | null;
  end_s: number | null;
  user: string | null;
  card: string | null;
  energy_wh: number | null;
  duration_s: number | null;
  cost_minor: number | null;
  cost: string | null;
  reason: string | null;
}

const SQL = `SELECT _session AS session, extract(epoch FROM "start")::bigint AS start_s, extract(epoch FROM "end")::bigint AS end_s,
  "user", card, energy_wh, duration_s, (cost * 100)::bigint AS cost_minor, cost::text AS cost, reason
  FROM public.${TABLE_NAME} ORDER BY _session`;

export interface Report {
  rows: ActualRow[];
  lines: string[];
}

function timeOf(epochS: number | null): string {
  return epochS === null ? "" : new Date(epochS * 1000).toISOString().substring(0, 19) + "Z";
}

function columns(table: string[][]): string[] {
  const widths = table[0]!.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const line = (row: string[]): string => row.map((cell, column) => cell.padEnd(widths[column]!)).join("  ").trimEnd();
  return [line(table[0]!), widths.map((width) => "-".repeat(width)).join("  "), ...table.slice(1).map(line)];
}

export async function readReport(database: Queryable): Promise<Report> {
  const found = await database.query<SqlRow>(SQL);
  const table = [["session", "start", "end", "user", "card", "Wh", "s", "cost", "reason"]];
  for (const row of found) {
    table.push([
      String(row.session), timeOf(row.start_s), timeOf(row.end_s), row.user ?? "", row.card ?? "",
      String(row.energy_wh ?? ""), String(row.duration_s ?? ""), row.cost ?? "", row.reason ?? "",
    ]);
  }
  return {
    rows: found.map((row) => ({
      startS: row.start_s, endS: row.end_s, user: row.user, card: row.card, energyWh: row.energy_wh, durationS: row.duration_s,
      costMinor: row.cost_minor, reason: row.reason,
    })),
    lines: columns(table),
  };
}
