/*
 * From a cell of a row to the value of a typed column (firmware/protocol.ts, docs/PROTOCOL.md §3).
 *
 * Input: a decoded cell and the column's description. Output: a text or truth value that PostgreSQL casts
 * without rounding, an undated moment, or the reason for refusing. Invariant: no digit of a number passes
 * through a floating-point value.
 */
import { present } from "../invariant";
import { storableText } from "../database/storable";
import type { Column } from "../tables/table_documents";
import { type Cell, EpochCell, UndatedCell } from "./batch";

export type ColumnValue = string | boolean | null;
/** A value, a moment to be dated, or a reason in a wrapper of its own. */
export type Converted = { value: ColumnValue } | { undated: UndatedCell } | { reason: string };

const DECIMAL = /^(-?)(\d{1,40})(?:\.(\d{1,40}))?$/;
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;
const INTEGER_MAX = 2n ** 63n - 1n;

/** 745 with 2 digits is "7.45"; the value is a decimal text already checked. */
export function shiftDecimal(text: string, minorDigits: number): string {
  if (minorDigits === 0) return text;
  const [, sign = "", whole = "", fraction = ""] = present(DECIMAL.exec(text), "the text was checked to be a decimal");
  const digits = whole.padStart(minorDigits + 1, "0");
  const cut = digits.length - minorDigits;
  return `${sign}${digits.slice(0, cut)}.${digits.slice(cut)}${fraction}`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, "0"));
const DAY_S = 86_400;
/** The last day that was written, and its text: moments of one upload are mostly of one day. */
let lastDay = { number: NaN, text: "" };

/** UTC, ISO 8601, whole seconds. */
export function isoSeconds(epochS: number): string {
  const day = Math.floor(epochS / DAY_S);
  if (day !== lastDay.number) lastDay = { number: day, text: new Date(day * DAY_S * 1000).toISOString().replace(/T.*$/, "") };
  const second = Math.floor(epochS - day * DAY_S);
  return `${lastDay.text}T${TWO_DIGITS[Math.floor(second / 3600)]}:${TWO_DIGITS[Math.floor(second / 60) % 60]}:${TWO_DIGITS[second % 60]}Z`;
}

/** ISO 8601 in UTC, and a moment that exists: no 30th of February, no 24:00, no year 0, which PostgreSQL has not. */
export function isIsoMoment(value: unknown): value is string {
  if (typeof value !== "string" || !ISO.test(value) || value.startsWith("0000")) return false;
  const moment = Date.parse(value);
  return !Number.isNaN(moment) && new Date(moment).toISOString().slice(0, 19) === value.slice(0, 19);
}

function decimalOf(cell: Cell): string | undefined {
  if (typeof cell === "number" || typeof cell === "bigint") return String(cell);
  if (typeof cell === "boolean") return cell ? "1" : "0";
  return typeof cell === "string" && cell.length <= 40 && DECIMAL.test(cell) ? cell : undefined;
}

function integerOf(cell: Cell): string | undefined {
  if (typeof cell === "number") return String(cell);
  const decimal = decimalOf(cell);
  if (decimal === undefined) return undefined;
  const [whole = "", fraction = ""] = decimal.split(".");
  if (/[^0]/.test(fraction)) return undefined;
  const value = BigInt(whole);
  return value > INTEGER_MAX || value < -INTEGER_MAX ? undefined : value.toString();
}

function textOf(cell: Cell): string {
  if (cell instanceof Uint8Array) return Buffer.from(cell).toString("hex").toUpperCase();
  if (cell instanceof EpochCell) return isoSeconds(cell.epochS);
  // The sign for an unknown character keeps the row whole.
  return storableText(String(cell));
}

function refuse(column: Column, what: string): Converted {
  return { reason: `column ${column.id} (${column.type}) cannot hold ${what}` };
}

/** Turns `cell` into a value for `column`; `minorDigits` is the table's. */
export function convertCell(cell: Cell, column: Column, minorDigits: number): Converted {
  if (cell === null) return { value: null };
  if (cell instanceof UndatedCell) {
    return column.type === "datetime" || column.type === "text" ? { undated: cell } : refuse(column, "a moment");
  }
  if (column.content === "session.cost" && (column.type === "number" || column.type === "text")) {
    const minor = integerOf(cell);
    return minor === undefined ? refuse(column, "this cost") : { value: shiftDecimal(minor, minorDigits) };
  }
  switch (column.type) {
    case "text": return { value: textOf(cell) };
    case "number": {
      const decimal = decimalOf(cell);
      return decimal === undefined ? refuse(column, "this value") : { value: decimal };
    }
    case "integer": {
      const whole = integerOf(cell);
      return whole === undefined ? refuse(column, "this value") : { value: whole };
    }
    case "boolean":
      if (typeof cell === "boolean") return { value: cell };
      return cell === 0 || cell === 1 ? { value: cell === 1 } : refuse(column, "this value");
    case "datetime":
      if (cell instanceof EpochCell) return { value: isoSeconds(cell.epochS) };
      return isIsoMoment(cell) ? { value: cell } : refuse(column, "this value");
  }
}
