/*
 * Rows as a spreadsheet (XLSX, ECMA-376): texts as texts, numbers as numbers, moments as dates.
 *
 * Input: a stream of rows. Output: a stream of bytes. Invariants: a text stays letter for letter what is stored and is
 * never a formula, a number or a date; no digit of a number is lost, so one with more than a spreadsheet holds is a
 * text; memory does not grow with the rows.
 */
import { Readable } from "node:stream";
import yazl from "yazl";
import { present } from "../invariant";
import { localClock } from "../pages/local_time.js";
import { mainUnits } from "../pages/money.js";
import { needsClock } from "./download";
import type { CellText, TableRow } from "./row_reader";
import { CLOCK_COLUMN } from "./table";
import type { Column, TableSchema } from "./table_documents";

/** Rows of a sheet, its head included (ECMA-376, as programs have it). */
export const SHEET_ROWS_MAX = 1_048_576;
/** Significant digits that every spreadsheet keeps. */
const DIGITS_MAX = 15;
const DAY_MS = 86_400_000;
/** The day whose number is 0, for all days from March 1900 on. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const HEAD = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n`;
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
/** Styles by their place in STYLES. */
const [GENERAL, TEXT, MOMENT, MONEY, TITLE] = [0, 1, 2, 3, 4] as const;

/** Characters that XML 1.0 cannot hold become the sign for an unknown one; "_x0041_" would be read as an escape. */
export function xmlText(text: string): string {
  const legal = [...text].map((sign) => sign === "\t" || sign === "\n" || sign === "\r" || (sign >= " " && sign !== "\ufffe" && sign !== "\uffff" && !/\p{Cs}/u.test(sign)) ? sign : "\ufffd").join("");
  return legal.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "_x000D_").replace(/_(?=x[0-9A-Fa-f]{4}_)(?!x000D_)/g, "_x005F_");
}

function textCell(text: string, style: number): string {
  return `<c s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(text)}</t></is></c>`;
}

function numberCell(text: string, style: number): string {
  const digits = text.replace(/^-?0*\.?0*/, "").replace(".", "").length;
  return digits > DIGITS_MAX ? textCell(text, TEXT) : `<c s="${style}"><v>${text}</v></c>`;
}

function unitOf(table: TableSchema, { content, type, name }: Column): string {
  if (type === "datetime") return table.timeZone;
  if (content === "session.cost" && type !== "text") return table.currency;
  if (type !== "integer" || /\b(wh|s|sec|seconds)\b/i.test(name.replaceAll("_", " "))) return "";
  return /^session\.duration$/.test(content) ? "s" : /^(session\.energy|meter\d*\.)/.test(content) ? "Wh" : "";
}

/** The name of a column with its unit or zone. */
export function headOf(table: TableSchema, column: Column): string {
  const unit = unitOf(table, column);
  return unit === "" ? column.name : `${column.name} (${unit})`;
}

async function* sheet(table: TableSchema, rows: AsyncIterable<TableRow>): AsyncGenerator<string> {
  const clock = localClock(table.timeZone);
  const moment = (iso: string): string => {
    const { day, time, offset } = clock(iso);
    // A date cell has no place for an offset.
    if (offset !== "") return textCell(`${day} ${time} ${offset}`, TEXT);
    return `<c s="${MOMENT}"><v>${((Date.parse(`${day}T${time}Z`) - DAY_ZERO) / DAY_MS).toFixed(8)}</v></c>`;
  };
  const cell = (value: CellText, { type, content }: Column): string => {
    if (value === null) return "<c/>";
    if (typeof value === "boolean") return `<c t="b"><v>${value ? 1 : 0}</v></c>`;
    if (type === "datetime") return moment(value);
    if (type !== "integer" && type !== "number") return textCell(value, TEXT);
    return content === "session.cost" ? numberCell(mainUnits(value, type, table.minorDigits), MONEY) : numberCell(value, GENERAL);
  };
  const hasClock = needsClock(table);
  const columns = table.columns.length + (hasClock ? 3 : 2);
  yield `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="${columns}" width="20" customWidth="1"/></cols><sheetData>`;
  yield `<row>${["device", "session", ...table.columns.map((column) => headOf(table, column)), ...hasClock ? [CLOCK_COLUMN.name] : []].map((name) => textCell(name, TITLE)).join("")}</row>`;
  for await (const row of rows) yield `<row>${textCell(row.device, TEXT)}${numberCell(String(row.session), GENERAL)}${row.cells.map((value, index) => cell(value, present(table.columns[index], "each cell has a column"))).join("")}${hasClock ? cell(row.clock, CLOCK_COLUMN) : ""}</row>`;
  yield "</sheetData></worksheet>";
}

/** Letters that the name of a sheet may not have, and its length. */
function sheetName(name: string): string {
  return [...name.replace(/[[\]:*?/\\]/g, " ").replace(/^'|'$/g, " ")].slice(0, 31).join("").trim() || "Sheet";
}

function styles(minorDigits: number): string {
  const money = minorDigits === 0 ? "#,##0" : `#,##0.${"0".repeat(minorDigits)}`;
  // In the order of GENERAL, TEXT, MOMENT, MONEY, TITLE: number format and font.
  const formats = [[0, 0], [49, 0], [164, 0], [165, 0], [49, 1]] as const;
  return `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="${money}"/></numFmts>` +
    `<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
    `<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>` +
    `<cellXfs count="${formats.length}">${formats.map(([number, font]) => `<xf numFmtId="${number}" fontId="${font}" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>`).join("")}</cellXfs></styleSheet>`;
}

/** The file as a stream; an error of the rows ends it, so that the client sees a broken file. */
export function spreadsheet(table: TableSchema, rows: AsyncIterable<TableRow>): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const part = (name: string, text: string): void => { zip.addBuffer(Buffer.from(text), name); };
  const relation = (id: number, type: string, target: string): string => `<Relationship Id="rId${id}" Type="${OFFICE}/${type}" Target="${target}"/>`;
  const relations = (list: string[]): string => `${HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join("")}</Relationships>`;
  const type = (name: string, kind: string): string => `<Override PartName="/xl/${name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.${kind}+xml"/>`;
  part("[Content_Types].xml", `${HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>${type("workbook", "sheet.main")}${type("worksheets/sheet1", "worksheet")}${type("styles", "styles")}</Types>`);
  part("_rels/.rels", relations([relation(1, "officeDocument", "xl/workbook.xml")]));
  part("xl/workbook.xml", `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets><sheet name="${xmlText(sheetName(table.name)).replaceAll('"', "&quot;")}" sheetId="1" r:id="rId1"/></sheets></workbook>`);
  part("xl/_rels/workbook.xml.rels", relations([relation(1, "worksheet", "worksheets/sheet1.xml"), relation(2, "styles", "styles.xml")]));
  part("xl/styles.xml", styles(table.minorDigits));
  zip.addReadStreamLazy("xl/worksheets/sheet1.xml", (give) => {
    const lines = Readable.from(sheet(table, rows));
    lines.on("error", (error) => { output.destroy(error); });
    give(null, lines);
  });
  zip.end();
  return output;
}
