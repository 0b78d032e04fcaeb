/*
 * Prices and fees of a tariff: typed in the currency's main unit, kept in the document in minor units.
 *
 * Input: the document, texts that people type. Output: texts of the document and of the fields. Invariants: digits are
 * shifted, never rounded; what is no amount stays as it was typed, for the check to name; a change of the decimals
 * changes no price.
 */
import { shiftPoint, typedDecimal } from "./money.js";
import { setAt, valueAt } from "./settings_path.js";

const AMOUNT = /^tariff\.(prices\[\d+\]\.perKwh|feePerHour)$/;

export function isAmount(path) {
  return AMOUNT.test(path);
}

/** Decimals of the currency, as the tariff says them. */
export function tariffDigits(document) {
  const digits = document.tariff?.minorDigits ?? 2;
  return Number.isInteger(digits) && digits >= 0 && digits <= 4 ? digits : 2;
}

/** Minor units as the main unit; what is no amount as it is. */
export function shownAmount(document, value) {
  return shiftPoint(String(value ?? ""), -tariffDigits(document)) ?? value;
}

/** "0,32" or "0.32" of the main unit as minor units; what is no amount as it is. */
export function typedAmount(document, text) {
  const amount = typedDecimal(text);
  return amount === undefined ? text : shiftPoint(amount, tariffDigits(document));
}

/** Runs `change`, which may set other decimals, and keeps each price in the main unit. */
export function keepAmounts(document, change) {
  const paths = ["tariff.feePerHour", ...(document.tariff?.prices ?? []).map((_price, place) => `tariff.prices[${place}].perKwh`)];
  const shown = paths.map((path) => shownAmount(document, valueAt(document, path)));
  change();
  paths.forEach((path, place) => { if (shown[place] !== undefined) setAt(document, path, typedAmount(document, shown[place])); });
}

/** Errors and warnings of amounts say what to type here, not what the document holds. */
export function forTyping(document, list) {
  const digits = tariffDigits(document);
  const limits = `write an amount of the main unit such as 0.32, below ${10 ** (5 - digits)} and with at most ${digits + 3} decimals`;
  return list.map((one) => {
    if (!isAmount(one.path)) return one;
    return one.what === "the value does not fit" ? { ...one, remedy: limits } : one.what.includes(" minor units, ") ? { ...one, remedy: "leave it if that is meant; 32 cents are typed 0.32" } : one;
  });
}
