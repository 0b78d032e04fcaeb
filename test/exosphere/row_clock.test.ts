/*
 * How good each row's time is: the endpoint keeps it for every row, and shows it wherever rows are read.
 *
 * Input: uploads into tables with and without a column of content session.clock. Output: the column "_clock", the API,
 * the downloads. Invariant: the clock is the test's.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { bothDatabases } from "./both_databases";
import { type CellValue, DeviceClient, row, status } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";
import { migrate } from "../../exosphere/database/migrations";
import { ROW_CLOCKS, type TableSchema } from "../../exosphere/tables/table_documents";
import { rowOrder, type RowFilter } from "../../exosphere/tables/filter";
import { readRows } from "../../exosphere/tables/row_reader";
import { createTable, findTable } from "../../exosphere/tables/table_store";
import { csvLines, jsonLines } from "../../exosphere/tables/download";
import { clockOf } from "../../exosphere/ingest/row_clock";
import { EpochCell, type SessionRecord, UndatedCell } from "../../exosphere/ingest/batch";
import type { RunningServer } from "../../exosphere/start_server";
import { factRow } from "../../firmware/session/row";

const T = 1767225600;
const ALL: RowFilter = { device: "", user: "", month: "", spellings: [] };
const NO_CLOCK = { ...WALLBOX, id: 3, name: "without a clock", columns: WALLBOX.columns.filter(({ id }) => id !== 6) };
/** No moment at all: the time of its rows is that of arrival. */
const BARE = { ...WALLBOX, id: 4, name: "bare", columns: WALLBOX.columns.filter(({ id }) => id === 4) };

bothDatabases("quality of the time of rows", (site) => {
  let server: RunningServer;
  let nowS = T;
  let made = 0;
  const device = (): Promise<DeviceClient> => DeviceClient.create(server, `box-${++made}`);
  const clocks = async (table: string): Promise<unknown[]> => (await server.database.query<{ _clock: unknown }>(
    `SELECT _clock FROM public."${table}" WHERE _device = $1 ORDER BY _session, _received_at`, [`box-${made}`])).map(({ _clock }) => _clock);
  const dated: CellValue = { epochS: T };
  const undated: CellValue = { boot: 5, uptimeS: 100 };

  before(async () => {
    server = await site.start({ nowS: () => nowS });
    for (const table of [WALLBOX, EVENTS, NO_CLOCK, BARE]) await createTable(server.database, table, "test");
  });

  it("is kept for each row of a table without a column for it", async () => {
    const box = await device();
    await box.upload(
      row(1, 1, 3, 1, { 1: dated }), row(1, 2, 3, 2, { 1: dated, 0: { text: "contradicted" } }), row(1, 3, 3, 3, { 1: undated }),
      row(1, 4, 4, 4, {}), row(1, 5, 4, 5, { 0: undated }), row(1, 6, 4, 6, { 0: { text: "contradicted" } }));
    assert.deepEqual(await clocks("without a clock"), ["synced", "contradicted", null], "nothing at all is known of boot 5");
    assert.deepEqual(await clocks("bare"), ["synced", null, "contradicted"]);
    nowS += 1000;
    await box.upload(status({ 0: 5, 1: 1100, 8: 0 }));
    assert.deepEqual([await clocks("without a clock"), await clocks("bare")], [["synced", "contradicted", "estimated"], ["synced", "estimated", "contradicted"]]);
    await box.upload(factRow(5, 7, 5, 0, T));
    assert.deepEqual([await clocks("without a clock"), await clocks("bare")], [["synced", "contradicted", "backfilled"], ["synced", "backfilled", "contradicted"]]);
  });

  it("is that of the end once the end is there, in either order, in one batch and in two", async () => {
    const start = row(1, 1, 3, 1, { 1: { boot: 9, uptimeS: 1 } });
    const end = row(2, 2, 3, 1, { 1: dated, 2: { epochS: T + 60 }, 4: 5 });
    for (const batches of [[start + end], [start, end], [end, start], [start, factRow(5, 3, 9, 0, T), end]]) {
      const box = await device();
      for (const batch of batches) await box.upload(batch);
      await box.upload(status({ 0: 9, 1: 500, 8: 0 }), factRow(5, 9, 9, 0, T));
      assert.deepEqual(await clocks("without a clock"), ["synced"], String(batches.length));
    }
    const box = await device();
    await box.upload(row(1, 1, 3, 1, { 1: dated }));
    await box.upload(row(2, 2, 3, 1, { 2: { epochS: T + 60 }, 0: { text: "contradicted" } }));
    assert.deepEqual(await clocks("without a clock"), ["contradicted"]);
  });

  it("agrees with a column made for it, dated or not", async () => {
    const box = await device();
    for (const [index, word] of ROW_CLOCKS.entries()) await box.upload(row(1, index + 1, 1, index + 1, { 1: dated, 6: { text: word } }));
    await box.upload(row(1, 10, 1, 10, { 1: undated, 6: undated }), row(1, 11, 1, 11, { 1: dated, 6: { text: "by sundial" } }));
    await box.upload(status({ 0: 5, 1: 1100, 8: 0 }));
    assert.deepEqual(await clocks("wallbox sessions"), [...ROW_CLOCKS, "estimated", "synced"]);
    await box.upload(row(1, 12, 2, 1, { 1: dated }), row(2, 13, 2, 1, { 2: { boot: 5, uptimeS: 90 } }));
    assert.deepEqual((await clocks("wallbox events")).sort(), ["estimated", "synced"]);
  });

  it("is refused alone when the cell of column 0 is no quality", async () => {
    const box = await device();
    const answer = await box.upload(row(1, 1, 3, 1, { 1: dated, 0: { text: "good" } }), row(1, 2, 3, 2, { 0: 7 }), row(1, 3, 3, 3, { 0: null }), row(1, 4, 3, 4, { 1: dated }));
    assert.deepEqual(answer.acknowledged, [[4, 4]]);
    assert.deepEqual(answer.refused.map(([, reason]) => reason), Array.from({ length: 3 }, () => "column 0 (text) cannot hold this value"));
  });

  it("is in the API and in every download", async () => {
    const box = await device();
    const id = `box-${made}`;
    await box.upload(row(1, 1, 3, 1, { 1: dated, 0: { text: "contradicted" } }));
    const table = await findTable(server.database, 3);
    const page = await readRows(server.database, table, { ...ALL, device: id }, rowOrder(table, { sort: "at", order: "asc" }), "", 10);
    assert.deepEqual(page.rows.map(({ clock }) => clock), ["contradicted"]);
    const text = async (pieces: AsyncIterable<string>): Promise<string> => { let all = ""; for await (const piece of pieces) all += piece; return all; };
    const each = async function* (): AsyncGenerator<typeof page.rows[number]> { yield* page.rows; };
    for (const flavour of ["rfc4180", "spreadsheet"] as const) {
      const [head, line] = (await text(csvLines(table, each(), flavour))).trim().split("\r\n").map((row) => row.split(flavour === "rfc4180" ? "," : ";").at(-1));
      assert.deepEqual([head, line], ["_clock", "contradicted"], flavour);
    }
    assert.equal((JSON.parse(await text(jsonLines(table, each()))) as { _clock: string }[])[0]!._clock, "contradicted");
  });

  it("comes to tables of an earlier version, whose rows say nothing until they are dated or ended", async () => {
    const box = await device();
    await box.upload(row(1, 1, 3, 1, { 1: { boot: 70, uptimeS: 5 } }), row(1, 2, 3, 2, { 1: dated }), row(1, 3, 3, 3, { 1: dated }));
    await server.database.query("DELETE FROM exosphere.undated WHERE column_id = 0");
    await server.database.query(`ALTER TABLE public."without a clock" DROP COLUMN _clock`);
    await server.database.query("DELETE FROM exosphere.migration WHERE name = '0014_row_clock.sql'");
    await migrate(server.database);
    assert.deepEqual(await clocks("without a clock"), [null, null, null]);
    await box.upload(factRow(5, 4, 70, 0, T), row(2, 5, 3, 3, { 2: { epochS: T + 60 } }));
    assert.deepEqual(await clocks("without a clock"), ["backfilled", null, "synced"]);
  });
});

describe("the quality that a record tells", () => {
  const table: TableSchema = { ...WALLBOX, mode: "session", currency: "", columns: WALLBOX.columns as TableSchema["columns"] };
  const record = (cells: [number, unknown][]): SessionRecord => ({ kind: "start", sequence: 1, bytes: new Uint8Array(), table: 1, session: 1, cells: new Map(cells) as SessionRecord["cells"] });

  it("is never better than what the row says of itself, with any cells in any order", () => {
    const moment = fc.oneof(fc.constant(new EpochCell(T)), fc.constant(new UndatedCell(1, 2)));
    const cellsOf = fc.record({ 1: moment, 2: moment, 6: fc.oneof(moment, fc.constantFrom(...ROW_CLOCKS), fc.string()), 0: fc.constantFrom(...ROW_CLOCKS), 3: fc.string() }, { requiredKeys: [] });
    fc.assert(fc.property(cellsOf, fc.boolean(), (cells, isReversed) => {
      const entries = Object.entries(cells).map(([id, value]): [number, unknown] => [Number(id), value]);
      const found = clockOf(table, record(isReversed ? entries.reverse() : entries));
      const told = [cells[0], cells[6]].find((cell) => cell !== undefined && (cell instanceof UndatedCell || ROW_CLOCKS.some((word) => word === cell)));
      const undated = [cells[1], cells[2]].find((cell) => cell instanceof UndatedCell);
      assert.equal(found, told ?? undated ?? "synced");
    }));
  });
});
