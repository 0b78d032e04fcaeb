/*
 * Each row once over a spoilt network: random histories of sending, against the list of what happened.
 *
 * Input: seeds. Output: the table compared with the model. Invariants: batches are cut anywhere, repeated,
 * their order mixed, their answers lost, two servers asked in turn; EXOSPHERE_RUNS sets how many histories
 * (1,000 takes about two minutes).
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { readTotals } from "../../exosphere/tables/totals";
import { findTable } from "../../exosphere/tables/table_store";
import { bothDatabases } from "./both_databases";
import { DeviceClient, row } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const RUNS = Number(process.env.EXOSPHERE_RUNS ?? "60");
const T = 1767225600;

bothDatabases("delivery", (site) => {
  let servers: RunningServer[];
  let made = 0;

  before(async () => {
    servers = [await site.start()];
    if (site.startBeside !== undefined) servers.push(await site.startBeside());
    await createTable(servers[0]!.database, WALLBOX, "test");
    await createTable(servers[0]!.database, EVENTS, "test");
  });

  const history = fc.record({
    table: fc.constantFrom(1, 2),
    sessions: fc.array(fc.record({ energy: fc.integer({ min: 0, max: 50_000 }), open: fc.boolean(), day: fc.integer({ min: 0, max: 400 }) }), { minLength: 1, maxLength: 12 }),
    deliveries: fc.array(fc.record({ from: fc.nat(30), count: fc.integer({ min: 1, max: 9 }), times: fc.integer({ min: 1, max: 2 }), mixed: fc.boolean(), server: fc.nat(1) }), { maxLength: 6 }),
  });

  it(`ends with each row once in ${RUNS} histories`, async function () {
    this.timeout(RUNS * 2000);
    await fc.assert(fc.asyncProperty(history, async ({ table, sessions, deliveries }) => {
      const id = `run-${++made}`;
      const box = await DeviceClient.create(servers[0]!, id);
      const records: string[] = [];
      sessions.forEach(({ energy, open, day }, index) => {
        const startS = T + day * 86_400;
        records.push(row(1, records.length + 1, table, index + 1, { 1: { epochS: startS }, 3: { uid: "04A22B91" }, 7: 1 }));
        if (!open) records.push(row(2, records.length + 1, table, index + 1, { 2: { epochS: startS + 60 }, 4: energy, 5: 385, 7: 2 }));
      });
      // Answers are not looked at: as if each had been lost.
      for (const { from, count, times, mixed, server } of deliveries) {
        const batch = records.slice(from, from + count);
        if (mixed) batch.reverse();
        for (let time = 0; time < times; time++) {
          box.url = servers[server % servers.length]!.url;
          await box.upload(...batch);
        }
      }
      // The calm phase: everything pending is sent until it is acknowledged.
      const answer = await box.upload(...records);
      assert.deepEqual([answer.acknowledged, answer.refused], [[[1, records.length]], []]);

      const { database } = servers[0]!;
      const name = table === 1 ? "wallbox sessions" : "wallbox events";
      const stored = await database.query<{ _session: number; energy: number | null; reading: string }>(`SELECT _session, energy, reading::text AS reading FROM public."${name}" WHERE _device = $1 ORDER BY _session, energy NULLS FIRST`, [id]);
      const expected = sessions.flatMap(({ energy, open }, index) => {
        const start = { _session: index + 1, energy: null as number | null, reading: "1" };
        const end = { _session: index + 1, energy: energy as number | null, reading: "2" };
        if (table === 1) return open ? [start] : [end];
        return open ? [start] : [start, end];
      });
      assert.deepEqual(stored, expected);
      const totals = await readTotals(database, await findTable(database, table), { device: id, user: "", month: "" });
      assert.equal(totals.rows, expected.length);
      assert.equal(totals.energyWh, String(sessions.reduce((sum, { energy, open }) => sum + (open ? 0 : energy), 0)));
    }), { numRuns: RUNS });
  });

  it("lets two servers take the same device's requests at the same moment, each row once", async () => {
    const box = await DeviceClient.create(servers[0]!, "twins");
    const requests = Array.from({ length: 20 }, (_, index) => box.signed(Buffer.from(row(1, 1 + index % 4, 1, 1 + index % 4, { 1: { epochS: T } }), "latin1")));
    const codes = await Promise.all(requests.map(async (request, index) => (await fetch(`${servers[index % servers.length]!.url}/api/v1/rows`, request)).status));
    // 503: a device has few requests waiting at a server, so that it never takes the database from others; it comes again.
    assert.ok(codes.every((code) => code === 200 || code === 401 || code === 503), codes.join(" "));
    assert.ok(codes.includes(200));
    await box.upload(...[1, 2, 3, 4].map((number) => row(1, number, 1, number, { 1: { epochS: T } })));
    assert.equal((await servers[0]!.database.query("SELECT 1 FROM public.\"wallbox sessions\" WHERE _device = 'twins'")).length, 4);
  });
});
