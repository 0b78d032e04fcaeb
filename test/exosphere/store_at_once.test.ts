/*
 * A batch is stored by one statement or by many: the outcome is the same.
 *
 * Input: random histories of uploads, with a printed seed, to two servers of which one never takes the short way.
 * Output: test results. Invariant: answers and every table of the endpoint are compared, whichever way was taken.
 */
import assert from "node:assert/strict";
import type { Database } from "../../exosphere/database/database";
import { findKey } from "../../exosphere/devices/device_store";
import { readBatch } from "../../exosphere/ingest/batch";
import { ingest } from "../../exosphere/ingest/ingest";
import { StatementCache } from "../../exosphere/ingest/one_statement";
import { createDevice, revokeKey } from "../../exosphere/devices/device_store";
import { alterTable, createTable } from "../../exosphere/tables/table_store";
import { createRandom, type Random } from "../../tools/emulator/random";
import { bothDatabases } from "./both_databases";
import { type CellValue, row, status } from "./device_client";
import { EVENTS, WALLBOX } from "./wallbox_table";

const NOW_S = 1767225600;
const SEED = Number(process.env.SDC_SEED ?? 20261130);
/** Of the 120 uploads that the seed above makes, those that one statement cannot store: with refusals, facts, repeats of a nonce. */
const LONG_WAY = 96;

/** Finds no statement, so that each batch takes the long way. */
class NoStatements extends StatementCache {
  override find(): Promise<undefined> {
    return Promise.resolve(undefined);
  }
}

/** Counts the statements of more than a look that a database is asked. */
function counted(database: Database): { database: Database; transactions: () => number } {
  let transactions = 0;
  return { transactions: () => transactions, database: { ...database, transaction: (work, patience) => { transactions++; return database.transaction(work, patience); } } };
}

async function upload(database: Database, secret: string, statements: StatementCache, keyId: string, boot: number, counter: number, body: string): Promise<unknown> {
  const key = (await findKey(database, secret, keyId))!;
  const batch = readBatch(Buffer.from(body, "latin1"));
  assert.ok(typeof batch !== "string", String(batch));
  const signature = { boot, counter, keyId, created: undefined, components: [], parameterList: [], signature: Buffer.from(`${boot}.${counter}`) };
  try {
    return await ingest(database, statements, key, signature, batch, NOW_S);
  } catch (error) {
    return { error: (error as { problem?: string }).problem ?? String(error) };
  }
}

async function contents(database: Database): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const [table, columns] of [
    ["public.\"wallbox sessions\"", "*"], ["public.\"wallbox events\"", "*"], ["exosphere.record_content", "*"], ["exosphere.rollup", "device, table_id, day, version <> summed AS stale"], ["exosphere.undated", "*"], ["exosphere.boot_seen", "*"],
    ["exosphere.quarantine", "device, sequence, reason, kind, session"], ["exosphere.device", "id, last_contact, boot, uptime_s, pending, clock_offset_s, command_taken, opens_sealed, last_sequence, last_session, nonce_boot, nonce_counter, nonce_signature, dating_open"],
  ] as const) found[table] = await database.query(`SELECT ${columns} FROM ${table} ORDER BY 1, 2, 3`);
  return found;
}

/** A text that any column could get, hostile ones among them. */
function cellOf(random: Random, column: number): CellValue {
  if (column <= 2) return random.below(8) === 0 ? { boot: 1, uptimeS: random.below(1000) } : { epochS: 1767000000 + random.below(200_000) };
  if (column === 3) return random.below(2) === 0 ? { uid: "04A22B91" } : { text: ["NULL", "{a,b}", "\"quoted\" \\ back", "", "Köpenick", "a,b"][random.below(6)]! };
  if (column === 6) return { text: "synced" };
  if (column === 7) return random.below(30) === 0 ? { text: "no number" } : "7.45";
  return random.below(50) === 0 ? null : random.below(50_000);
}

function cells(random: Random, columns: number[]): Record<number, CellValue> {
  return Object.fromEntries(columns.filter(() => random.below(6) > 0).map((column) => [column, cellOf(random, column)]));
}

/** Sessions and events as boards send them, and now and then what no board should. */
function* bodies(random: Random): Generator<string> {
  let [sequence, session] = [0, 0];
  let isOpen = false;
  for (;;) {
    let body = random.below(4) === 0 ? status({ 0: 1 + random.below(3), 1: random.below(5000), 4: random.below(9), 8: NOW_S + random.below(5), ...random.below(2) === 0 ? { 15: random.below(3) } : {} }) : "";
    if (random.below(12) === 0) sequence -= Math.min(sequence, random.below(4));
    for (let left = random.below(7); left > 0; left--) {
      const odd = random.below(40);
      if (odd === 1) session -= Math.min(session, random.below(3));
      sequence++;
      if (random.below(12) === 0) { body += row(3, sequence, random.below(20) === 0 ? 99 : 2, session, cells(random, [1, 3, 4])); continue; }
      if (!isOpen) session++;
      body += isOpen ? row(2, sequence, 1, session, cells(random, [2, 4, 5, 7, 8])) : row(1, sequence, 1, session, cells(random, [1, 3, 6]));
      isOpen = odd === 2 ? isOpen : !isOpen;
    }
    yield body;
  }
}

bothDatabases("a batch in one statement", (site) => {
  async function prepared(): Promise<{ database: Database; secret: string; keyId: string }> {
    const server = await site.start({ nowS: () => NOW_S });
    for (const table of [WALLBOX, EVENTS]) await createTable(server.database, table, "test");
    const { keyId } = await createDevice(server.database, server.secret, "garage", undefined, "test");
    return { database: server.database, secret: server.secret, keyId };
  }

  it(`leaves the same answers and the same database as many statements, over random histories (SDC_SEED=${SEED})`, async () => {
    const [short, long] = [await prepared(), await prepared()];
    const [watched, statements, none] = [counted(short.database), new StatementCache(), new NoStatements()];
    const random = createRandom(SEED);
    const stream = bodies(random);
    let before = "";
    let counter = 0;
    for (let step = 0; step < 120; step++) {
      // A lost answer: the same body again, under the same nonce or the next.
      const repeats = before !== "" && random.below(10) === 0;
      const body = repeats ? before : String(stream.next().value);
      if (!repeats || random.below(2) === 0) counter++;
      before = body;
      const answers = [await upload(watched.database, short.secret, statements, short.keyId, 1, counter, body), await upload(long.database, long.secret, none, long.keyId, 1, counter, body)];
      assert.deepEqual(answers[0], answers[1], `step ${step}`);
    }
    assert.deepEqual(await contents(short.database), await contents(long.database));
    if (process.env.SDC_SEED === undefined) assert.equal(watched.transactions(), LONG_WAY, "uploads that took the long way");
  });

  it("takes no transaction for a plain batch, with a status and an end whose start came before", async () => {
    const { database, secret, keyId } = await prepared();
    const { database: watched, transactions } = counted(database);
    const statements = new StatementCache();
    await upload(watched, secret, statements, keyId, 1, 1, row(1, 1, 1, 1, { 1: { epochS: 1767225000 }, 3: { uid: "04A22B91" } }));
    assert.equal(transactions(), 1, "the first use of a key is written down");
    assert.deepEqual(await upload(watched, secret, statements, keyId, 1, 2, status({ 0: 1, 1: 60 }) + row(2, 2, 1, 1, { 2: { epochS: 1767225300 }, 4: 1500 }) + row(1, 3, 1, 2, { 1: { epochS: 1767225400 } })),
      { acknowledged: [2, 3], refused: [], last: [1, 3, 2], users: 0, configuration: 0, firmware: 0, commands: [], minIntervalS: undefined });
    assert.equal(transactions(), 1);
    assert.deepEqual(await database.query("SELECT _session, _start_sequence AS s, _end_sequence AS e, energy FROM public.\"wallbox sessions\" ORDER BY 1"), [{ _session: 1, s: 1, e: 2, energy: 1500 }, { _session: 2, s: 3, e: null, energy: null }]);
  });

  it("stores nothing at once that was planned before the device or the table changed", async () => {
    const { database, secret, keyId } = await prepared();
    const statements = new StatementCache();
    const start = (sequence: number): string => row(1, sequence, 1, sequence, { 1: { epochS: 1767225000 } });
    await upload(database, secret, statements, keyId, 1, 1, start(1));
    await upload(database, secret, statements, keyId, 1, 2, start(2));
    await alterTable(database, 1, { ...WALLBOX, name: "sessions of the house", columns: [...WALLBOX.columns.slice(1), { ...WALLBOX.columns[0]!, name: "begin" }] }, "test");
    await upload(database, secret, statements, keyId, 1, 3, start(3));
    assert.deepEqual(await database.query("SELECT _session, to_char(\"begin\" AT TIME ZONE 'UTC', 'HH24:MI') AS begin FROM public.\"sessions of the house\" ORDER BY 1"), [{ _session: 1, begin: "23:50" }, { _session: 2, begin: "23:50" }, { _session: 3, begin: "23:50" }]);
    // Checked with the key, which is then revoked before the rows are stored.
    const key = (await findKey(database, secret, keyId))!;
    await revokeKey(database, "garage", keyId, "test");
    const batch = readBatch(Buffer.from(start(4), "latin1"));
    const signature = { boot: 1, counter: 9, keyId, created: undefined, components: [], parameterList: [], signature: Buffer.from("x") };
    await assert.rejects(ingest(database, statements, key, signature, batch as Exclude<typeof batch, string>, NOW_S), { problem: "key-revoked" });
    assert.equal((await database.query("SELECT 1 FROM public.\"sessions of the house\"")).length, 3);
  });
});
