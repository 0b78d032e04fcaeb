/*
 * Uploads against the real server and both databases: each row arrives once, typed, dated, or is refused
 * alone and kept.
 *
 * Input: batches of a signed device. Output: rows of real SQL tables. Invariant: the clock is the test's.
 */
import assert from "node:assert/strict";
import { factRow } from "../../firmware/session/row";
import { addCommand } from "../../exosphere/devices/device_store";
import { retryQuarantine } from "../../exosphere/ingest/retry_quarantine";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row, status } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const T = 1767225600;

bothDatabases("upload", (site) => {
  let server: RunningServer;
  let nowS = T;
  let made = 0;
  const device = (): Promise<DeviceClient> => DeviceClient.create(server, `box-${++made}`);
  const rows = (table: string, id: string): Promise<Record<string, unknown>[]> => server.database.query(
    `SELECT *, start::text AS start_text, reading::text AS reading_text, cost::text AS cost_text FROM "${table}" WHERE _device = $1 ORDER BY _session, start`, [id]);
  const isoOf = (value: unknown): string => new Date(value as string).toISOString();

  before(async () => {
    server = await site.start({ nowS: () => nowS });
    await createTable(server.database, WALLBOX, "test");
    await createTable(server.database, EVENTS, "test");
  });

  it("completes the row of a session with its end, and keeps every digit", async () => {
    const box = await device();
    const first = await box.upload(row(1, 1, 1, 1, { 1: { epochS: T }, 3: { uid: "04A22B91" }, 6: { text: "synced" }, 7: "7.45" }));
    assert.deepEqual(first.acknowledged, [[1, 1]]);
    const second = await box.upload(row(2, 2, 1, 1, { 2: { epochS: T + 3600 }, 4: 11000, 5: 385, 8: 3600, 7: "0.30000000000000000004" }));
    assert.deepEqual(second.acknowledged, [[2, 2]]);
    const [stored, ...others] = await rows("wallbox sessions", "box-1");
    assert.equal(others.length, 0);
    assert.deepEqual(
      [stored!.card, stored!.energy, stored!.cost_text, stored!.clock, stored!.reading_text, stored!.duration, stored!._start_sequence, stored!._end_sequence],
      ["04A22B91", 11000, "3.85", "synced", "0.30000000000000000004", 3600, 1, 2]);
    assert.equal(isoOf(stored!.end), "2026-01-01T01:00:00.000Z");
  });

  it("keeps a text as it was sent, U+FEFF at its beginning included", async () => {
    const box = await device();
    const texts = ["\ufeffKöln", "\ufeff\ufeffx", "\ufeff", "a\ufeff"];
    await box.upload(...texts.map((text, index) => row(1, index + 1, 1, index + 1, { 1: { epochS: T }, 6: { text } })));
    // By the database's own words: PGlite takes a U+FEFF off when it gives a text out.
    const stored = await server.database.query(`SELECT char_length(clock)::int AS length, ascii(clock) AS first FROM "wallbox sessions" WHERE _device = $1 ORDER BY _session`, [`box-${made}`]);
    assert.deepEqual(stored, [{ length: 5, first: 0xfeff }, { length: 3, first: 0xfeff }, { length: 1, first: 0xfeff }, { length: 2, first: 97 }]);
  });

  it("gives the same row when the end comes first and everything comes twice", async () => {
    const box = await device();
    const start = row(1, 1, 1, 1, { 1: { epochS: T }, 3: { uid: "04A22B91" }, 7: 1 });
    const end = row(2, 2, 1, 1, { 2: { epochS: T + 60 }, 4: 5, 7: 2 });
    await box.upload(end);
    await box.upload(start, end);
    await box.upload(start);
    const stored = await rows("wallbox sessions", `box-${made}`);
    assert.equal(stored.length, 1);
    assert.deepEqual([stored[0]!.card, stored[0]!.energy, stored[0]!.reading_text, stored[0]!._start_sequence], ["04A22B91", 5, "2", 1]);
  });

  it("keeps one row per event, however often it is sent", async () => {
    const box = await device();
    const batch = [row(1, 1, 2, 1, { 1: { epochS: T } }), row(2, 2, 2, 1, { 4: 5 }), row(3, 3, 2, 1, { 4: 6 })];
    await box.upload(...batch);
    const again = await box.upload(...batch);
    assert.deepEqual(again.acknowledged, [[1, 3]]);
    assert.equal((await rows("wallbox events", `box-${made}`)).length, 3);
  });

  it("refuses a row alone, keeps it in quarantine, and takes the rest", async () => {
    const box = await device();
    const answer = await box.upload(
      row(1, 1, 1, 1, { 1: { epochS: T } }), row(1, 2, 1, 2, { 9: 1 }), row(1, 3, 77, 3, {}), row(2, 4, 1, 4, { 4: "1.5" }),
      row(3, 5, 1, 5, {}), row(1, 6, 1, 1, {}), row(1, 7, 1, 7, { 1: { epochS: T } }));
    assert.deepEqual(answer.acknowledged, [[1, 1], [7, 7]]);
    assert.deepEqual(answer.refused.map(([sequence]) => sequence).sort(), [2, 3, 4, 5, 6]);
    const kept = await server.database.query("SELECT sequence, reason FROM exosphere.quarantine WHERE device = $1 ORDER BY sequence", [`box-${made}`]);
    assert.deepEqual(kept.map((entry) => entry.reason), ["column 9 unknown", "table 77 unknown", "column 4 (integer) cannot hold this value", "table keeps sessions, not events", "session 1 has its start from row 1"]);
  });

  it("takes refused rows out of quarantine once their table fits", async () => {
    const box = await device();
    const id = `box-${made}`;
    const late = [row(1, 1, 5, 1, { 1: { epochS: T } }), row(2, 2, 5, 1, { 4: 9 }), row(2, 3, 5, 2, { 99: 1 })];
    assert.equal((await box.upload(...late)).refused.length, 3);
    await createTable(server.database, { ...WALLBOX, id: 5, name: `late ${id}` }, "test");
    assert.deepEqual(await retryQuarantine(server.database, id, "test", T), { stored: 2, refused: 1 });
    assert.deepEqual(await server.database.query(`SELECT energy FROM public."late ${id}"`), [{ energy: 9 }]);
    assert.deepEqual(await server.database.query("SELECT sequence, reason FROM exosphere.quarantine WHERE device = $1", [id]), [{ sequence: 3, reason: "column 99 unknown" }]);
    assert.deepEqual((await box.upload(late[0]!)).acknowledged, [[1, 1]]);
  });

  it("refuses only the row whose value the database itself cannot hold", async () => {
    const box = await device();
    const tooEarly = row(1, 2, 1, 2, { 1: { text: "0000-01-01T00:00:00Z" } });
    const answer = await box.upload(row(1, 1, 1, 1, { 1: { epochS: T } }), tooEarly, row(1, 3, 1, 3, { 1: { epochS: T } }));
    assert.deepEqual(answer.acknowledged, [[1, 1], [3, 3]]);
    assert.equal(answer.refused[0]![0], 2);
  });

  it("keeps a refused row that is longer than an index entry, and one whose reason would hold NUL", async () => {
    const box = await device();
    // It must not compress: the index would hold it otherwise.
    const long = Array.from({ length: 1400 }, (_, index) => String.fromCharCode(33 + (index * index * 7919 + index * 104_729) % 94)).join("");
    const twice = "\x85\x03\x03\x02\x00\xa2\x61\x00\x05\x61\x00\x06";
    for (let time = 0; time < 2; time++) {
      const answer = await box.upload(row(3, 1, 2, 0, { 99: { text: long } }), row(3, 2, 99, 0, { 1: { text: long } }), twice, row(3, 4, 2, 0, { 1: { epochS: T } }));
      assert.deepEqual(answer.acknowledged, [[4, 4]]);
      assert.deepEqual(answer.refused.map(([sequence]) => sequence).sort(), [1, 2, 3]);
    }
    const kept = await server.database.query("SELECT sequence FROM exosphere.quarantine WHERE device = $1 ORDER BY sequence", [`box-${made}`]);
    assert.deepEqual(kept.map(({ sequence }) => sequence), [1, 2, 3]);
  });

  it("bounds a moment whose uptime is the highest that there is", async () => {
    const box = await device();
    await box.upload(row(3, 1, 2, 0, { 1: { boot: 5, uptimeS: 2 ** 31 - 1 } }));
    const answer = await box.upload(status({ 0: 5, 1: 3 }), factRow(5, 2, 3, 0, T), row(3, 3, 2, 0, {}));
    assert.deepEqual(answer.acknowledged, [[2, 3]]);
    const [bounds] = await server.database.query("SELECT not_before, not_after FROM exosphere.undated WHERE device = $1", [`box-${made}`]);
    assert.deepEqual(bounds, { not_before: T + 2 ** 31 - 4, not_after: T + 2 ** 31 - 4 });
  });

  it("finds a few rows that the database refuses with few tries, and leaves the rest of very many for the next upload", async () => {
    const name = `checked ${made}`;
    await createTable(server.database, { ...WALLBOX, id: 6, name }, "test");
    await server.database.script(`ALTER TABLE "${name}" ADD CHECK (energy < 100)`);
    const box = await device();
    const few = await box.upload(...Array.from({ length: 128 }, (_, index) => row(1, index + 1, 6, index + 1, { 4: index === 77 ? 100 : 1 })));
    assert.deepEqual(few.acknowledged, [[1, 77], [79, 128]]);
    assert.deepEqual(few.refused.map(([sequence]) => sequence), [78]);
    const wrong = Array.from({ length: 64 }, (_, index) => row(1, 200 + index, 6, 200 + index, { 4: 100 }));
    const decided: number[] = [];
    const counts: number[] = [];
    while (decided.length < 64) {
      const { acknowledged, refused } = await box.upload(...wrong.slice(decided.length));
      assert.deepEqual(acknowledged, []);
      counts.push(refused.length);
      assert.ok(refused.length > 0, "an upload decides nothing");
      decided.push(...refused.map(([sequence]) => sequence));
    }
    assert.deepEqual(counts, [23, 23, 18], "as many as 48 tries find");
    const kept = await server.database.query<{ sequence: number }>("SELECT sequence FROM exosphere.quarantine WHERE device = $1 AND sequence >= 200 ORDER BY sequence", [`box-${made}`]);
    assert.equal(kept.length, 64);
  });

  it("dates a moment by the clock fact of its boot, whichever comes first", async () => {
    const box = await device();
    const undated = (sequence: number, session: number): string => row(1, sequence, 1, session, { 1: { boot: 4, uptimeS: 60 }, 6: { boot: 4, uptimeS: 60 } });
    await box.upload(undated(1, 1));
    await box.upload(factRow(5, 2, 4, 120, T + 1000), undated(3, 2));
    for (const stored of await rows("wallbox sessions", `box-${made}`)) {
      assert.equal(isoOf(stored.start), isoOf(new Date((T + 940) * 1000)));
      assert.equal(isoOf(stored._at), isoOf(stored.start));
      assert.equal(stored.clock, "backfilled");
    }
    assert.deepEqual(await server.database.query("SELECT * FROM exosphere.undated WHERE device = $1", [`box-${made}`]), []);
  });

  it("estimates the moment of a boot that never learnt the time, between its neighbours", async () => {
    const box = await device();
    await box.upload(factRow(5, 1, 1, 0, T), row(1, 2, 1, 1, { 1: { boot: 2, uptimeS: 100 }, 6: { boot: 2, uptimeS: 100 } }));
    await box.upload(factRow(5, 3, 3, 10, T + 1010));
    const [stored] = await rows("wallbox sessions", `box-${made}`);
    assert.equal(stored!.clock, "estimated");
    assert.equal(isoOf(stored!.start), isoOf(new Date((T + 550) * 1000)));
    const [bounds] = await server.database.query("SELECT not_before, not_after FROM exosphere.undated WHERE device = $1 AND column_id = 1", [`box-${made}`]);
    assert.deepEqual(bounds, { not_before: T + 100, not_after: T + 1000 });
    await box.upload(factRow(5, 4, 2, 200, T + 700));
    const [dated] = await rows("wallbox sessions", `box-${made}`);
    assert.deepEqual([dated!.clock, isoOf(dated!.start)], ["backfilled", isoOf(new Date((T + 600) * 1000))]);
  });

  it("estimates by the status of the same boot, and leaves what an end has settled", async () => {
    const box = await device();
    nowS = T + 5000;
    await box.upload(status({ 0: 9, 1: 300 }), row(1, 1, 1, 1, { 1: { boot: 9, uptimeS: 100 }, 2: { boot: 9, uptimeS: 100 } }));
    await box.upload(row(2, 2, 1, 1, { 2: { epochS: T + 4900 } }));
    nowS = T;
    await box.upload(factRow(5, 3, 9, 300, T + 6000));
    const [stored] = await rows("wallbox sessions", `box-${made}`);
    assert.equal(isoOf(stored!.start), isoOf(new Date((T + 5800) * 1000)));
    assert.equal(isoOf(stored!.end), isoOf(new Date((T + 4900) * 1000)));
  });

  it("records losses, gaps and the status, and repeats a command until its result comes", async () => {
    const box = await device();
    const id = `box-${made}`;
    await addCommand(server.database, id, "=ECHO(Block)", "test");
    const answer = await box.upload(status({ 0: 2, 1: 50, 2: "1.0.0", 4: 9, 8: 0, 9: "reader" }), factRow(4, 1, 3, 100, 1), factRow(6, 2, 5, 9, 5));
    assert.deepEqual(answer.acknowledged, [[1, 2]]);
    assert.equal(answer.commands[0]!.text, "=ECHO(Block)");
    assert.equal((await box.upload()).commands.length, 1);
    const [kept] = await server.database.query("SELECT boot, firmware_version, pending, faults FROM exosphere.device WHERE id = $1", [id]);
    assert.deepEqual(kept, { boot: 2, firmware_version: "1.0.0", pending: 9, faults: "reader" });
    assert.equal((await server.database.query("SELECT * FROM exosphere.loss WHERE device = $1", [id])).length, 1);
    assert.equal((await server.database.query("SELECT * FROM exosphere.gap WHERE device = $1", [id])).length, 1);
  });

  it("keeps devices apart: the same sequence and session of another device is another row", async () => {
    const [one, two] = [await device(), await device()];
    await one.upload(row(1, 1, 1, 1, { 4: 1 }));
    await two.upload(row(1, 1, 1, 1, { 4: 2 }));
    assert.equal((await rows("wallbox sessions", `box-${made - 1}`))[0]!.energy, 1);
    assert.equal((await rows("wallbox sessions", `box-${made}`))[0]!.energy, 2);
  });
});
