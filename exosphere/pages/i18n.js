/*
 * Words, numbers, times and amounts in the language of the reader.
 *
 * Input: a file of words/, a locale. Output: texts. Invariant: words and numbers have one locale; a key that a language
 * lacks is an error, which a test finds. Runs in pages and in the server.
 */
import { localClock } from "./local_time.js";
import { amountText, decimalText, shiftPoint } from "./money.js";

/** @typedef {string | { one: string, other: string }} Words a text with {names}, in two forms where {n} counts */
/** @typedef {{ name: string, locale: string, words: Record<string, Words> }} Language */
/** @typedef {ReturnType<typeof speaker>} Speaker */

/**
 * The texts of a language; `locale` may name its region, such as de-CH.
 * @param {Language} language
 * @param {string} [locale]
 */
export function speaker(language, locale = language.locale) {
  const plural = new Intl.PluralRules(locale);
  const plain = new Intl.NumberFormat(locale);
  // In digits alone 12/01 is January to one English reader and December to the other: English names the month.
  const isEnglish = /^en\b/.test(locale);
  const dateLocale = isEnglish ? "en-GB" : locale;
  /** @type {Map<string, Intl.DateTimeFormat>} */
  const formats = new Map();
  /** @param {string} key @param {Intl.DateTimeFormatOptions} options */
  const format = (key, options) => {
    const found = formats.get(key) ?? new Intl.DateTimeFormat(dateLocale, options);
    formats.set(key, found);
    return found;
  };
  /** @type {Map<string, ReturnType<typeof localClock>>} */
  const clocks = new Map();
  /** @param {string} zone */
  const clockOf = (zone) => {
    const found = clocks.get(zone) ?? localClock(zone);
    clocks.set(zone, found);
    return found;
  };

  /**
   * The text of a key with its {names} filled in; numbers in the digits of the language.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  const t = (key, values = {}) => {
    const found = language.words[key];
    if (found === undefined) throw new Error(`${language.name} has no text ${key}`);
    const text = typeof found === "string" ? found : found[plural.select(Number(values.n)) === "one" ? "one" : "other"];
    return text.replace(/\{(\w+)\}/g, (_all, name) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the text ${key} needs ${name}`);
      return typeof value === "number" ? plain.format(value) : value;
    });
  };
  return {
    t, locale,
    has: /** @param {string} key */ (key) => language.words[key] !== undefined,
    /** A decimal text with every digit. @param {string} text @param {number} [digits] at least */
    decimal: (text, digits = 0) => decimalText(text, locale, digits),
    /** Watt-hours as kWh with three decimals. @param {string} wattHours */
    energy: (wattHours) => decimalText(shiftPoint(wattHours, -3) ?? wattHours, locale, 3),
    /** @param {string} amount @param {{ currency: string, minorDigits: number }} money */
    amount: (amount, money) => amountText(amount, money, locale),
    /** A day "2026-01-31". @param {string} day */
    day: (day) => format("day", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`)),
    /** A moment in a zone, with its offset where clocks show it twice. @param {string} iso @param {string} zone */
    moment: (iso, zone) => {
      const { offset } = clockOf(zone)(iso);
      return `${format(`moment ${zone}`, { day: isEnglish ? "numeric" : "2-digit", month: isEnglish ? "short" : "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: zone }).format(new Date(iso))}${offset === "" ? "" : ` (${offset})`}`;
    },
  };
}
