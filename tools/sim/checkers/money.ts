/*
 * The cost of a session by the world's own account.
 *
 * Input: the tariff, the moments of its pulses, the duration that its row names. Output: the least and the most that is
 * right, in minor units; equal wherever the moments leave no doubt. Invariant: exact arithmetic on whole numbers; nothing
 * of the firmware is used.
 */
import { pricePerKwhAt, thousandths } from "../../world/ledger";
import type { BoardDocument } from "../world/place";
import type { Span } from "../world/expected";

/** A pulse is priced at the next tick of a board that rests, by its own clock: within this of its moment. */
const PRICE_DOUBT_MS = 4000;

/** Half up, of `amount` over `unit`. */
function rounded(amount: bigint, unit: bigint): number {
  return Number((2n * amount + unit) / (2n * unit));
}

/** `certainMs` were metered for sure, `doubtfulMs` perhaps; `isSure` false: any price of the day may have been in force. */
export function costSpan(document: BoardDocument, certainMs: number[], doubtfulMs: number[], perKwhAt: (atMs: number) => number, durationS: number, beginEpochMs: number, clock: { isSure: boolean; driftS: number }): Span {
  const { tariff } = document;
  const prices = tariff.prices.map(({ perKwh }) => thousandths(perKwh));
  const least = (list: bigint[]): bigint => list.reduce((a, b) => (a < b ? a : b));
  const most = (list: bigint[]): bigint => list.reduce((a, b) => (a > b ? a : b));
  // Wh x thousandths of a minor unit per kWh.
  let low = 0n;
  let high = 0n;
  const doubtMs = PRICE_DOUBT_MS + clock.driftS * 1000;
  const pricesAt = (atMs: number): bigint[] => clock.isSure
    ? [atMs - doubtMs, atMs, atMs + doubtMs].map((ms) => pricePerKwhAt(tariff, beginEpochMs + ms)) : prices;
  for (const atMs of certainMs) {
    const possible = pricesAt(atMs);
    const wh = BigInt(1000 / perKwhAt(atMs));
    low += wh * least(possible);
    high += wh * most(possible);
  }
  for (const atMs of doubtfulMs) high += BigInt(1000 / perKwhAt(atMs)) * most(pricesAt(atMs));
  const fee = thousandths(tariff.feePerHour) * BigInt(durationS);
  // Both over the common denominator: thousandths x Wh of a kWh x seconds of an hour.
  const unit = 1000n * 1000n * 3600n;
  return [rounded(low * 3600n + fee * 1000n, unit), rounded(high * 3600n + fee * 1000n, unit)];
}
