/*
 * The server is killed in the middle of a transaction, the database goes away under it: afterwards every
 * acknowledged row is there, and every row once.
 *
 * Input: servers in processes of their own, SIGKILL, an immediate stop of PostgreSQL. Output: rows counted.
 * Invariant: what was acknowledged before the fault is there before anything is sent again.
 */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import fs, { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import sinon from "sinon";
import { type RunningServer, type ServerOptions, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row } from "./device_client";
import { type Cluster, postgresBinaries, startCluster } from "./postgres_cluster";
import { WALLBOX } from "./wallbox_table";

const SECRET = "a secret of the tests only";
const children: ChildProcess[] = [];

async function startProcess(options: ServerOptions): Promise<{ url: string; kill(): Promise<void> }> {
  const child = fork(new URL("./server_process.mts", import.meta.url), [JSON.stringify({ port: 0, secret: SECRET, ...options })], { execArgv: ["--import", "tsx"] });
  children.push(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.once("message", (message: { url: string }) => resolve(message.url));
    child.once("exit", () => reject(new Error("the server process ended")));
  });
  return {
    url,
    kill: () => new Promise((resolve) => {
      child.removeAllListeners("exit");
      child.once("exit", () => resolve());
      child.kill("SIGKILL");
    }),
  };
}

const rowText = (number: number): string => row(1, number, 1, number, { 1: { epochS: 1767225600 + number }, 4: number });
const stored = async (server: RunningServer): Promise<number[]> =>
  (await server.database.query<{ n: number }>("SELECT _session AS n FROM public.\"wallbox sessions\" ORDER BY 1")).map(({ n }) => n);

describe("faults (embedded database)", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "exosphere-fault-"));
  after(() => {
    children.forEach((child) => child.kill("SIGKILL"));
    rmSync(folder, { recursive: true, force: true });
  });

  it("has every acknowledged row after the process was killed, and takes the others once", async () => {
    let server = await startServer({ port: 0, secret: SECRET, dataFolder: folder });
    await createTable(server.database, WALLBOX, "test");
    const box = await DeviceClient.create(server, "box");
    await server.close();
    const acknowledged = new Set<number>();
    for (let round = 0; round < 3; round++) {
      const victim = await startProcess({ dataFolder: folder });
      box.url = victim.url;
      let killed: Promise<void> | undefined;
      for (let batch = 0; batch < 12; batch++) {
        const first = round * 100 + batch * 5 + 1;
        const numbers = [0, 1, 2, 3, 4].map((offset) => first + offset);
        const sending = box.upload(...numbers.map(rowText)).then(() => numbers.forEach((number) => acknowledged.add(number)));
        // Killed while the seventh request is under way, at any of its statements.
        if (batch === 6) killed = victim.kill();
        try {
          await sending;
        } catch {
          // The connection broke: exactly what this test is about.
          break;
        }
      }
      await killed;
      server = await startServer({ port: 0, secret: SECRET, dataFolder: folder });
      const there = new Set(await stored(server));
      for (const number of acknowledged) assert.ok(there.has(number), `row ${number} was acknowledged and is gone`);
      await server.close();
    }
    server = await startServer({ port: 0, secret: SECRET, dataFolder: folder });
    box.url = server.url;
    const all = [0, 1, 2].flatMap((round) => Array.from({ length: 60 }, (_, index) => round * 100 + index + 1));
    for (let at = 0; at < all.length; at += 60) await box.upload(...all.slice(at, at + 60).map(rowText));
    assert.deepEqual(await stored(server), all);
    await server.close();
  });
});

describe("the embedded database in a folder", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "exosphere-folder-"));
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it("has a commit on the disk before it acknowledges it", async () => {
    const server = await startServer({ port: 0, secret: SECRET, dataFolder: folder });
    await createTable(server.database, WALLBOX, "test");
    const box = await DeviceClient.create(server, "box");
    const sync = sinon.spy(fs, "fsyncSync");
    try {
      await box.upload(rowText(1));
      assert.ok(sync.callCount > 0, "nothing was synchronised");
      sync.resetHistory();
      await server.database.query("SELECT 1");
      assert.equal(sync.callCount, 0);
    } finally {
      sync.restore();
      await server.close();
    }
  });

  it("belongs to one process at a time, and to the next when that one is gone", async () => {
    const server = await startServer({ port: 0, secret: SECRET, dataFolder: folder });
    await assert.rejects(startServer({ port: 0, secret: SECRET, dataFolder: folder }), /is in use by process \d+ on /);
    await server.close();
    await (await startServer({ port: 0, secret: SECRET, dataFolder: folder })).close();
  });

  it("refuses another secret at once, and tells why", async () => {
    await assert.rejects(startServer({ port: 0, secret: "quite another secret", dataFolder: folder }), /not the one/);
  });
});

const binaries = postgresBinaries();
(binaries === undefined ? describe.skip : describe)("faults (PostgreSQL server)", function () {
  this.timeout(120_000);
  let cluster: Cluster;
  let url: string;
  let server: RunningServer;
  let box: DeviceClient;

  before(async () => {
    cluster = startCluster(binaries!);
    url = cluster.createDatabase();
    server = await startServer({ port: 0, secret: SECRET, databaseUrl: url, onFault: () => undefined });
    await createTable(server.database, WALLBOX, "test");
    box = await DeviceClient.create(server, "box");
  });
  after(async () => {
    children.forEach((child) => child.kill("SIGKILL"));
    await server.close().catch(() => undefined);
    cluster.remove();
  });

  /** Holds the totals: an upload writes its rows, and waits. */
  async function block(): Promise<pg.Client> {
    const blocker = new pg.Client({ connectionString: url });
    blocker.on("error", () => undefined);
    await blocker.connect();
    await blocker.query("BEGIN; LOCK TABLE exosphere.rollup IN ACCESS EXCLUSIVE MODE");
    return blocker;
  }
  async function untilBlocked(): Promise<void> {
    for (;;) {
      // Not by the text of the query: the server keeps its first 1,024 bytes.
      const waiting = await server.database.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND pid <> pg_backend_pid()");
      if (waiting.length > 0) return;
    }
  }

  it("stores nothing of a batch whose server was killed inside the transaction", async () => {
    const victim = await startProcess({ databaseUrl: url });
    const blocker = await block();
    box.url = victim.url;
    const sending = assert.rejects(box.upload(...[1, 2, 3].map(rowText)));
    await untilBlocked();
    await victim.kill();
    await sending;
    await blocker.query("ROLLBACK");
    await blocker.end();
    assert.deepEqual(await stored(server), []);
    box.url = server.url;
    await box.upload(...[1, 2, 3].map(rowText));
    assert.deepEqual(await stored(server), [1, 2, 3]);
  });

  it("answers 503 while the database is away, and serves again when it is back", async () => {
    cluster.stop("immediate");
    const answer = await box.send(box.signed(Buffer.from(rowText(4), "latin1")));
    assert.equal(answer.status, 503);
    assert.equal(answer.problem, "not-ready");
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    cluster.start();
    await box.upload(rowText(4));
    assert.deepEqual(await stored(server), [1, 2, 3, 4]);
  });

  it("stores nothing of a batch in whose transaction the database was restarted, answers 503, and takes it once afterwards", async () => {
    await block();
    const sending = box.send(box.signed(Buffer.from([5, 6].map(rowText).join(""), "latin1")));
    await untilBlocked();
    cluster.stop("immediate");
    const answer = await sending;
    assert.deepEqual([answer.status, answer.problem], [503, "not-ready"]);
    cluster.start();
    assert.deepEqual(await stored(server), [1, 2, 3, 4]);
    await box.upload(...[5, 6].map(rowText));
    assert.deepEqual(await stored(server), [1, 2, 3, 4, 5, 6]);
  });

  it("lives on when the database ends a connection between two statements of a transaction", async () => {
    const before = await stored(server);
    await assert.rejects(server.database.transaction(async (queryable) => {
      const [own] = await queryable.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
      await server.database.query("SELECT pg_terminate_backend($1)", [own!.pid]);
      while ((await server.database.query("SELECT 1 FROM pg_stat_activity WHERE pid = $1", [own!.pid])).length > 0);
      await queryable.query("SELECT 1");
    }), /terminat|closed|not queryable/);
    assert.deepEqual(await stored(server), before);
  });
});
