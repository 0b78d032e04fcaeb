/*
 * The script's own accounts: what the database must say at the end, computed from the script alone.
 *
 * Input: the ledger of a world script, the tariff as the configuration document has it, the UTC moment at
 * which the script began. Output: expected rows, and the differences to the rows that SQL gave back.
 * Invariant: exact arithmetic on whole numbers (BigInt); nothing here imports the firmware.
 */
import type { LedgerEntry, WorldScript } from "./event";

export interface TariffDocument {
  utcOffsetMin: number;
  daylightSaving: "none" | "eu";
  prices: { from: string; perKwh: string }[];
  feePerHour: string;
}

/** A session as table "wallbox" of docs/examples must hold it. */
export interface ExpectedRow {
  startS: number;
  endS: number;
  user: string | null;
  card: string | null;
  energyWh: number;
  durationS: number;
  /** Whole minor units. */
  costMinor: number;
  reason: string;
}

/** A row as SQL gave it back, in the same terms. */
export type ActualRow = { [K in keyof ExpectedRow]: ExpectedRow[K] | null };

/** Seconds by which a moment may differ: a debounced edge is seen at most this late, then cut to seconds. */
const MOMENT_TOLERANCE_S = 1;

/** Thousandths of a decimal, exact. */
export function thousandths(decimal: string): bigint {
  const [whole = "", fraction = ""] = decimal.split(".");
  return BigInt(whole) * 1000n + BigInt((fraction + "000").substring(0, 3));
}

function lastSundayUtcHour1(year: number, month: number): number {
  const day = new Date(Date.UTC(year, month + 1, 0));
  return Date.UTC(year, month, day.getUTCDate() - day.getUTCDay(), 1);
}

function localMinute(tariff: TariffDocument, epochMs: number): number {
  const year = new Date(epochMs).getUTCFullYear();
  const summer = tariff.daylightSaving === "eu" && epochMs >= lastSundayUtcHour1(year, 2) && epochMs < lastSundayUtcHour1(year, 9);
  return Math.floor(epochMs / 60000 + tariff.utcOffsetMin + (summer ? 60 : 0)) % 1440;
}

function pricePerKwh(tariff: TariffDocument, minute: number): bigint {
  let price = tariff.prices[0]!.perKwh;
  for (const step of tariff.prices) {
    const [hours = NaN, minutes = NaN] = step.from.split(":").map(Number);
    if (hours * 60 + minutes <= minute) price = step.perKwh;
  }
  return thousandths(price);
}

/** Thousandths of a minor unit per kWh at a moment of UTC, ms. */
export function pricePerKwhAt(tariff: TariffDocument, epochMs: number): bigint {
  return pricePerKwh(tariff, localMinute(tariff, epochMs));
}

/** Cost in minor units: each Wh at the price of its moment plus the fee, rounded half up once. */
export function costMinor(tariff: TariffDocument, entry: LedgerEntry, beginEpochMs: number): number {
  let millionths = 0n;
  for (const pulseMs of entry.pulsesMs) millionths += pricePerKwhAt(tariff, beginEpochMs + pulseMs);
  const durationS = BigInt(Math.floor((entry.endMs - entry.startMs) / 1000));
  millionths += (thousandths(tariff.feePerHour) * durationS * 1000n) / 3600n;
  return Number((millionths + 500000n) / 1000000n);
}

/** The rows that the database must hold, oldest first. */
export function expectedRows(script: WorldScript, tariff: TariffDocument, beginEpochMs: number): ExpectedRow[] {
  return script.ledger.map((entry) => ({
    startS: Math.floor((beginEpochMs + entry.startMs) / 1000),
    endS: Math.floor((beginEpochMs + entry.endMs) / 1000),
    user: entry.driver.name === "" ? null : entry.driver.name,
    card: entry.driver.uid === "" ? null : entry.driver.uid,
    energyWh: entry.energyWh,
    durationS: Math.round((entry.endMs - entry.startMs) / 1000),
    costMinor: costMinor(tariff, entry, beginEpochMs),
    reason: entry.endReason,
  }));
}

const TOLERANT: (keyof ExpectedRow)[] = ["startS", "endS", "durationS"];

/** Differences in words, one a line; empty when script and database agree. Cents and Wh must be equal. */
export function differences(expected: ExpectedRow[], actual: ActualRow[]): string[] {
  const lines: string[] = [];
  if (expected.length !== actual.length) lines.push(`sessions: the script had ${expected.length}, the database has ${actual.length}`);
  for (let index = 0; index < Math.min(expected.length, actual.length); index++) {
    for (const name of Object.keys(expected[index]!) as (keyof ExpectedRow)[]) {
      const wanted = expected[index]![name];
      const found = actual[index]![name];
      const near = TOLERANT.includes(name) && typeof wanted === "number" && typeof found === "number" &&
        Math.abs(wanted - found) <= MOMENT_TOLERANCE_S;
      if (wanted !== found && !near) lines.push(`session ${index + 1}, ${name}: the script says ${wanted}, the database ${found}`);
    }
  }
  return lines;
}
