/*
 * Money: currencies of ISO 4217 and their decimals, amounts as people type and read them.
 *
 * Input: exact decimal texts with a point; texts typed by people. Output: exact decimal texts, and amounts in words of
 * a language. Invariant: no amount becomes a floating-point number; digits are shifted as text. Runs in pages and in
 * the server.
 */

/** Currencies whose decimals are not two (ISO 4217, list one). */
const DECIMALS = new Map([
  ["BIF", 0], ["CLP", 0], ["DJF", 0], ["GNF", 0], ["ISK", 0], ["JPY", 0], ["KMF", 0], ["KRW", 0], ["PYG", 0], ["RWF", 0], ["UGX", 0], ["VND", 0], ["VUV", 0], ["XAF", 0], ["XOF", 0], ["XPF", 0],
  ["BHD", 3], ["IQD", 3], ["JOD", 3], ["KWD", 3], ["LYD", 3], ["OMR", 3], ["TND", 3],
]);

/** Codes that are no money to pay with: metals, bonds, funds, test. */
const NO_MONEY = /^X(?!AF$|CD$|OF$|PF$|CG$)|^(BOV|CHE|CHW|COU|MXV|USN|USS|UYI|UYW|CLF)$/;

/** All codes that a table may have, in order of the alphabet. */
export const CURRENCIES = Intl.supportedValuesOf("currency").filter((code) => !NO_MONEY.test(code));

/**
 * Decimals of a currency by ISO 4217; 2 for "".
 * @param {string} currency
 */
export function currencyDigits(currency) {
  return DECIMALS.get(currency) ?? 2;
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * `text` times ten to the power of `places`, which may be negative; no digit is lost, zeros at the end of the
 * fraction are. Undefined when `text` is no decimal.
 * @param {string} text
 * @param {number} places
 */
export function shiftPoint(text, places) {
  const [found, sign = "", whole = "", fraction = ""] = DECIMAL.exec(text) ?? [];
  if (found === undefined) return undefined;
  const digits = places < 0 ? whole.padStart(1 - places, "0") + fraction : whole + fraction.padEnd(places, "0");
  const cut = (places < 0 ? Math.max(whole.length, 1 - places) : whole.length) + places;
  const rest = digits.slice(cut).replace(/0+$/, "");
  return `${sign}${digits.slice(0, cut).replace(/^0+(?=\d)/, "")}${rest === "" ? "" : `.${rest}`}`;
}

/**
 * The decimal that a person typed with a comma or a point, without groups: "0,32" and "0.32" are "0.32". Undefined
 * when it is none, also "1.234,56", which one cannot read for sure.
 * @param {string} typed
 */
export function typedDecimal(typed) {
  const [found, whole, fraction = ""] = /^\s*(\d*)[.,]?(\d*)\s*$/.exec(typed) ?? [];
  return found === undefined || `${whole}${fraction}` === "" ? undefined : `${whole === "" ? "0" : whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/**
 * With at least `digits` decimals; more are kept.
 * @param {string} text
 * @param {number} digits
 */
export function padDecimals(text, digits) {
  const [whole = "", fraction = ""] = text.split(".");
  const padded = fraction.replace(/0+$/, "").padEnd(digits, "0");
  return padded === "" ? whole : `${whole}.${padded}`;
}

/** Making a format costs more than a thousand uses of it. @type {Map<string, Intl.NumberFormat>} */
const formats = new Map();

/**
 * @param {string | undefined} language
 * @param {string} currency "" for a bare number
 * @param {number} places
 */
function formatOf(language, currency, places) {
  const key = `${language} ${currency} ${places}`;
  const found = formats.get(key) ?? new Intl.NumberFormat(language, { ...currency === "" ? {} : { style: "currency", currency }, minimumFractionDigits: places, maximumFractionDigits: places });
  formats.set(key, found);
  return found;
}

/**
 * A decimal in the digits and groups of a language, every digit kept.
 * @param {string} text
 * @param {string | undefined} language BCP 47
 * @param {number} [digits] decimals at least
 */
export function decimalText(text, language, digits = 0) {
  const shown = padDecimals(text, digits);
  const places = shown.split(".")[1]?.length ?? 0;
  return formatOf(language, "", places).format(/** @type {any} */ (shown));
}

/**
 * An amount of the main unit with its currency; a bare number when the currency is "".
 * @param {string} amount exact decimal text
 * @param {{ currency: string, minorDigits: number }} money decimals at least; more are kept
 * @param {string | undefined} language BCP 47
 */
export function amountText(amount, { currency, minorDigits }, language) {
  const shown = padDecimals(amount, minorDigits);
  if (currency === "") return decimalText(amount, language, minorDigits);
  const places = shown.split(".")[1]?.length ?? 0;
  return formatOf(language, currency, places).format(/** @type {any} */ (shown));
}

/**
 * The cost in a cell as a decimal of the main unit: integer columns hold minor units, the others the main unit.
 * @param {string} cell
 * @param {string} type of its column
 * @param {number} minorDigits
 */
export function mainUnits(cell, type, minorDigits) {
  return type === "integer" ? shiftPoint(cell, -minorDigits) ?? cell : cell;
}
