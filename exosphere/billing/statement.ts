/*
 * A statement as a pure function of rows: what is on the paper, and what has changed since the last one.
 *
 * Input: rows of one person in a period, and what the paper says beside them. Output: the content that is kept and
 * printed. Invariant: the same rows give the same content; totals are the exact sums of the rows.
 */
import type { BilledRow, Letterhead, StatementTotals } from "./billing_documents";
import type { Period } from "./billed_row";
import { localClock } from "../pages/local_time.js";
import { difference, isSame, quotient, sumOf } from "./decimal";

/** The tariff of a device from a moment on, as its configuration says it; null: none. */
export interface TariffEntry { device: string; since: string; tariff: { minorDigits?: number; prices?: { from: string; perKwh: string | number }[]; feePerHour?: string | number } | null }

export interface RowChange { kind: "added" | "removed" | "changed"; before: BilledRow | null; after: BilledRow | null }

export interface StatementContent {
  format: 1;
  /** "" for a draft. */
  number: string;
  kind: "draft" | "statement" | "correction";
  language: string;
  /** Local day of the table's zone. */
  issuedOn: string;
  currency: string;
  minorDigits: number;
  timeZone: string;
  table: { id: number; name: string };
  period: Period;
  letterhead: Letterhead;
  person: { id: number; fields: Record<string, string>; cards: string[] };
  /** Names of devices by id, as they were called then. */
  places: Record<string, string>;
  rows: BilledRow[];
  totals: StatementTotals;
  tariffs: TariffEntry[];
  corrects: { number: string; issuedOn: string; totals: StatementTotals } | null;
  changes: RowChange[];
}

/** The mean price of a kWh; undefined without energy. `digits`: decimals. */
export function pricePerKwh(cost: string, energyWh: string, digits: number): string | undefined {
  return isSame(energyWh, "0") ? undefined : quotient(cost, kiloWattHours(energyWh), digits);
}

/** Wh as kWh, exact. */
export function kiloWattHours(energyWh: string): string {
  return quotient(energyWh, "1000", 3 + (energyWh.split(".")[1]?.length ?? 0));
}

export function totalsOf(rows: BilledRow[], minorDigits: number): StatementTotals {
  const present = (texts: (string | null)[]): string[] => texts.filter((text) => text !== null);
  const priced = rows.filter(({ cost }) => cost !== null);
  const cost = sumOf(present(priced.map((row) => row.cost)));
  const pricedWh = sumOf(present(priced.map((row) => row.energyWh)));
  return {
    sessions: rows.length, energyWh: sumOf(present(rows.map(({ energyWh }) => energyWh))), durationS: sumOf(present(rows.map(({ durationS }) => durationS))), cost,
    unpriced: rows.length - priced.length, meanPerKwh: priced.length === 0 ? null : pricePerKwh(cost, pricedWh, minorDigits + 2) ?? null,
  };
}

function sameText(one: string | null, other: string | null): boolean {
  return one === other || (one !== null && other !== null && isSame(one, other));
}

/** Whether two forms of a session say the same on paper. Names and cards may change without a correction. */
function sameRow(one: BilledRow, other: BilledRow): boolean {
  return one.start === other.start && one.end === other.end && sameText(one.energyWh, other.energyWh) && sameText(one.cost, other.cost)
    && sameText(one.durationS, other.durationS) && sameText(one.meterStart, other.meterStart) && sameText(one.meterEnd, other.meterEnd);
}

/** Differences between the rows of an issued statement and those of now, in the order of rows. */
export function changesBetween(before: BilledRow[], after: BilledRow[]): RowChange[] {
  const keyOf = ({ device, key }: BilledRow): string => `${key} ${device}`;
  const earlier = new Map(before.map((row) => [keyOf(row), row]));
  const later = new Set(after.map(keyOf));
  const removed = before.filter((row) => !later.has(keyOf(row))).map((row): RowChange => ({ kind: "removed", before: row, after: null }));
  const rest = after.flatMap((row): RowChange[] => {
    const old = earlier.get(keyOf(row));
    if (old === undefined) return [{ kind: "added", before: null, after: row }];
    return sameRow(old, row) ? [] : [{ kind: "changed", before: old, after: row }];
  });
  return [...removed, ...rest];
}

/** The amount that a correction adds to the bill; negative when it gives back. */
export function correctionAmount({ totals, corrects }: Pick<StatementContent, "totals" | "corrects">): string {
  return corrects === null ? totals.cost : difference(totals.cost, corrects.totals.cost);
}

/** The local day on which a statement was cancelled; undefined when it is in force. */
export function cancelledDay({ timeZone }: Pick<StatementContent, "timeZone">, cancelledAt: string | null): string | undefined {
  return cancelledAt === null ? undefined : localClock(timeZone)(cancelledAt).day;
}
