/*
 * The sums of the pages and statements against the rows themselves.
 *
 * Input: the database, the rows that were read. Output: violations. Invariant: the sums are made here anew from the rows,
 * in whole numbers.
 */
import type { Database } from "../../../exosphere/database/database";
import { findTable } from "../../../exosphere/tables/table_store";
import { readTotals } from "../../../exosphere/tables/totals";
import type { Facts } from "./rows";
import type { Violation } from "./violation";

export async function totalsViolations(database: Database, facts: Facts[]): Promise<Violation[]> {
  const totals = await readTotals(database, await findTable(database, 1), { device: "", user: "", month: "" });
  const rows = facts.flatMap((one) => one.rows);
  const sum = (of: (row: Facts["rows"][number]) => number | null): number => rows.reduce((all, row) => all + (of(row) ?? 0), 0);
  const found: Violation[] = [];
  const compare = (name: string, said: number, right: number): void => {
    if (said !== right) found.push({ rule: "totals", board: "all", text: `the totals say ${name} ${String(said)}, the rows make ${String(right)}` });
  };
  compare("rows", totals.rows, rows.length);
  compare("energy", Number(totals.energyWh), sum((row) => row.energy_wh));
  compare("duration", Number(totals.durationS), sum((row) => row.duration_s));
  compare("cost in minor units", Math.round(Number(totals.cost) * 100), sum((row) => row.cost_minor));
  return found;
}
