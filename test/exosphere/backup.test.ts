/*
 * Backup and restore: from one kind of database to the other, and of an endpoint whose folder is gone.
 *
 * Input: endpoints with rows, people and devices; backups, whole and damaged. Output: test results. Invariants: what is
 * restored is line for line what was backed up; a restore that cannot be done changes nothing.
 */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { backUp, restore } from "../../exosphere/backup/backup_file";
import { backupLines } from "../../exosphere/backup/backup_lines";
import { runCommand } from "../../exosphere/commands";
import type { Database } from "../../exosphere/database/database";
import { openEmbedded } from "../../exosphere/database/embedded_database";
import { openPostgres } from "../../exosphere/database/postgres";
import { savePerson } from "../../exosphere/people/user_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { DeviceClient, row, status } from "./device_client";
import { type Cluster, postgresBinaries, startCluster } from "./postgres_cluster";
import { EVENTS, WALLBOX } from "./wallbox_table";

const NOW_S = 1767225600;
const SECRET = "a secret of the tests only";

async function linesOf(database: Database): Promise<string[]> {
  return database.snapshot(async (queryable) => {
    const lines: string[] = [];
    for await (const text of backupLines(queryable, NOW_S)) lines.push(...text.split("\n").filter((line) => line !== ""));
    return lines;
  });
}

/** Something in every kind of table: digits, texts of all sorts, open sessions, refused rows, people. */
async function fill(server: RunningServer): Promise<DeviceClient> {
  for (const table of [WALLBOX, EVENTS]) await createTable(server.database, table, "test");
  await savePerson(server.database, undefined, { fields: { name: "Jürgen \"J\" O'Neill" }, cards: ["04A22B91"] }, "test");
  const box = await DeviceClient.create(server, "garage");
  await box.upload(status({ 0: 1, 1: 60, 8: NOW_S, 9: "clock" }), row(1, 1, 1, 1, { 1: { epochS: NOW_S - 900 }, 3: { uid: "04A22B91" } }), row(2, 2, 1, 1, { 2: { epochS: NOW_S - 60 }, 4: 4294967295, 5: 385, 7: "-0.000000000000000000000000000001" }));
  await box.upload(row(3, 3, 2, 1, { 3: { text: "tab\t\\ \u2028 {\"a\":null}" }, 6: { text: "" } }), row(3, 4, 99, 1, { 1: 5 }), row(1, 5, 1, 2, { 1: { boot: 1, uptimeS: 30 } }));
  return box;
}

describe("backup and restore", function () {
  this.timeout(180_000);
  let folder: string;
  const open: { close: () => Promise<void> }[] = [];
  const binaries = postgresBinaries();
  let cluster: Cluster | undefined;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "exosphere-restore-"));
    if (binaries !== undefined) cluster = startCluster(binaries);
  });
  after(async () => {
    await Promise.all(open.map((one) => one.close()));
    cluster?.remove();
    rmSync(folder, { recursive: true });
  });

  async function started(options: { databaseUrl?: string; dataFolder?: string }): Promise<RunningServer> {
    const server = await startServer({ port: 0, secret: SECRET, nowS: () => NOW_S, ...options });
    open.push(server);
    return server;
  }

  for (const [title, from, to] of [["the embedded database to a PostgreSQL server", "embedded", "server"], ["a PostgreSQL server to the embedded database", "server", "embedded"]] as const) {
    (binaries === undefined ? it.skip : it)(`brings everything from ${title}, and the board goes on`, async () => {
      const old = await started(from === "server" ? { databaseUrl: cluster!.createDatabase() } : {});
      const box = await fill(old);
      const before = await linesOf(old.database);
      const file = join(folder, `${from}.gz`);
      await backUp(old.database, file, NOW_S);
      const target = to === "server" ? { databaseUrl: cluster!.createDatabase() } : { dataFolder: join(folder, "restored") };
      const database = target.databaseUrl === undefined ? await openEmbedded(target.dataFolder) : openPostgres(target.databaseUrl, 1);
      try {
        assert.equal(await restore(database, SECRET, file), before.filter((line) => line.startsWith("[")).length);
        assert.deepEqual(await linesOf(database), before);
      } finally {
        await database.close();
      }
      box.url = (await started(target)).url;
      const answer = await box.upload(status({ 0: 1, 1: 70 }), row(1, 5, 1, 2, { 1: { boot: 1, uptimeS: 30 } }), row(2, 6, 1, 2, { 2: { epochS: NOW_S }, 4: 10 }));
      assert.deepEqual([answer.acknowledged, answer.refused, answer.last, answer.users], [[[5, 6]], [], [1, 6, 2], 1]);
    });
  }

  it("brings an endpoint back whose folder is gone, from a backup that the running one made", async () => {
    const dataFolder = join(folder, "house");
    const options = { dataFolder, port: 0 };
    const running = await startServer({ ...options, nowS: () => NOW_S });
    const box = await fill(running);
    await saveAccount(running.database, "backups", "a long enough pass phrase", "admin", "test");
    const token = await issueSecret(running.database, "backups", "token", "", running.context.accountNowS(), 3600);
    const port = Number(new URL(running.url).port);
    const file = join(folder, "house.gz");
    await assert.rejects(runCommand("backup", [file], { ...options, port }, undefined), /the endpoint runs on this data folder: set EXOSPHERE_TOKEN/);
    assert.match(await runCommand("backup", [file], { ...options, port }, token), /written by the running endpoint\. The secret is not in it/);
    await assert.rejects(runCommand("backup", [file], { ...options, port }, token), /house\.gz exists/);
    const secret = readFileSync(join(dataFolder, "secret"), "utf8");
    assert.ok(!gunzipSync(readFileSync(file)).includes(secret));
    assert.deepEqual((await running.database.query("SELECT actor, action FROM exosphere.audit ORDER BY id DESC LIMIT 1")), [{ actor: "backups", action: "backup.create" }]);
    // The disk dies; one more row was acknowledged since the backup, the next one is still on the board.
    await box.upload(row(2, 6, 1, 2, { 4: 1 }));
    await running.close();
    rmSync(dataFolder, { recursive: true });
    await assert.rejects(runCommand("restore", [file], options, undefined), /the secret of the old endpoint is missing: put it into .*secret/);
    assert.equal(existsSync(dataFolder), false, "a restore that failed leaves no empty folder");
    mkdirSync(dataFolder);
    writeFileSync(join(dataFolder, "secret"), secret);
    assert.match(await runCommand("restore", [file], options, undefined), /^\d+ rows restored/);
    const back = await startServer({ ...options, nowS: () => NOW_S });
    open.push(back);
    box.url = back.url;
    assert.deepEqual((await box.upload(row(1, 7, 1, 3, { 1: { epochS: NOW_S } }))).acknowledged, [[7, 7]]);
    assert.deepEqual(await back.database.query("SELECT _session, _start_sequence AS s, _end_sequence AS e, energy, reading FROM public.\"wallbox sessions\" ORDER BY 1"), [
      { _session: 1, s: 1, e: 2, energy: 4294967295, reading: "-0.000000000000000000000000000001" }, { _session: 2, s: 5, e: null, energy: null, reading: null }, { _session: 3, s: 7, e: null, energy: null, reading: null },
    ]);
    await assert.rejects(runCommand("restore", [file], { dataFolder: join(folder, "none", "deep"), secret: "another secret than theirs" }, undefined), /this secret is not the one/);
    assert.equal(existsSync(join(folder, "none")), false);
    mkdirSync(join(folder, "kept"));
    await assert.rejects(runCommand("restore", [file], { dataFolder: join(folder, "kept"), secret: "another secret than theirs" }, undefined), /this secret is not the one/);
    assert.equal(existsSync(join(folder, "kept")), true, "a folder that was there before stays");
  });

  it("says of a running endpoint on another port which variable to set", async () => {
    const dataFolder = join(folder, "elsewhere");
    open.push(await startServer({ dataFolder, port: 0 }));
    const free = createServer();
    await new Promise<void>((resolve) => { free.listen(0, "127.0.0.1", resolve); });
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => { free.close(resolve); });
    const file = join(folder, "elsewhere.gz");
    await assert.rejects(runCommand("backup", [file], { dataFolder, port }, "any token"), { message: `EXOSPHERE_PORT: the endpoint that runs on this data folder does not answer at http://127.0.0.1:${port}; set it to the port that the endpoint listens on` });
    assert.ok(!existsSync(file));
  });

  it("refuses what is no whole backup of this version, or a database that is not empty, and changes nothing", async () => {
    const server = await started({});
    await fill(server);
    const lines = await linesOf(server.database);
    const head = JSON.parse(lines[0]!) as object;
    const whole = gzipSync(lines.join("\n"));
    for (const [name, bytes, said] of [
      ["words", gzipSync("hello\n"), /this is not a backup of the endpoint/], ["empty", gzipSync(""), /this is not a backup/], ["noGzip", Buffer.from(lines.join("\n")), /no whole gzip file/],
      ["cut", whole.subarray(0, whole.length >> 1), /no whole gzip file/], ["short", gzipSync(lines.slice(0, 20).join("\n")), /the backup is incomplete: its end is missing/],
      ["lessRows", gzipSync(lines.filter((line) => !line.startsWith("[\"garage\"")).join("\n")), /says that it has \d+ rows, and has \d+|foreign key/],
      ["newer", gzipSync([JSON.stringify({ ...head, migration: 9999 }), ...lines.slice(1)].join("\n")), /made by a newer version of the endpoint/],
    ] as const) {
      const file = join(folder, name);
      writeFileSync(file, bytes);
      const database = await openEmbedded(undefined);
      await assert.rejects(restore(database, SECRET, file), said, name);
      assert.deepEqual(await database.query("SELECT nspname FROM pg_namespace WHERE nspname = 'exosphere'"), [], name);
      await database.close();
    }
    const file = join(folder, "whole");
    writeFileSync(file, whole);
    await assert.rejects(restore(server.database, SECRET, file), /there is an endpoint's database already/);
    await assert.rejects(runCommand("backup", [join(folder, "x")], { dataFolder: join(folder, "nowhere") }, undefined), /there is no database in .*nowhere/);
    assert.ok(!existsSync(join(folder, "nowhere")), "a backup makes no new database");
    await assert.rejects(runCommand("erase", [], {}, undefined), /^Error: "erase" is no command.*backup FILE/);
  });
});
