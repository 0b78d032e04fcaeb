/*
 * Faults of what surrounds the rows are never blamed on the rows: 503, the rows stay with the board, people are told.
 *
 * Input: tables that were renamed or changed by hand, zones that the database does not know, a read-only session, a
 * database of another encoding. Output: statuses, an empty quarantine, rows that are stored once the fault is gone.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { migrate } from "../../exosphere/database/migrations";
import { createTable, findTable } from "../../exosphere/tables/table_store";
import { isKnownZone } from "../../exosphere/tables/time_zone";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const T = 1_767_225_600;
const SERVER_ENDED = /^(?!.*server-fault)/;

bothDatabases("faults of the surroundings", (site) => {
  let server: RunningServer;
  let box: DeviceClient;
  let sequence = 0;
  const body = (): Buffer => Buffer.from(row(3, ++sequence, 2, 0, { 1: { epochS: T }, 4: 5 }), "latin1");

  before(async () => {
    server = await site.start({ nowS: () => T, onFault: () => undefined });
    await createTable(server.database, WALLBOX, "test");
    await createTable(server.database, EVENTS, "test");
    box = await DeviceClient.create(server, "box");
  });

  const cases: [name: string, harm: string, mend: string, words: RegExp][] = [
    ["a time zone that the database does not know", "UPDATE exosphere.data_table SET time_zone = 'Mars/Olympus' WHERE id = 2", "UPDATE exosphere.data_table SET time_zone = 'UTC' WHERE id = 2", /such as a time zone/],
    ["a table that somebody renamed or dropped", 'ALTER TABLE "wallbox events" RENAME TO gone', 'ALTER TABLE gone RENAME TO "wallbox events"', /A table or column of the endpoint is missing/],
    ["a column that somebody renamed or dropped", 'ALTER TABLE "wallbox events" RENAME energy TO gone', 'ALTER TABLE "wallbox events" RENAME gone TO energy', /A table or column of the endpoint is missing/],
    ["a record of the endpoint's own that is missing", "ALTER TABLE exosphere.rollup RENAME TO gone", "ALTER TABLE exosphere.gone RENAME TO rollup", /A table or column of the endpoint is missing/],
    ["a function that an extension had", 'ALTER TABLE "wallbox events" ADD CONSTRAINT c CHECK (true); CREATE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM lost(); RETURN NEW; END $$; CREATE TRIGGER own BEFORE INSERT ON "wallbox events" FOR EACH ROW EXECUTE FUNCTION own()',
      'DROP TRIGGER own ON "wallbox events"', /lacks something that the endpoint uses/],
    ["a trigger made by hand that refuses", `CREATE OR REPLACE FUNCTION own() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'closed for the year'; END $$; CREATE TRIGGER own BEFORE INSERT ON "wallbox events" FOR EACH ROW EXECUTE FUNCTION own()`,
      'DROP TRIGGER own ON "wallbox events"', /A trigger of the database refuses/],
    ["a column made by hand that may not be empty", `ALTER TABLE "wallbox events" ADD COLUMN flat text NOT NULL DEFAULT ''; ALTER TABLE "wallbox events" ALTER flat DROP DEFAULT`, 'ALTER TABLE "wallbox events" DROP COLUMN flat', /may not be empty in the database/],
    ["a column whose type was changed by hand", 'ALTER TABLE "wallbox events" ALTER energy TYPE boolean USING NULL', 'ALTER TABLE "wallbox events" ALTER energy TYPE bigint USING NULL', /another type than the endpoint gave it/],
    ["a partition that is missing", 'ALTER TABLE "wallbox events" RENAME TO kept; CREATE TABLE "wallbox events" (LIKE kept INCLUDING ALL) PARTITION BY HASH (_device)', 'DROP TABLE "wallbox events"; ALTER TABLE kept RENAME TO "wallbox events"', /A partition is missing/],
  ];
  for (const [name, harm, mend, words] of cases) {
    it(`are answered 503: ${name}`, async () => {
      await server.database.script(harm);
      const bytes = body();
      const answer = await box.send(box.signed(bytes));
      await server.database.script(mend);
      assert.equal(answer.status, 503, answer.body.toString());
      assert.match(server.context.faults.list()[0]!.what, words);
      assert.match(answer.body.toString(), SERVER_ENDED);
      assert.deepEqual(await server.database.query("SELECT 1 FROM exosphere.quarantine"), []);
      const again = await box.send(box.signed(bytes));
      assert.deepEqual(again.upload.acknowledged, [[sequence, sequence]]);
    });
  }

  it("are not what a rule with a name is, which the owner made for values: the row is set aside with its words, and the others are stored", async () => {
    await server.database.script('ALTER TABLE "wallbox events" ADD CONSTRAINT plausible CHECK (energy < 100000)');
    const good = row(3, ++sequence, 2, 0, { 1: { epochS: T }, 4: 5 });
    const answer = await box.send(box.signed(Buffer.from(row(3, ++sequence, 2, 0, { 1: { epochS: T }, 4: 100_000 }) + good, "latin1")));
    await server.database.script('ALTER TABLE "wallbox events" DROP CONSTRAINT plausible');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.upload.acknowledged, [[sequence - 1, sequence - 1]]);
    const [kept] = await server.database.query<{ reason: string }>("SELECT reason FROM exosphere.quarantine");
    assert.match(kept!.reason, /violates check constraint "plausible"/);
    await server.database.query("DELETE FROM exosphere.quarantine");
  });

  if (site.startBeside === undefined) {
    it("are answered 503: a session that is read-only", async () => {
      await server.database.script("SET default_transaction_read_only = on");
      const answer = await box.send(box.signed(body()));
      await server.database.script("SET default_transaction_read_only = off");
      assert.equal(answer.status, 503);
      assert.match(server.context.faults.list()[0]!.what, /read-only/);
    });
  } else {
    it("end the start with a remedy: a database of another encoding", async () => {
      const url = new URL(site.cluster!.createDatabase().replace("@/", "@localhost/"));
      execFileSync("psql", ["-h", url.searchParams.get("host")!, "-U", "postgres", "-d", "postgres", "-qc", "CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0"]);
      await assert.rejects(startServer({ port: 0, secret: "a secret of the tests only", databaseUrl: site.cluster!.url.replace("/postgres?", "/narrow?") }), /the encoding of the database is LATIN1; make one with CREATE DATABASE/);
    });
  }

  it("are seen before a table is made: names of zones that do not mean one thing", async () => {
    for (const [timeZone, place] of [["CET", "Europe/Brussels"], ["eet", "Europe/Athens"], ["MET", "Europe/Brussels"], ["WET", "Europe/Lisbon"], ["PST", "America/Los_Angeles"]]) {
      await assert.rejects(createTable(server.database, { ...WALLBOX, id: 7, name: "seven", timeZone }, "test"), new RegExp(`abbreviation.*such as ${place}`));
    }
    assert.deepEqual(await server.database.transaction(async (queryable) => [await isKnownZone(queryable, "Mars/Olympus"), await isKnownZone(queryable, "europe/berlin")]), [false, true]);
  });

  it("have the same rules in the database as here: every name that is taken", async () => {
    const moments = [Date.UTC(2025, 0, 15, 12), Date.UTC(2025, 6, 15, 12)].map((ms) => ms / 1000);
    const wrong: string[] = [];
    for (const timeZone of [...Intl.supportedValuesOf("timeZone"), "EST", "MST", "HST", "EST5EDT", "GB", "NZ", "Asia/Calcutta", "Etc/GMT-1", "UTC", "GMT"]) {
      const here = new Intl.DateTimeFormat("en-CA", { timeZone, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit" });
      const [there] = await server.database.query<{ times: string[] }>("SELECT array_agg(to_char(to_timestamp(m) AT TIME ZONE $2, 'YYYY-MM-DD, HH24:MI') ORDER BY m) AS times FROM unnest($1::bigint[]) m", [moments, timeZone]);
      if (moments.map((m) => here.format(new Date(m * 1000))).join() !== there!.times.join()) wrong.push(timeZone);
    }
    assert.deepEqual(wrong, []);
  });

  it("are mended once: a table of an earlier version in CET has days with summer time", async () => {
    await server.database.query("UPDATE exosphere.data_table SET time_zone = 'CET' WHERE id = 2");
    await server.database.query("DELETE FROM exosphere.migration WHERE number = 8");
    await migrate(server.database);
    assert.equal((await findTable(server.database, 2)).timeZone, "Europe/Brussels");
    const days = await server.database.query("SELECT DISTINCT day::text FROM exosphere.rollup WHERE table_id = 2");
    assert.deepEqual(days, [{ day: "2026-01-01" }]);
  });
});
