/*
 * Rows as files: raw CSV after RFC 4180, CSV for spreadsheets, JSON.
 *
 * Input: a stream of rows. Output: pieces of text. Invariants: no cell of the spreadsheet flavour becomes a
 * formula, whichever separator the program that opens it takes; raw CSV and JSON hold each text as it is
 * stored, so a spreadsheet may run what a device has sent; digits are those of the database; memory does not
 * grow with the rows.
 */
import { present } from "../invariant";
import { localClock } from "../pages/local_time.js";
import { mainUnits, padDecimals } from "../pages/money.js";
import type { CellText, TableRow } from "./row_reader";
import { CLOCK_COLUMN } from "./table";
import type { Column, TableSchema } from "./table_documents";

export type Flavour = "rfc4180" | "spreadsheet";

const BOM = "\ufeff";

/** The column of a cell; a row has a cell for each column. */
function columnAt(table: TableSchema, index: number): Column {
  return present(table.columns[index], "each cell has a column");
}

function quote(text: string, separator: string): string {
  return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * Puts an apostrophe, which a spreadsheet shows as text, before each character that could begin a formula: at the
 * start of the text, and behind everything that a program may take for a separator although it is none of this
 * file. Blanks and quotes between are skipped, because programs skip them.
 */
export function defuse(text: string): string {
  return text.replace(/(^|[,;|\t\r\n])(["'\p{Z}\p{C}]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/gu, "$1$2'").replace(/^[\t\r\n]/, "'$&");
}

/** Whether the column holds money. */
function isCost(column: Column): boolean {
  return column.content === "session.cost";
}

/** Whether spreadsheets need the endpoint's own column of how good a row's time is: people who made one see theirs. */
export function needsClock(table: TableSchema): boolean {
  return table.columns.every(({ content }) => content !== CLOCK_COLUMN.content);
}

/** The currency of the amounts in these files; "" when there are none or it is not said. */
function currencyOf(table: TableSchema): string {
  return table.columns.some(isCost) ? table.currency : "";
}

/**
 * Lines of a CSV file. The spreadsheet flavour has ";", decimal commas, times of the table's zone (with their offset
 * where clocks are put back), amounts in the main unit with the currency in the head, and a BOM; the raw one every cell
 * as it is stored, "_clock" behind them, and a last column "currency" where the table has one.
 */
export async function* csvLines(table: TableSchema, rows: AsyncIterable<TableRow>, flavour: Flavour): AsyncGenerator<string> {
  const separator = flavour === "spreadsheet" ? ";" : ",";
  const clock = localClock(table.timeZone);
  const currency = currencyOf(table);
  const show = (cell: CellText, column: Pick<Column, "type" | "content">): string => {
    if (cell === null) return "";
    const text = String(cell);
    if (flavour === "rfc4180") return text;
    if (column.content === "session.cost" && column.type !== "text") return padDecimals(mainUnits(text, column.type, table.minorDigits), table.minorDigits).replace(".", ",");
    if (column.type === "number" || column.type === "integer") return text.replace(".", ",");
    if (column.type !== "datetime") return defuse(text);
    const { day, time, offset } = clock(text);
    return `${day} ${time}${offset === "" ? "" : ` ${offset}`}`;
  };
  const line = (cells: string[]): string => `${cells.map((cell) => quote(cell, separator)).join(separator)}\r\n`;
  const isSpreadsheet = flavour === "spreadsheet";
  const names = ["device", "session", ...table.columns.map((column) => isSpreadsheet && isCost(column) && currency !== "" ? `${column.name} (${currency})` : column.name)];
  const hasClock = !isSpreadsheet || needsClock(table);
  const after = !isSpreadsheet && currency !== "";
  yield (isSpreadsheet ? BOM : "") + line([...names.map((name) => isSpreadsheet ? defuse(name) : name), ...hasClock ? [CLOCK_COLUMN.name] : [], ...after ? ["currency"] : []]);
  for await (const row of rows) {
    yield line([show(row.device, { type: "text", content: "" }), String(row.session), ...row.cells.map((cell, index) => show(cell, columnAt(table, index))), ...hasClock ? [row.clock ?? ""] : [], ...after ? [currency] : []]);
  }
}

/** A JSON array of objects by column name; numbers are JSON numbers with every stored digit. */
export async function* jsonLines(table: TableSchema, rows: AsyncIterable<TableRow>): AsyncGenerator<string> {
  let before = "[\n";
  const currency = currencyOf(table);
  const money = currency === "" ? [] : [`"_currency":${JSON.stringify(currency)}`];
  for await (const row of rows) {
    const cells = row.cells.map((cell, index) => {
      const { name, type } = columnAt(table, index);
      // NaN and Infinity cannot be stored, so the text of a number is JSON already.
      const value = cell !== null && (type === "number" || type === "integer") ? String(cell) : JSON.stringify(cell);
      return `${JSON.stringify(name)}:${value}`;
    });
    yield `${before}{${[`"_device":${JSON.stringify(row.device)}`, `"_session":${row.session}`, `"_clock":${JSON.stringify(row.clock)}`, ...money, ...cells].join(",")}}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
