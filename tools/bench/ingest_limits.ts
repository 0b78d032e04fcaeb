/*
 * Limits of the ingest on this machine: the same writes without HTTP, rows alone, HTTP alone.
 *
 * Input: a database, or none. Output: reports like those of the load. Invariants: all batches are made before the
 * clock starts; one batch of a device is under way at a time, as over HTTP; the writes are those of the product, in
 * its own statement, so the difference is what HTTP, signature, decoding and planning cost.
 */
import { createDevice, findKey } from "../../exosphere/devices/device_store";
import type { Database } from "../../exosphere/database/database";
import { readBatch } from "../../exosphere/ingest/batch";
import { StatementCache } from "../../exosphere/ingest/one_statement";
import { planAtOnce } from "../../exosphere/ingest/store_at_once";
import { present } from "../../exosphere/invariant";
import { WALLBOX } from "../../test/exosphere/wallbox_table";
import { cpuMsSince } from "./cpu_time";
import { prepare } from "./ingest_batches";
import type { LoadReport } from "./ingest_load";

type Ask = { sql: string; parameters: unknown[]; name: string; rows: number };

async function run(database: Database, lanes: Ask[][]): Promise<LoadReport> {
  const batchMs: number[] = [];
  const used = process.cpuUsage();
  const begin = performance.now();
  await Promise.all(lanes.map(async (lane) => {
    for (const { sql, parameters, name } of lane) {
      const from = performance.now();
      const written = await database.query(sql, parameters, name);
      if (written.length !== 1) throw new Error("a batch of the limit was not written");
      batchMs.push(performance.now() - from);
    }
  }));
  return { batchMs, totalMs: performance.now() - begin, rows: lanes.flat().reduce((sum, { rows }) => sum + rows, 0), cpuMs: cpuMsSince(used) };
}

/** All writes of an upload in one statement a batch, from `devices` new devices. */
export async function measureStatement(database: Database, secret: string, prefix: string, devices: number, rowsPerDevice: number, batchRows: number[]): Promise<LoadReport> {
  const statements = new StatementCache();
  const statement = present(await statements.find(database, WALLBOX.id), "the table is there");
  const lanes: Ask[][] = [];
  for (let index = 0; index < devices; index++) {
    const made = await createDevice(database, secret, `${prefix}-${index}`, undefined, "bench");
    const key = present(await findKey(database, secret, made.keyId), "a key that was just made is there");
    const order = { url: "", table: WALLBOX.id, firstSession: 1, rowsPerDevice, batchRows, devices: [] };
    const state = { ...key.state, isKeyUsed: true };
    lanes.push(prepare(order, { ...made, boot: 1 }, index).map(({ body, rows, boot, counter }) => {
      const batch = readBatch(body);
      if (typeof batch === "string") throw new Error(batch);
      const signature = { boot, counter, keyId: made.keyId, created: undefined, components: [], parameterList: [], signature: Buffer.alloc(32, counter) };
      const parameters = present(planAtOnce(statement, { ...key, state: { ...state } }, signature, batch, 1_800_000_000), "a batch of the bench is plain");
      state.revision++;
      [state.boot, state.counter] = [boot, counter];
      for (const record of batch.records) {
        state.sequence = Math.max(state.sequence, record.sequence);
        if ("session" in record) state.session = Math.max(state.session, record.session);
      }
      return { sql: statement.sql, name: statement.name, parameters, rows };
    }));
  }
  return run(database, lanes);
}

/** The cells of the same rows, by `unnest` into a table of one key: no repeat would be noticed, nothing is counted. */
export async function measureRowsOnly(database: Database, devices: number, rowsPerDevice: number, batchRows: number[]): Promise<LoadReport> {
  await database.script("CREATE TABLE IF NOT EXISTS bare (device text, session bigint, start timestamptz, \"end\" timestamptz, card text, energy bigint, cost numeric, clock text, reading numeric, duration bigint, PRIMARY KEY (device, session)); TRUNCATE bare");
  const sql = `INSERT INTO bare SELECT $1, s, to_timestamp(1700000000 + s * 600), to_timestamp(1700000500 + s * 600), c, e, m, k, v, d
    FROM unnest($2::text::bigint[], $3::text::text[], $4::text::bigint[], $5::text::numeric[], $6::text::text[], $7::text::numeric[], $8::text::bigint[]) AS r(s, c, e, m, k, v, d) RETURNING 1`;
  const lanes = Array.from({ length: devices }, (_, index) => {
    const lane: Ask[] = [];
    for (let first = 0, sent = 0, counter = 1; sent < rowsPerDevice; counter++) {
      const records = Math.min(present(batchRows[(counter + index) % batchRows.length], "the list repeats"), rowsPerDevice - sent);
      const sessions = Array.from({ length: records / 2 }, (_entry, at) => first + at + 1);
      const list = (cell: (session: number) => string): string => `{${sessions.map(cell).join(",")}}`;
      lane.push({ rows: records, name: "bare", sql: `WITH w AS (${sql}) SELECT count(*) FROM w`, parameters: [`bare-${index}`, list(String), list((s) => `04A22B${s % 100}`), list((s) => String(s % 50_000)), list((s) => `${s % 20}.${s % 10}5`), list(() => "synced"), list((s) => `${s % 100}.${s % 10}5`), list(() => "500")] });
      first += sessions.length;
      sent += records;
    }
    return lane;
  });
  return run(database, lanes);
}
