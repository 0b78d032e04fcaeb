/*
 * Tables: what may be designed and altered, and what reading them gives, on both databases.
 *
 * Input: schema documents, rows written by uploads. Output: SQL tables, pages of rows, totals.
 * Invariant: no name from outside can become SQL.
 */
import assert from "node:assert/strict";
import { rowOrder } from "../../exosphere/tables/filter";
import { readRows, type TableRow } from "../../exosphere/tables/row_reader";
import type { RunningServer } from "../../exosphere/start_server";
import { alterTable, createTable, findTable } from "../../exosphere/tables/table_store";
import { readMonths, readTotals } from "../../exosphere/tables/totals";
import type { Problem } from "../../exosphere/http/problem";
import type { InputError } from "../../exosphere/http/schema/vocabulary";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const ALL = { device: "", user: "", month: "" };
const NEWEST = { sort: "at", order: "desc" } as const;

bothDatabases("tables", (site) => {
  let server: RunningServer;
  let box: DeviceClient;

  before(async () => {
    server = await site.start();
    box = await DeviceClient.create(server, "box");
  });

  it("names every error of a description with its place, and what belongs there", async () => {
    const wrong = { id: 0, name: "_x", mode: "both", minorDigits: 9, timeZone: "Mars/Base", colour: "red", columns: [
      { id: 1, name: "a", type: "boolean", content: "session.start" }, { id: 1, name: "a", type: "float" }, { id: 300, name: "", type: "text", content: "nothing" }] };
    const problem = await createTable(server.database, wrong, "test").then(() => assert.fail("was created"), (error: unknown) => error as Problem);
    assert.deepEqual([problem.status, problem.problem], [422, "wrong-document"]);
    const found = Object.fromEntries((problem.members.errors as InputError[]).map(({ pointer, detail }) => [pointer, detail]));
    assert.deepEqual(found, {
      "/id": "must be a whole number 1 … 2147483647", "/name": "must not begin with _", "/mode": "must be one of session, event", "/minorDigits": "must be a whole number 0 … 6",
      "/timeZone": "must be an IANA time zone such as Europe/Berlin", "/colour": "is not known here; remove it",
      "/columns/0/type": "session.start (datetime) cannot fill a column of type boolean; it fills datetime, text", "/columns/1/type": "must be one of text, number, integer, boolean, datetime",
      "/columns/1/id": "is used twice", "/columns/1/name": "is used twice", "/columns/2/id": "must be a whole number 1 … 255", "/columns/2/name": "must not be only blanks",
      "/columns/2/content": "there is no content nothing; GET /api/v1/contents lists them",
    });
  });

  it("takes no type that is not a datatype, under any name, and no member that changes what an object is", async () => {
    for (const type of ["constructor", "__proto__", "toString", 7, null, ["text"], { text: 1 }]) {
      await assert.rejects(createTable(server.database, { id: 60, name: "odd", columns: [{ id: 1, name: "a", type }] }, "test"), /\/columns\/0\/type must be one of text, number, integer, boolean, datetime/, JSON.stringify(type));
    }
    const own: unknown = JSON.parse('{ "id": 60, "name": "odd", "__proto__": { "columns": [] }, "columns": [{ "id": 1, "name": "a", "type": "text" }] }');
    await assert.rejects(createTable(server.database, own, "test"), /\/__proto__ is not known here; remove it/);
    assert.deepEqual(await server.database.query("SELECT id FROM exosphere.data_table WHERE id = 60"), []);
  });

  it("takes a currency without decimals and one of six, and no other", async () => {
    for (const [id, minorDigits] of [[61, 0], [62, 6]] as const) {
      const made = await createTable(server.database, { id, name: `money ${id}`, minorDigits, columns: [{ id: 1, name: "cost", type: "integer", content: "session.cost" }] }, "test");
      assert.equal(made.minorDigits, minorDigits);
    }
    for (const [id, currency, minorDigits, cost] of [[64, "JPY", 0, "745"], [65, "EUR", 2, "7.45"], [67, "KWD", 3, "0.745"]] as const) {
      const made = await createTable(server.database, { id, name: currency, currency, columns: [{ id: 1, name: "cost", type: "integer", content: "session.cost" }, { id: 2, name: "exact", type: "number", content: "session.cost" }] }, "test");
      assert.equal(made.minorDigits, minorDigits, "decimals follow from the currency");
      await box.upload(row(2, 950 + id, id, 950 + id, { 1: 745, 2: 745 }));
      assert.equal((await readTotals(server.database, made, ALL)).cost, cost);
      assert.deepEqual(await server.database.query(`SELECT exact::text FROM public."${currency}"`), [{ exact: cost }]);
      const wrong = { id: 68, name: "wrong", currency, minorDigits: minorDigits + 1, columns: [{ id: 1, name: "a", type: "text" }] };
      await assert.rejects(createTable(server.database, wrong, "test"), new RegExp(`/minorDigits must be ${minorDigits}, the decimals of ${currency}`));
    }
    for (const currency of ["eur", "EURO", "XAU", "€"]) await assert.rejects(createTable(server.database, { id: 68, name: "wrong", currency, columns: [{ id: 1, name: "a", type: "text" }] }, "test"), /\/currency must be a currency of ISO 4217 such as EUR, or empty/);
    for (const minorDigits of [-1, 7, 0.5]) await assert.rejects(createTable(server.database, { id: 63, name: "none", minorDigits, columns: [{ id: 1, name: "a", type: "text" }] }, "test"), /\/minorDigits must be a whole number 0 … 6/);
    await box.upload(row(2, 950, 61, 950, { 1: 745 }));
    assert.equal((await readTotals(server.database, await findTable(server.database, 61), ALL)).cost, "745");
  });

  it("gives a table of an earlier version its currency, and another one only while it has no row", async () => {
    const document = { id: 69, name: "late currency", minorDigits: 2, columns: [{ id: 1, name: "cost", type: "integer", content: "session.cost" }] };
    assert.equal((await createTable(server.database, document, "test")).currency, "");
    assert.deepEqual(await alterTable(server.database, 69, { ...document, minorDigits: undefined, currency: "KWD" }, "test").then(({ currency, minorDigits }) => [currency, minorDigits]), ["KWD", 3]);
    await alterTable(server.database, 69, document, "test");
    await box.upload(row(2, 2000, 69, 2000, { 1: 745 }));
    await assert.rejects(alterTable(server.database, 69, { ...document, minorDigits: undefined, currency: "KWD" }, "test"), /\/minorDigits cannot change from 2/);
    await alterTable(server.database, 69, { ...document, currency: "EUR" }, "test");
    await assert.rejects(alterTable(server.database, 69, { ...document, currency: "USD" }, "test"), /\/currency cannot change from EUR/);
  });

  it("takes any name as a name and never as SQL", async () => {
    const name = "x\"; DROP TABLE exosphere.device; --";
    await createTable(server.database, { id: 66, name, columns: [{ id: 1, name: "a\"; SELECT '1", type: "integer", content: "session.energy" }] }, "test");
    await box.upload(row(2, 900, 66, 900, { 1: 7 }));
    const table = await findTable(server.database, 66);
    assert.deepEqual((await readRows(server.database, table, ALL, rowOrder(table, NEWEST), "", 10)).rows[0]!.cells, ["7"]);
    assert.equal((await readTotals(server.database, table, { ...ALL, user: "" })).energyWh, "7");
  });

  it("adds, renames and swaps columns with their values, and refuses what would lose or reinterpret", async () => {
    await createTable(server.database, WALLBOX, "test");
    await box.upload(row(2, 1, 1, 1, { 4: 4, 8: 8 }));
    const swapped = WALLBOX.columns.map((column) => column.id === 4 ? { ...column, name: "duration" } : column.id === 8 ? { ...column, name: "energy" } : column);
    const changed = { ...WALLBOX, name: "sessions, new", columns: [...swapped, { id: 9, name: "who", type: "text", content: "user.name" }] };
    await alterTable(server.database, 1, changed, "test");
    const [stored] = await server.database.query("SELECT duration, energy, who FROM public.\"sessions, new\"");
    assert.deepEqual(stored, { duration: 4, energy: 8, who: null });
    for (const [what, document] of [
      [/lacks column 9/, { ...changed, columns: swapped }], [/cannot change from text/, { ...changed, columns: changed.columns.map((column) => column.id === 3 ? { ...column, type: "datetime", content: "" } : column) }],
      [/mode/, { ...changed, mode: "event" }], [/minorDigits/, { ...changed, minorDigits: 3 }], [/content cannot change/, { ...changed, columns: changed.columns.map((column) => column.id === 7 ? { ...column, content: "ci2" } : column) }],
    ] as const) await assert.rejects(alterTable(server.database, 1, document, "test"), what);
    await alterTable(server.database, 1, { ...changed, name: "wallbox sessions" }, "test");
  });

  it("pages through every row once in every order, NULLs last", async () => {
    const reader = await DeviceClient.create(server, "reader");
    await createTable(server.database, { ...WALLBOX, id: 3, name: "paged" }, "test");
    await reader.upload(...Array.from({ length: 25 }, (_, n) => row(2, n + 1, 3, n + 1, n % 3 === 0 ? { 1: { epochS: 1767225600 } } : { 1: { epochS: 1767225600 + n % 5 }, 4: n % 4 })));
    const table = await findTable(server.database, 3);
    for (const sort of ["at", "4"]) for (const order of ["asc", "desc"] as const) {
      const seen: TableRow[] = [];
      for (let cursor: string | null = ""; cursor !== null;) {
        const page = await readRows(server.database, table, ALL, rowOrder(table, { sort, order }), cursor, 4);
        seen.push(...page.rows);
        cursor = page.next;
      }
      assert.deepEqual(seen.map(({ session }) => session).sort((a, b) => a - b), Array.from({ length: 25 }, (_, n) => n + 1), `${sort} ${order}`);
      const energies = seen.map(({ cells }) => cells[3] as string | null);
      if (sort === "4") {
        const values = energies.filter((value) => value !== null).map(Number);
        assert.deepEqual(values, [...values].sort((a, b) => order === "asc" ? a - b : b - a));
        assert.ok(energies.slice(values.length).every((value) => value === null));
      }
    }
    await assert.rejects(readRows(server.database, table, ALL, rowOrder(table, NEWEST), "bm90IGEgY3Vyc29y", 4), /cursor/);
  });

  it("counts days and months in the table's time zone, also after it was changed", async () => {
    await createTable(server.database, { ...WALLBOX, id: 4, name: "zoned", timeZone: "Europe/Berlin" }, "test");
    // 23:30 UTC on New Year's Eve is January in Berlin.
    await box.upload(row(2, 50, 4, 1, { 1: { epochS: Date.UTC(2025, 11, 31, 23, 30) / 1000 }, 4: 100, 5: 1005 }));
    let table = await findTable(server.database, 4);
    assert.deepEqual(await readMonths(server.database, table, ALL), [{ month: "2026-01", rows: 1, sessions: 1, energyWh: "100", durationS: "0", cost: "10.05" }]);
    assert.equal((await readTotals(server.database, table, { ...ALL, month: "2025-12" })).sessions, 0);
    table = await alterTable(server.database, 4, { ...table, timeZone: "UTC" }, "test");
    assert.deepEqual((await readMonths(server.database, table, ALL)).map(({ month }) => month), ["2025-12"]);
    assert.equal((await readRows(server.database, table, { ...ALL, month: "2025-12" }, rowOrder(table, NEWEST), "", 5)).rows.length, 1);
  });

  it("counts rows where each event is a row, and never calls them sessions", async () => {
    await createTable(server.database, { ...EVENTS, id: 6, name: "moments" }, "test");
    await box.upload(row(1, 60, 6, 9, { 1: { epochS: 1767225600 } }), row(2, 61, 6, 9, { 1: { epochS: 1767225600 }, 2: { epochS: 1767312000 }, 4: 100 }));
    const table = await findTable(server.database, 6);
    const { rows, sessions, energyWh } = await readTotals(server.database, table, ALL);
    assert.deepEqual([rows, sessions, energyWh], [2, null, "100"]);
    assert.deepEqual((await readMonths(server.database, table, ALL)).map((month) => month.sessions), [null]);
    assert.deepEqual((await readTotals(server.database, await findTable(server.database, 4), ALL)).sessions, 1);
  });

  it("calls a session running that has no end, unless its device has begun another since", async () => {
    await createTable(server.database, { ...WALLBOX, id: 8, name: "running" }, "test");
    await createTable(server.database, { ...EVENTS, id: 9, name: "running moments" }, "test");
    const [one, two] = [await DeviceClient.create(server, "one"), await DeviceClient.create(server, "two")];
    await one.upload(row(1, 1, 8, 1, { 1: { epochS: 1767225600 } }), row(1, 2, 8, 2, { 1: { epochS: 1767225700 } }), row(2, 3, 8, 2, { 4: 1 }), row(1, 4, 8, 3, { 1: { epochS: 1767225800 } }), row(1, 5, 9, 4, {}));
    await two.upload(row(2, 2, 8, 1, { 1: { epochS: 1767225900 } }));
    const running = async (id: number): Promise<string[]> => {
      const table = await findTable(server.database, id);
      return (await readRows(server.database, table, ALL, rowOrder(table, { sort: "at", order: "asc" }), "", 9)).rows.map((one) => `${one.device} ${one.session} ${one.running}`);
    };
    assert.deepEqual(await running(8), ["one 1 false", "one 2 false", "one 3 true", "two 1 false"]);
    assert.deepEqual(await running(9), ["one 4 false"]);
  });

  it("tells the months of one user in the table's time zone, and as sums of that user's rows", async () => {
    await createTable(server.database, { ...WALLBOX, id: 7, name: "of users", timeZone: "Europe/Berlin" }, "test");
    const other = await DeviceClient.create(server, "other");
    // 23:30 UTC on New Year's Eve is January in Berlin.
    await other.upload(...[Date.UTC(2025, 11, 31, 23, 30), Date.UTC(2025, 11, 30), Date.UTC(2026, 0, 9)].map((startMs, n) =>
      row(2, n + 1, 7, n + 1, { 1: { epochS: startMs / 1000 }, 3: { uid: n === 2 ? "AA00BB11" : "04A22B91" }, 4: 100 })));
    const table = await findTable(server.database, 7);
    const months = async (filter: object): Promise<string[]> => (await readMonths(server.database, table, { ...ALL, ...filter })).map(({ month, rows, energyWh }) => `${month} ${rows} ${energyWh}`);
    assert.deepEqual(await months({ user: "04A22B91" }), ["2026-01 1 100", "2025-12 1 100"]);
    assert.deepEqual(await months({ user: "AA00BB11", month: "2025-12" }), ["2026-01 1 100"]);
    assert.deepEqual(await months({ user: "04A22B91", device: "box" }), []);
    assert.deepEqual(await months({}), ["2026-01 2 200", "2025-12 1 100"]);
  });

  it("gives a table as JSON that makes the same table in another database", async () => {
    const other = await site.start();
    const exported = JSON.parse(JSON.stringify(await findTable(server.database, 1))) as unknown;
    await createTable(other.database, exported, "test");
    assert.deepEqual(await findTable(other.database, 1), exported);
    const columns = (one: RunningServer): Promise<unknown[]> => one.database.query(
      "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1 ORDER BY column_name", [(exported as { name: string }).name]);
    assert.deepEqual(await columns(other), await columns(server));
  });

  it("writes an audit line for each of these changes", async () => {
    const actions = await server.database.query<{ action: string }>("SELECT action FROM exosphere.audit WHERE subject IN ('1', '4') ORDER BY id");
    assert.deepEqual(actions.map(({ action }) => action), ["table.create", "table.alter", "table.alter", "table.create", "table.alter"]);
  });
});
