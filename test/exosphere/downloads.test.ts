/*
 * Rows as files: CSV, CSV for spreadsheets, JSON; and that other requests do not wait for them.
 *
 * Input: rows, also those that try to become formulas. Output: text of files. Invariant: what a program reads from a
 * file is what was stored, and no cell of the spreadsheet flavour runs.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { csvLines, defuse, jsonLines } from "../../exosphere/tables/download";
import { contentDisposition } from "../../exosphere/tables/download_name";
import { type RowFilter, rowOrder } from "../../exosphere/tables/filter";
import { eachRow, needCheapOrder, SORTED_ROWS_MAX, type TableRow } from "../../exosphere/tables/row_reader";
import { startServer } from "../../exosphere/start_server";
import type { TableSchema } from "../../exosphere/tables/table_documents";
import { createTable } from "../../exosphere/tables/table_store";
import { WALLBOX } from "./wallbox_table";

const ALL = { device: "", user: "", month: "" };
const NEWEST = { sort: "at", order: "desc" } as const;

/** The cells that a lenient program reads with a separator: quotes count at the start of a cell only. */
function cellsOf(file: string, separator: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= file.length;) {
    let cell = "";
    if (file[at] === "\"") {
      for (at++; at < file.length; at++) {
        if (file[at] === "\"" && file[++at] !== "\"") break;
        cell += file[at];
      }
    }
    while (at < file.length && file[at] !== separator && file[at] !== "\r" && file[at] !== "\n") cell += file[at++];
    cells.push(cell);
    at++;
  }
  return cells;
}

describe("downloads", () => {
  const table: TableSchema = { id: 1, name: "t", mode: "session", currency: "", minorDigits: 2, timeZone: "Europe/Berlin", columns: [
    { id: 1, name: "=start", type: "datetime", content: "" }, { id: 2, name: "text, \"quoted\"", type: "text", content: "" }, { id: 3, name: "n", type: "number", content: "" }] };
  async function* rows(): AsyncGenerator<TableRow> {
    yield { device: "box", session: 1, running: false, clock: "synced", at: "", cells: ["2026-07-01T10:00:00Z", "a;b\nc\"d", "9007199254740993.10"] };
    yield { device: "@x", session: 2, running: false, clock: null, at: "", cells: [null, "=1+1", "-3"] };
  }
  const all = async (pieces: AsyncIterable<string>): Promise<string> => {
    let text = "";
    for await (const piece of pieces) text += piece;
    return text;
  };

  it("follows RFC 4180: commas, CRLF, quotes doubled, nothing else changed", async () => {
    assert.equal(await all(csvLines(table, rows(), "rfc4180")),
      "device,session,=start,\"text, \"\"quoted\"\"\",n,_clock\r\nbox,1,2026-07-01T10:00:00Z,\"a;b\nc\"\"d\",9007199254740993.10,synced\r\n@x,2,,=1+1,-3,\r\n");
  });

  it("gives spreadsheets local times, decimal commas, and no formula", async () => {
    assert.equal(await all(csvLines(table, rows(), "spreadsheet")),
      "\ufeffdevice;session;'=start;\"text, \"\"quoted\"\"\";n;_clock\r\nbox;1;2026-07-01 12:00:00;\"a;b\nc\"\"d\";9007199254740993,10;synced\r\n'@x;2;;'=1+1;-3;\r\n");
    for (const start of ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"]) assert.equal(defuse(`${start}1`).charAt(0), "'");
    assert.equal(defuse("plain"), "plain");
  });

  it("says the currency of amounts, in the main unit for spreadsheets, and leaves raw cells as they are stored", async () => {
    for (const [currency, minorDigits, type, stored, shown] of [["EUR", 2, "integer", "1095", "10,95"], ["EUR", 2, "number", "10.9", "10,90"], ["JPY", 0, "integer", "1095", "1095"], ["KWD", 3, "integer", "7", "0,007"], ["KWD", 3, "number", "1", "1,000"]] as const) {
      const money: TableSchema = { id: 1, name: "t", mode: "session", currency, minorDigits, timeZone: "UTC", columns: [{ id: 1, name: "Cost", type, content: "session.cost" }] };
      const one = async function* (): AsyncGenerator<TableRow> { yield { device: "box", session: 1, running: false, clock: "synced", at: "", cells: [stored] }; };
      assert.equal(await all(csvLines(money, one(), "spreadsheet")), `\ufeffdevice;session;Cost (${currency});_clock\r\nbox;1;${shown};synced\r\n`);
      assert.equal(await all(csvLines(money, one(), "rfc4180")), `device,session,Cost,_clock,currency\r\nbox,1,${stored},synced,${currency}\r\n`);
      assert.deepEqual(JSON.parse(await all(jsonLines(money, one()))), [{ _device: "box", _session: 1, _clock: "synced", _currency: currency, Cost: Number(stored) }]);
      assert.equal((await all(csvLines({ ...money, currency: "" }, one(), "rfc4180"))), `device,session,Cost,_clock\r\nbox,1,${stored},synced\r\n`, "no currency is said");
    }
  });

  it("tells the two hours apart that clocks show twice, and writes no offset on other days", async () => {
    const night: TableSchema = { ...table, columns: [{ id: 1, name: "at", type: "datetime", content: "" }] };
    const moments = ["2026-10-24T23:59:59Z", "2026-10-25T00:50:00Z", "2026-10-25T01:50:00Z", "2026-10-25T02:00:00Z", "2026-03-29T01:30:00Z"];
    const each = async function* (): AsyncGenerator<TableRow> { for (const at of moments) yield { device: "box", session: 1, running: false, clock: "estimated", at, cells: [at] }; };
    assert.deepEqual((await all(csvLines(night, each(), "spreadsheet"))).trim().split("\r\n").slice(1).map((line) => line.split(";")[2]),
      ["2026-10-25 01:59:59", "2026-10-25 02:50:00 +02:00", "2026-10-25 02:50:00 +01:00", "2026-10-25 03:00:00", "2026-03-29 03:30:00"]);
  });

  it("makes no formula of a text, whichever separator the program takes that opens the spreadsheet file", async function () {
    this.timeout(60_000);
    const alphabet = ["=", "+", "-", "@", "\uff1d", "1", "a", " ", "\"", "'", ",", ";", "\t", "|", "\r", "\n", "\u00a0"];
    await fc.assert(fc.asyncProperty(fc.array(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 }), { minLength: 1, maxLength: 4 }), async (texts) => {
      const evil = async function* (): AsyncGenerator<TableRow> {
        for (const text of texts) yield { device: "box", session: 1, at: "2026-07-01T10:00:00Z", running: false, clock: null, cells: ["2026-07-01T10:00:00Z", text, "-3"] };
      };
      const file = await all(csvLines(table, evil(), "spreadsheet"));
      for (const separator of [";", ",", "\t", "|"]) {
        const formulas = cellsOf(file, separator).filter((cell) => /^[\s\u00a0]*[=+@\uff1d\uff0b\uff0d\uff20-]/.test(cell) && !/^-3$/.test(cell));
        assert.deepEqual(formulas, [], `${JSON.stringify(separator)} ${JSON.stringify(file)}`);
      }
    }), { numRuns: 300 });
  });

  it("leaves texts alone that could be no formula", () => {
    for (const text of ["Anna Weber", "a-b", "1 + 1", "anna@example.org", "07:00 - 08:00", "x=1", ""]) assert.equal(defuse(text), text);
    assert.equal(defuse("a,=1+1"), "a,'=1+1");
    assert.equal(defuse("a;\t\"=cmd|'/C calc'!A0"), "a;\t\"'=cmd|'/C calc'!A0");
  });

  it("gives JSON with every stored digit, also when there is no row", async () => {
    const text = await all(jsonLines(table, rows()));
    assert.ok(text.includes("\"n\":9007199254740993.10"));
    assert.equal((JSON.parse(text) as unknown[]).length, 2);
    assert.deepEqual(JSON.parse(await all(jsonLines(table, (async function* (): AsyncGenerator<TableRow> { yield* []; })()))), []);
  });

  it("names a file by its table, month, user, device and flavour, in characters that are safe everywhere", () => {
    const name = (change: object, flavour: "rfc4180" | "spreadsheet", tableName = "Wallbox"): string => contentDisposition({ ...table, name: tableName }, { ...ALL, ...change }, flavour, "csv").replace("attachment; ", "");
    assert.equal(name({ month: "2026-11", user: "Anna Weber" }, "rfc4180"), "filename=\"wallbox-2026-11-anna-weber-raw.csv\"; filename*=UTF-8''wallbox-2026-11-anna-weber-raw.csv");
    assert.match(name({ month: "2026-11", device: "box_1" }, "spreadsheet"), /filename="wallbox-2026-11-box_1-spreadsheet\.csv"/);
    assert.equal(name({ user: "Ünal Weiß 张" }, "rfc4180"), "filename=\"wallbox-unal-weiss-_-raw.csv\"; filename*=UTF-8''wallbox-%C3%BCnal-wei%C3%9F-%E5%BC%A0-raw.csv");
    assert.match(name({ user: "..\\..\"/\r\nX: y'*" }, "rfc4180", "../../etc"), /^filename="etc-x-y-raw\.csv"; filename\*=UTF-8''etc-x-y-raw\.csv$/);
    assert.match(name({}, "rfc4180", "…"), /^filename="table-1-raw\.csv"/);
    assert.equal(name({ user: "x".repeat(100), device: "y".repeat(100) }, "rfc4180", "z".repeat(63)).split(";")[0], `filename="${"z".repeat(50)}-${"x".repeat(50)}-${"y".repeat(50)}-raw.csv"`);
  });

  it("streams a table that is larger than a page", async () => {
    const server = await startServer({ port: 0 });
    const schema = await createTable(server.database, WALLBOX, "test");
    await server.database.query("INSERT INTO public.\"wallbox sessions\" (_device, _session, _at, _received_at) SELECT 'd', n, now(), now() FROM generate_series(1, 1203) n");
    let count = 0;
    let others = 0;
    setImmediate(() => { others = count; });
    for await (const one of eachRow(server.database, schema, ALL, rowOrder(schema, NEWEST))) count += one.session > 0 ? 1 : 0;
    await server.close();
    assert.equal(count, 1203);
    assert.equal(others, 500, "what else there is to do has its turn after the first page");
  }).timeout(30_000);

  it("sorts without an index only what is sorted at once", async () => {
    const server = await startServer({ port: 0 });
    const schema = await createTable(server.database, WALLBOX, "test");
    await server.database.query("INSERT INTO public.\"wallbox sessions\" (_device, _session, _at, _received_at) SELECT 'd' || n % 2, n, now(), now() FROM generate_series(1, $1::integer) n", [SORTED_ROWS_MAX + 1]);
    const sort = (column: string, filter: RowFilter): Promise<void> => needCheapOrder(server.database, schema, filter, column);
    await assert.rejects(sort("2", ALL), /More than 20,000 rows cannot be sorted by end, which has no index: choose a month, a device or a user first/);
    await sort("2", { ...ALL, device: "d1" });
    await sort("4", ALL);
    await sort("at", ALL);
    await server.close();
  }).timeout(60_000);
});
