/*
 * A PostgreSQL that is silent, locked or read-only: the devices are told to come back, others are served, and
 * everything goes on without a restart.
 *
 * Input: a server behind a relay that swallows, a lock that is held, a database that is switched to read-only.
 * Output: statuses of uploads. Invariant: what was answered 200 is stored, nothing is answered 500.
 */
import assert from "node:assert/strict";
import net from "node:net";
import pg from "pg";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row } from "./device_client";
import { type Cluster, postgresBinaries, startCluster } from "./postgres_cluster";
import { EVENTS } from "./wallbox_table";

const binaries = postgresBinaries();

/** Passes everything on, until it is told to swallow what the connections of now carry. */
class Relay {
  private readonly pairs = new Set<{ near: net.Socket; far: net.Socket; swallows: boolean }>();
  private readonly server: net.Server;
  constructor(socketPath: string) {
    this.server = net.createServer((near) => {
      const pair = { near, far: net.connect(socketPath), swallows: false };
      this.pairs.add(pair);
      near.on("data", (bytes) => { if (!pair.swallows) pair.far.write(bytes); });
      pair.far.on("data", (bytes) => { if (!pair.swallows) near.write(bytes); });
      const end = (): void => { this.pairs.delete(pair); near.destroy(); pair.far.destroy(); };
      for (const socket of [near, pair.far]) socket.on("close", end).on("error", () => undefined);
    });
  }
  listen(): Promise<number> {
    return new Promise((resolve) => { this.server.listen(0, "127.0.0.1", () => { resolve((this.server.address() as net.AddressInfo).port); }); });
  }
  swallow(): number {
    for (const pair of this.pairs) pair.swallows = true;
    return this.pairs.size;
  }
  close(): void {
    this.server.close();
    for (const { near, far } of this.pairs) { near.destroy(); far.destroy(); }
  }
}

(binaries === undefined ? describe.skip : describe)("a PostgreSQL that does not do its work", function () {
  this.timeout(180_000);
  let cluster: Cluster;
  let url: URL;
  let relay: Relay;
  let server: RunningServer;
  let direct: pg.Client;
  let alpha: DeviceClient;
  let beta: DeviceClient;
  let sequence = 0;
  const post = async (device: DeviceClient): Promise<number> => {
    const answer = await device.send(device.signed(Buffer.from(row(3, ++sequence, 2, 0, { 1: { epochS: 1_767_225_600 } }), "latin1")));
    if (answer.status === 503) assert.match(answer.headers.get("retry-after") ?? "", /^\d+$/);
    return answer.status;
  };

  before(async () => {
    cluster = startCluster(binaries!);
    url = new URL(cluster.createDatabase().replace("@/", "@localhost/"));
    const folder = url.searchParams.get("host")!;
    relay = new Relay(`${folder}/.s.PGSQL.5432`);
    server = await startServer({ port: 0, secret: "a secret of the tests only", connections: 3, databaseUrl: `postgres://postgres@127.0.0.1:${await relay.listen()}${url.pathname}`, onFault: () => undefined });
    direct = new pg.Client({ host: folder, user: "postgres", database: url.pathname.slice(1) });
    direct.on("error", () => undefined);
    await direct.connect();
    await createTable(server.database, EVENTS, "test");
    [alpha, beta] = [await DeviceClient.create(server, "alpha"), await DeviceClient.create(server, "beta")];
  });
  after(async () => {
    await direct.end();
    await server.close();
    relay.close();
    cluster.remove();
  });

  it("serves other devices while another connection locks the row of one", async () => {
    await direct.query("BEGIN");
    await direct.query("SELECT 1 FROM exosphere.device WHERE id = 'alpha' FOR UPDATE");
    const tries = Promise.all(Array.from({ length: 8 }, () => post(alpha)));
    while ((await direct.query("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'")).rowCount === 0);
    assert.deepEqual([await post(beta), await post(beta)], [200, 200]);
    assert.deepEqual(new Set(await tries), new Set([503]));
    await direct.query("ROLLBACK");
    assert.equal(await post(alpha), 200);
  });

  it("finds new connections when the old ones have gone silent", async () => {
    await Promise.all(Array.from({ length: 6 }, () => post(beta)));
    assert.equal(relay.swallow(), 3, "all connections of the pool");
    assert.equal(await post(beta), 503);
    assert.deepEqual([await post(beta), await post(alpha)], [200, 200]);
  });

  it("is told to come back by a database that is read-only, and says so to people", async () => {
    const name = url.pathname.slice(1);
    const reset = async (sql: string): Promise<void> => {
      await direct.query(sql);
      await direct.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'exosphere'");
      // Each of the three connections is found dead once at most.
      for (let tries = 0; tries < 4 && await server.database.query("SELECT 1").then(() => false, () => true); tries++);
    };
    await reset(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
    const answers = [await post(beta), await post(beta)];
    await reset(`ALTER DATABASE ${name} RESET default_transaction_read_only`);
    assert.deepEqual(answers, [503, 503]);
    assert.match(server.context.faults.list().map(({ what }) => what).join("\n"), /The database is read-only; nothing was stored\./);
    assert.equal(await post(beta), 200);
  });

  it("keeps to a limit that the owner of the database has set", async () => {
    const [limits] = await server.database.query("SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock, current_setting('idle_in_transaction_session_timeout') AS idle");
    assert.deepEqual(limits, { statement: "12s", lock: "4s", idle: "30s" });
    const role = "ALTER ROLE postgres SET statement_timeout = '7s'";
    await direct.query(role);
    const other = await startServer({ port: 0, secret: "a secret of the tests only", databaseUrl: `postgres://postgres@/${url.pathname.slice(1)}?host=${encodeURIComponent(url.searchParams.get("host")!)}` });
    const [kept] = await other.database.query("SELECT current_setting('statement_timeout') AS statement");
    await other.close();
    await direct.query("ALTER ROLE postgres RESET statement_timeout");
    assert.deepEqual(kept, { statement: "7s" });
  });

  it("answers 503 while the server is gone, and goes on when it is back", async () => {
    cluster.stop("immediate");
    assert.equal(await post(beta), 503);
    cluster.start();
    direct = new pg.Client({ host: url.searchParams.get("host")!, user: "postgres", database: url.pathname.slice(1) });
    await direct.connect();
    let status = 0;
    while (status !== 200) status = await post(beta);
  });
});
