/*
 * The disk of the database is really full in the middle of an ingest: nothing is acknowledged that is not
 * stored, the server says what is wrong and lives on, and afterwards everything arrives once.
 *
 * Input: a small tmpfs that is filled while a device uploads. Output: answers, rows counted. Invariant: a
 * machine without mount namespaces shows these tests as pending and says why.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row } from "./device_client";
import { type Cluster, postgresBinaries, startCluster } from "./postgres_cluster";
import { canMount, openSmallDisk, type SmallDisk } from "./small_disk";
import { WALLBOX } from "./wallbox_table";

const SECRET = "a secret of the tests only";
const MIB = 1024 * 1024;
const BATCH = 40;

/** A device that uploads batches of new rows and keeps an account of what was acknowledged. */
class Account {
  readonly acknowledged: number[] = [];
  readonly problems: string[] = [];
  sent = 0;
  constructor(readonly box: DeviceClient) {}

  /** Sends the next batch, or again the last one that was not acknowledged; its problem, "" when it was stored. */
  async send(): Promise<string> {
    const numbers = Array.from({ length: BATCH }, (_, index) => this.acknowledged.length + index + 1);
    this.sent = numbers[numbers.length - 1]!;
    const records = numbers.map((number) => row(1, number, 1, number, { 1: { epochS: 1767225600 + number }, 3: { uid: "04A22B91" }, 4: number }));
    const answer = await this.box.send(this.box.signed(Buffer.from(records.join(""), "latin1")));
    if (answer.status === 200) {
      assert.deepEqual(answer.upload.acknowledged, [[numbers[0], this.sent]]);
      this.acknowledged.push(...numbers);
      return "";
    }
    assert.equal(answer.status, 503, answer.body.toString());
    assert.ok(Number(answer.headers.get("retry-after")) > 0);
    this.problems.push(answer.problem);
    return answer.problem;
  }

  /** Sends until three batches in a row are turned away. */
  async untilFull(): Promise<void> {
    for (let batches = 0, refused = 0; refused < 3; batches++) {
      assert.ok(batches < 2000, "the disk did not become full");
      refused = await this.send() === "" ? 0 : refused + 1;
    }
  }
}

const numbersTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);
const mounts = canMount();

(mounts ? describe : describe.skip)("a full disk (embedded database)", function () {
  this.timeout(240_000);
  let disk: SmallDisk;
  let child: ChildProcess;
  let account: Account;
  let token: string;
  let url: string;

  /** A server whose data folder is the disk, with a table, a device and a token. */
  async function start(): Promise<void> {
    const options = { port: 0, secret: SECRET, dataFolder: join(disk.folder, "exosphere") };
    const [command, list] = disk.command([process.execPath, "--import", import.meta.resolve("tsx"), new URL("./starved_process.mts", import.meta.url).pathname, JSON.stringify(options)]);
    child = spawn(command, list, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
    const told = await new Promise<{ url: string; token: string; keyId: string; keyHex: string }>((resolve, reject) => {
      child.once("message", (message) => resolve(message as { url: string; token: string; keyId: string; keyHex: string }));
      child.once("exit", () => reject(new Error("the server process ended")));
    });
    ({ url, token } = told);
    account = new Account(new DeviceClient(url, told.keyId, Buffer.from(told.keyHex, "hex")));
  }

  const order = (text: string): Promise<void> => new Promise((resolve) => {
    child.once("message", () => resolve());
    child.send(text);
  });
  const sessions = async (): Promise<number[]> => {
    const found: number[] = [];
    for (let cursor = ""; ;) {
      const answer = await fetch(`${url}/api/v1/tables/1/rows?limit=500&order=asc&cursor=${cursor}`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(answer.status, 200);
      const page = await answer.json() as { rows: { session: number }[]; next: string | null };
      found.push(...page.rows.map(({ session }) => session));
      if (page.next === null) return found;
      cursor = page.next;
    }
  };

  beforeEach(async () => {
    disk = await openSmallDisk(160 * MIB);
    await start();
  });
  afterEach(() => {
    child.kill("SIGKILL");
    disk.remove();
  });

  it("is said before it is too late: uploads wait with 503, the pages go on, and then everything arrives once", async () => {
    await account.send();
    disk.fill(20 * MIB);
    await account.untilFull();
    assert.deepEqual([...new Set(account.problems)], ["disk-full"]);
    assert.deepEqual(await sessions(), account.acknowledged);
    disk.empty();
    assert.equal(await account.send(), "");
    assert.deepEqual(await sessions(), numbersTo(account.sent));
  });

  it("that lets no file of rows grow costs the batch alone", async () => {
    await account.send();
    await order("think there is room");
    disk.fill(0);
    await account.untilFull();
    assert.deepEqual([...new Set(account.problems)], ["disk-full"]);
    assert.deepEqual(await sessions(), account.acknowledged);
    disk.empty();
    assert.equal(await account.send(), "");
    assert.deepEqual(await sessions(), numbersTo(account.sent));
  });

  it("that lets the log not grow ends the database inside the process, not the process: a new one recovers", async () => {
    await account.send();
    await order("think there is room");
    await order("fill log");
    disk.fill(6 * MIB);
    for (let batches = 0; await account.send() === ""; batches++) assert.ok(batches < 500, "the log did not become full");
    disk.empty();
    assert.equal(await account.send(), "");
    assert.deepEqual(await sessions(), numbersTo(account.sent));
  });
});

const binaries = postgresBinaries();
(mounts && binaries !== undefined ? describe : describe.skip)("a full disk (PostgreSQL server)", function () {
  this.timeout(240_000);
  let disk: SmallDisk;
  let cluster: Cluster;
  let server: RunningServer;
  let account: Account;
  const sessions = async (): Promise<number[]> =>
    (await server.database.query<{ n: number }>("SELECT _session AS n FROM public.\"wallbox sessions\" ORDER BY 1")).map(({ n }) => n);

  beforeEach(async () => {
    disk = await openSmallDisk(110 * MIB);
    cluster = startCluster(binaries!, disk);
    server = await startServer({ port: 0, secret: SECRET, databaseUrl: cluster.createDatabase(), onFault: () => undefined });
    await createTable(server.database, WALLBOX, "test");
    account = new Account(await DeviceClient.create(server, "box"));
  });
  afterEach(async () => {
    await server.close().catch(() => undefined);
    cluster.remove();
    disk.remove();
  });

  /** PostgreSQL ends itself when its log has no room; its operator starts it again. */
  async function recover(): Promise<void> {
    disk.empty();
    cluster.revive();
    assert.deepEqual((await sessions()).slice(0, account.acknowledged.length), account.acknowledged);
    assert.equal(await account.send(), "");
    assert.equal(await account.send(), "");
    assert.deepEqual(await sessions(), numbersTo(account.sent));
  }

  for (const [what, leave] of [["lets no file of rows grow", 0], ["becomes full by the uploads themselves", 3 * MIB]] as const) {
    it(`that ${what} is answered 503, nothing is acknowledged that is not stored, and then everything arrives once`, async () => {
      await account.send();
      disk.fill(leave);
      await account.untilFull();
      assert.ok(account.problems.includes("disk-full"), account.problems.join(" "));
      await recover();
    });
  }

  it("that lets the log not grow ends PostgreSQL: uploads are answered 503 until it runs again, and then everything arrives once", async () => {
    await account.send();
    disk.fill(300_000);
    await assert.rejects(server.database.query("SELECT pg_logical_emit_message(true, 'test', repeat('x', 6000000))"));
    await account.untilFull();
    await recover();
  });
});
