/*
 * Rows as files: raw CSV after RFC 4180, CSV for spreadsheets, JSON.
 *
 * Input: a stream of rows. Output: pieces of text. Invariants: no cell of the spreadsheet flavour becomes a
 * formula, whichever separator the program that opens it takes; raw CSV and JSON hold each text as it is
 * stored, so a spreadsheet may run what a device has sent; digits are those of the database; memory does not
 * grow with the rows.
 */
import { present } from "../invariant";
import type { CellText, TableRow } from "./row_reader";
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

function localMoment(iso: string, zone: Intl.DateTimeFormat): string {
  const part = Object.fromEntries(zone.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`;
}

/** Lines of a CSV file. The spreadsheet flavour has ";", decimal commas, times of the table's zone, and a BOM. */
export async function* csvLines(table: TableSchema, rows: AsyncIterable<TableRow>, flavour: Flavour): AsyncGenerator<string> {
  const separator = flavour === "spreadsheet" ? ";" : ",";
  const zone = new Intl.DateTimeFormat("en-CA", { timeZone: table.timeZone, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
  const show = (cell: CellText, type: string): string => {
    if (cell === null) return "";
    const text = String(cell);
    if (flavour === "rfc4180") return text;
    if (type === "number" || type === "integer") return text.replace(".", ",");
    return type === "datetime" ? localMoment(text, zone) : defuse(text);
  };
  const line = (cells: string[]): string => `${cells.map((cell) => quote(cell, separator)).join(separator)}\r\n`;
  const names = ["device", "session", ...table.columns.map((column) => column.name)];
  yield (flavour === "spreadsheet" ? BOM : "") + line(names.map((name) => flavour === "spreadsheet" ? defuse(name) : name));
  for await (const row of rows) {
    yield line([show(row.device, "text"), String(row.session), ...row.cells.map((cell, index) => show(cell, columnAt(table, index).type))]);
  }
}

/** A JSON array of objects by column name; numbers are JSON numbers with every stored digit. */
export async function* jsonLines(table: TableSchema, rows: AsyncIterable<TableRow>): AsyncGenerator<string> {
  let before = "[\n";
  for await (const row of rows) {
    const cells = row.cells.map((cell, index) => {
      const { name, type } = columnAt(table, index);
      // NaN and Infinity cannot be stored, so the text of a number is JSON already.
      const value = cell !== null && (type === "number" || type === "integer") ? String(cell) : JSON.stringify(cell);
      return `${JSON.stringify(name)}:${value}`;
    });
    yield `${before}{${[`"_device":${JSON.stringify(row.device)}`, `"_session":${row.session}`, ...cells].join(",")}}`;
    before = ",\n";
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}
