/*
 * The download as XLSX: what a spreadsheet shows is what is stored.
 *
 * Input: rows with texts that spreadsheets like to change. Output: the XML of the sheet, out of the ZIP file. Invariant: a
 * text cell is typed as text, so no program reads it as a number, a date or a formula.
 */
import assert from "node:assert/strict";
import { headOf, spreadsheet } from "../../exosphere/tables/spreadsheet";
import type { TableRow } from "../../exosphere/tables/row_reader";
import type { TableSchema } from "../../exosphere/tables/table_documents";
import { unzip } from "./unzip";

const TABLE: TableSchema = { id: 1, name: "Garage [2026]: left/right?", mode: "session", currency: "EUR", minorDigits: 2, timeZone: "Europe/Berlin", columns: [
  { id: 1, name: "Start", type: "datetime", content: "session.start" }, { id: 2, name: "Card", type: "text", content: "uid" }, { id: 3, name: "Energy", type: "integer", content: "session.energy" },
  { id: 4, name: "Cost", type: "integer", content: "session.cost" }, { id: 5, name: "Reading", type: "number", content: "ci1" }, { id: 6, name: "Short", type: "boolean", content: "session.short" }] };

async function sheetOf(table: TableSchema, rows: TableRow["cells"][]): Promise<Map<string, Buffer>> {
  const each = async function* (): AsyncGenerator<TableRow> { for (const cells of rows) yield { device: "box", session: 1, at: "", running: false, clock: "estimated", cells }; };
  const pieces: Buffer[] = [];
  for await (const piece of spreadsheet(table, each())) pieces.push(piece as Buffer);
  return unzip(Buffer.concat(pieces));
}

/** Cells of each row: style, and "text" or "number" with what is in it. */
function cellsOf(files: Map<string, Buffer>): string[][] {
  const xml = files.get("xl/worksheets/sheet1.xml")!.toString();
  return [...xml.matchAll(/<row>(.*?)<\/row>/gs)].map(([, row]) => [...row!.matchAll(/<c(?: s="(\d)")?(?: t="(\w+)")?(?:\/>|>(?:<is><t xml:space="preserve">(.*?)<\/t><\/is>|<v>(.*?)<\/v>)<\/c>)/gs)].map(([, style = "", type = "n", text, value]) => `${type === "inlineStr" ? "text" : type}${style} ${text ?? value ?? ""}`));
}

describe("spreadsheet", () => {
  it("types texts as texts, also those that look like numbers, dates or formulas", async () => {
    const texts = ["04123456", "0045131261", "1234E056", "100200300400500617", "10E5", "3/4", "1.OG", "12:30", "-", "=1+1", "+49 171", "@x", "007", "TRUE", " a ", "<b>&\"'", "\ud800", "a\u0001b", "line\r\nend", "_x0041_"];
    const cells = cellsOf(await sheetOf(TABLE, texts.map((text) => [null, text, null, null, null, null]))).slice(1).map((row) => row[3]);
    assert.deepEqual(cells, ["04123456", "0045131261", "1234E056", "100200300400500617", "10E5", "3/4", "1.OG", "12:30", "-", "=1+1", "+49 171", "@x", "007", "TRUE", " a ", "&lt;b&gt;&amp;\"'", "\ufffd", "a\ufffdb", "line_x000D_\nend", "_x005F_x0041_"].map((text) => `text1 ${text}`));
  });

  it("has dates of the table's zone, amounts in the main unit, and no number that would lose a digit", async () => {
    const rows = cellsOf(await sheetOf(TABLE, [
      ["2026-07-01T10:00:00Z", "AA", "7450", "1095", "9007199254740993.10", true], ["2026-10-25T01:50:00Z", "AA", "123456789012345", "7", "-0.00012345", false], [null, null, null, null, null, null]]));
    assert.deepEqual(rows, [
      ["text4 device", "text4 session", "text4 Start (Europe/Berlin)", "text4 Card", "text4 Energy (Wh)", "text4 Cost (EUR)", "text4 Reading", "text4 Short", "text4 _clock"],
      ["text1 box", "n0 1", "n2 46204.50000000", "text1 AA", "n0 7450", "n3 10.95", "text1 9007199254740993.10", "b 1", "text1 estimated"],
      ["text1 box", "n0 1", "text1 2026-10-25 02:50:00 +01:00", "text1 AA", "n0 123456789012345", "n3 0.07", "n0 -0.00012345", "b 0", "text1 estimated"],
      ["text1 box", "n0 1", "n ", "n ", "n ", "n ", "n ", "n ", "text1 estimated"]]);
  });

  it("says units once, formats money by its decimals, and names its sheet as programs allow", async () => {
    const head = (name: string, content: string): string => headOf(TABLE, { id: 1, name, type: "integer", content });
    assert.deepEqual([head("energy_wh", "session.energy"), head("Dauer", "session.duration"), head("Zähler", "meter.start"), head("n", "session.number")], ["energy_wh", "Dauer (s)", "Zähler (Wh)", "n"]);
    for (const [currency, minorDigits, format] of [["JPY", 0, "#,##0"], ["EUR", 2, "#,##0.00"], ["KWD", 3, "#,##0.000"]] as const) {
      const files = await sheetOf({ ...TABLE, currency, minorDigits }, []);
      assert.ok(files.get("xl/styles.xml")!.toString().includes(`formatCode="${format}"`));
      assert.match(files.get("xl/workbook.xml")!.toString(), /<sheet name="Garage  2026   left right"/);
      assert.deepEqual([...files.keys()], ["[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml"]);
    }
  });

  it("breaks off when the rows break off, so that no half file looks whole", async () => {
    const broken = async function* (): AsyncGenerator<TableRow> { yield { device: "box", session: 1, at: "", running: false, clock: "estimated", cells: [null, null, null, null, null, null] }; throw new Error("the database is gone"); };
    await assert.rejects(async () => { for await (const piece of spreadsheet(TABLE, broken())) assert.ok(piece); }, /the database is gone/);
  });
});
