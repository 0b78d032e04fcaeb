/*
 * Requests and answers of the API about tables and their rows.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: numbers of rows travel as exact
 * decimal text, moments as UTC.
 */
import { type Static, Type } from "typebox";
import type { Datatype } from "../../firmware/protocol";
import { count, INTEGER_MAX, listRule, named, numberPath, object, objectRule, orNull, text, textRule } from "../http/schema/vocabulary";
import { columnErrors, currencyError, moneyErrors, repeatedColumnErrors, sqlNameError } from "./table_rules";
import { timeZoneError } from "./time_zone";

export const DATATYPES = ["text", "number", "integer", "boolean", "datetime"] as const satisfies readonly Datatype[];
/** Qualities of a row's time (docs/PROTOCOL.md, "Dating"), the best first. */
export const ROW_CLOCKS = ["synced", "backfilled", "estimated", "contradicted"] as const;
export type RowClock = typeof ROW_CLOCKS[number];
export const COLUMNS_MAX = 32;
export const PAGE_ROWS_MAX = 500;

const sqlName = Type.String({ ...textRule("sql-name", sqlNameError), description: "a text" });

export const ColumnDocument = named("Column", object({
  id: Type.Integer({ minimum: 1, maximum: 255 }),
  name: sqlName,
  type: Type.Enum(DATATYPES),
  content: Type.String({ default: "", description: "a content of GET /api/v1/contents" }),
}, objectRule("column", columnErrors)));
export type Column = Static<typeof ColumnDocument>;

/** Decimals of the currency. */
const minorDigits = Type.Integer({ minimum: 0, maximum: 6 });
const tableMembers = {
  id: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }),
  name: sqlName,
  mode: Type.Enum(["session", "event"], { default: "session" }),
  /** ISO 4217; "" when it is not said, as in tables of earlier versions: amounts then are bare numbers. */
  currency: Type.String({ default: "", ...textRule("currency", currencyError), description: "a currency of ISO 4217 such as EUR, or empty" }),
  /** IANA name; decides where days and months begin on the pages, and nothing else. */
  timeZone: Type.String({ default: "UTC", ...textRule("time-zone", timeZoneError), description: "an IANA time zone such as Europe/Berlin" }),
  columns: Type.Array(ColumnDocument, { minItems: 1, maxItems: COLUMNS_MAX, ...listRule("repeated-columns", repeatedColumnErrors), description: `a list of 1 … ${COLUMNS_MAX} columns` }),
};
export const TableDocument = named("Table", object({ ...tableMembers, minorDigits }));
/** As it comes from outside: decimals follow from the currency, 2 where there is none. */
export const TableInput = named("TableInput", object({ ...tableMembers, minorDigits: Type.Optional(minorDigits) }, objectRule("table-money", moneyErrors)));
export type TableSchema = Static<typeof TableDocument>;

export const Tables = named("Tables", Type.Array(TableDocument));
export const Contents = named("Contents", Type.Array(object({ name: text, type: text, fills: Type.Array(Type.Enum(DATATYPES)) })));

const cell = Type.Unsafe<string | boolean | null>({ type: ["string", "boolean", "null"] });
export const RowDocument = object({
  device: text, session: count, at: Type.String({ format: "date-time", description: "The row's time, as well as it is known." }),
  clock: orNull(Type.Enum(ROW_CLOCKS), "How good the row's time is; null for a row of an earlier version, and while nothing is known."),
  running: Type.Boolean({ description: "Whether the session has no end yet and is its device's last; false in mode event." }),
  cells: Type.Array(cell, { description: "In the order of the table's columns; numbers as exact decimal text, moments in UTC." }),
});
export const Rows = named("Rows", object({ rows: Type.Array(RowDocument), next: orNull(text, "The cursor of the next page.") }));

const sums = {
  rows: count, sessions: orNull(count, "null in a table of mode event, which counts rows"), energyWh: text, durationS: text, cost: text,
};
export const TotalsDocument = named("Totals", object(sums));
export const Months = named("Months", Type.Array(object({ month: Type.String({ pattern: "^\\d{4}-\\d{2}$" }), ...sums })));

/** A part of a filter: "" for all. */
const part = Type.String({ default: "", maxLength: 100, pattern: "^[^\\u0000]*$", description: "a text of at most 100 characters" });
const month = Type.String({ default: "", pattern: "^([12]\\d{3}-(0[1-9]|1[0-2]))?$", description: "a month such as 2026-01" });
const filter = { device: part, user: part, month };
const order = { sort: Type.String({ default: "at", maxLength: 3, description: "at or the id of a column" }), order: Type.Enum(["asc", "desc"], { default: "desc" }) };

export const FilterQuery = object(filter);
export const RowsQuery = object({ ...filter, ...order, cursor: Type.String({ default: "" }), limit: Type.Integer({ minimum: 1, maximum: PAGE_ROWS_MAX, default: 100 }) });
export const CsvQuery = object({ ...filter, ...order, flavour: Type.Enum(["rfc4180", "spreadsheet"], { default: "rfc4180" }) });
export const JsonQuery = object({ ...filter, ...order });
export const TablePath = numberPath;
export type Sorting = Static<typeof JsonQuery>;
