/*
 * A tariff's amounts in money, and warnings of settings that are allowed and hardly meant.
 *
 * Input: a document of any shape. Output: amounts in words, warnings with place and remedy. Invariant: nothing
 * here refuses anything; amounts are shifted as text, never rounded. Runs in the configuration page too.
 */
import type { DocumentError } from "./check";
import { shiftPoint } from "../pages/money.js";

const AMOUNT = /^(\d{1,40})(?:\.(\d{1,40}))?$/;
const LEAST_MINOR = 1;
const MOST_MINOR = 10_000;

type Tariff = { minorDigits?: unknown; prices?: unknown; feePerHour?: unknown };

function tariffOf(document: unknown): Tariff | undefined {
  const tariff = (document as { tariff?: unknown } | null | undefined)?.tariff;
  return typeof tariff === "object" && tariff !== null ? tariff : undefined;
}

/** Decimals of the currency. */
function digitsOf(tariff: Tariff): number {
  const digits = tariff.minorDigits ?? 2;
  return typeof digits === "number" && Number.isInteger(digits) && digits >= 0 && digits <= 4 ? digits : 2;
}

/** An amount in minor units as its text; undefined when it is none. */
function amountOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && AMOUNT.test(text) ? text : undefined;
}

function amountWarning(document: unknown, path: string, value: unknown): DocumentError[] {
  const amount = amountOf(value);
  if (amount === undefined || Number(amount) === 0 || (Number(amount) >= LEAST_MINOR && Number(amount) <= MOST_MINOR)) return [];
  return [{ path, what: `${amount} minor units, such as cents, are ${shiftPoint(amount, -digitsOf(tariffOf(document) ?? {})) ?? amount} of the currency`, remedy: `leave it if that is meant; ${Number(amount) < LEAST_MINOR ? "0.32 of the currency are 32 cents" : "25.5 cents are written 25.5"}` }];
}

/** Prices and fees that are most likely in the wrong unit. */
export function priceWarnings(document: unknown): DocumentError[] {
  const tariff = tariffOf(document);
  if (tariff === undefined) return [];
  const prices = Array.isArray(tariff.prices) ? tariff.prices as ({ perKwh?: unknown } | null)[] : [];
  return [...prices.flatMap((price, place) => amountWarning(document, `tariff.prices[${place}].perKwh`, price?.perKwh)), ...amountWarning(document, "tariff.feePerHour", tariff.feePerHour)];
}
