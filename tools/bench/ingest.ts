/*
 * `npm run bench -- ingest`: signed uploads into both databases, beside the limits of the same run and one INSERT per row.
 *
 * Input: --rows (per measurement, 20,000), --devices (16), --sizes (row counts to measure at, "10000,100000,1000000"),
 * --only pglite|postgres. Output: tables for docs/BENCHMARKS.md. Invariants: digest, signature, nonce and
 * idempotence are on, as in service; limits and rival write the same rows over the same kind of connection.
 */
import { fork } from "node:child_process";
import pg from "pg";
import { createDevice } from "../../exosphere/devices/device_store";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { postgresBinaries, startCluster } from "../../test/exosphere/postgres_cluster";
import { WALLBOX } from "../../test/exosphere/wallbox_table";
import { fillTo, measurePages } from "./ingest_pages";
import { cpuMsSince, serverCpuMs } from "./cpu_time";
import type { LoadOrder } from "./ingest_batches";
import { measureRowsOnly, measureStatement } from "./ingest_limits";
import type { LoadReport } from "./ingest_load";

const BATCH_ROWS = [8, 32, 64, 128];
const NO_LIMIT = { deviceRequestsPerMinute: 1e9, pageRequestsPerMinute: 1e9 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function percentile(values: number[], share: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!.toFixed(1);
}

function runLoad(order: LoadOrder): Promise<LoadReport> {
  return new Promise((resolve, reject) => {
    const child = fork(new URL("./ingest_load.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
    child.once("message", (report: LoadReport) => {
      resolve(report);
      child.disconnect();
    });
    child.once("exit", (code) => { if (code !== 0) reject(new Error("the load process failed")); });
    child.send(order);
  });
}

/** Milliseconds of processor time for 1,000 records: load, server, PostgreSQL. */
interface Cost { load: number; server: number; database: number }

function line(name: string, stored: number, report: LoadReport, cost?: Cost): void {
  const per = (ms: number): string => (ms / report.rows * 1000).toFixed(0);
  const cpu = cost === undefined ? " | | | " : `${per(cost.load)} | ${per(cost.server)} | ${per(cost.database)} | ${per(cost.load + cost.server + cost.database)}`;
  say(`| ${name} | ${stored.toLocaleString("en")} | ${Math.round(report.rows / report.totalMs * 1000).toLocaleString("en")} | ${percentile(report.batchMs, 0.5)} | ${percentile(report.batchMs, 0.99)} | ${cpu} |`);
}

/** Process number of the server; 0 for the embedded database, whose time is this process's. */
async function postmasterOf(server: RunningServer): Promise<number> {
  if (server.database.kind === "pglite") return 0;
  const [row] = await server.database.query<{ text: string }>("SELECT pg_read_file('postmaster.pid') AS text");
  return parseInt(row!.text, 10);
}

/** Measures the same writes without HTTP, on the same database. */
async function measureLimits(name: string, server: RunningServer, rowsPerDevice: number, deviceCount: number): Promise<void> {
  const postmaster = await postmasterOf(server);
  for (const [what, measure] of [
    ["limit: all writes of a batch in one statement, no HTTP", (run: number) => measureStatement(server.database, server.secret, `limit-${run}`, deviceCount, rowsPerDevice, BATCH_ROWS)],
    ["limit: bare rows by unnest, no HTTP", () => measureRowsOnly(server.database, deviceCount, rowsPerDevice, BATCH_ROWS)],
  ] as const) {
    await measure(0);
    const before = postmaster === 0 ? 0 : serverCpuMs(postmaster);
    const report = await measure(1);
    line(`${name}, ${what}`, 0, report, { load: 0, server: report.cpuMs, database: postmaster === 0 ? 0 : serverCpuMs(postmaster) - before });
  }
}

async function measureServer(name: string, server: RunningServer, sizes: number[], rows: number, deviceCount: number): Promise<void> {
  await createTable(server.database, WALLBOX, "bench");
  const keys: LoadOrder["devices"] = [];
  for (let index = 0; index < deviceCount; index++) keys.push({ ...await createDevice(server.database, server.secret, `bench-${index}`, undefined, "bench"), boot: 0 });
  let firstSession = 1;
  const rowsPerDevice = Math.max(2, Math.floor(rows / deviceCount / 2) * 2);
  const load = async (): Promise<LoadReport> => {
    for (const key of keys) key.boot++;
    const report = await runLoad({ url: server.url, table: WALLBOX.id, firstSession, rowsPerDevice, batchRows: BATCH_ROWS, devices: keys });
    firstSession += rowsPerDevice / 2;
    return report;
  };
  // The first run compiles and fills caches; it is not counted.
  await load();
  const postmaster = await postmasterOf(server);
  for (const size of [0, ...sizes]) {
    if (size > 0) await fillTo(server.database, size);
    const [before] = await server.database.query<{ count: number }>("SELECT count(*) AS count FROM public.\"wallbox sessions\"");
    const used = process.cpuUsage();
    const usedThere = postmaster === 0 ? 0 : serverCpuMs(postmaster);
    const report = await load();
    line(name, before!.count, report, { load: report.cpuMs, server: cpuMsSince(used), database: postmaster === 0 ? 0 : serverCpuMs(postmaster) - usedThere });
    if (size >= 1_000_000 || size === sizes[sizes.length - 1]) for (const text of await measurePages(server, size)) pages.push(`| ${name} | ${before!.count.toLocaleString("en")} | ${text} |`);
  }
  await measureLimits(name, server, rowsPerDevice, deviceCount);
}

const pages: string[] = [];

/** Measures the usual first program: one INSERT per row, each its own transaction, over one pooled connection a device. */
async function measureRival(url: string, rows: number, deviceCount: number): Promise<void> {
  const pool = new pg.Pool({ connectionString: url, max: 10 });
  await pool.query("CREATE TABLE rival (device text, sequence bigint, session bigint, start timestamptz, \"end\" timestamptz, card text, energy bigint, cost numeric, clock text, reading numeric, duration bigint, PRIMARY KEY (device, sequence))");
  const each = Math.floor(rows / deviceCount);
  const batchMs: number[] = [];
  const begin = performance.now();
  await Promise.all(Array.from({ length: deviceCount }, async (_, device) => {
    for (let sequence = 1; sequence <= each; sequence++) {
      const from = performance.now();
      await pool.query("INSERT INTO rival VALUES ($1, $2, $3, to_timestamp($4), to_timestamp($5), $6, $7, $8, $9, $10, $11)",
        [`bench-${device}`, sequence, sequence, 1_700_000_000, 1_700_000_500, "04A22B91", 11_000, "3.85", "synced", "7.45", 500]);
      batchMs.push(performance.now() - from);
    }
  }));
  const totalMs = performance.now() - begin;
  await pool.end();
  line("rival: one INSERT per row, no HTTP, no signature", 0, { batchMs, totalMs, rows: each * deviceCount, cpuMs: 0 });
}

function option(list: string[], name: string, fallback: string): string {
  const at = list.indexOf(`--${name}`);
  return at < 0 ? fallback : list[at + 1] ?? fallback;
}

export async function bench(list: string[]): Promise<number> {
  const rows = Number(option(list, "rows", "20000"));
  const devices = Number(option(list, "devices", "16"));
  const sizes = option(list, "sizes", "10000,100000,1000000").split(",").map(Number);
  const only = option(list, "only", "");
  if (![rows, devices, ...sizes].every((value) => Number.isInteger(value) && value > 0)) {
    process.stderr.write("npm run bench -- ingest: --rows, --devices and --sizes are whole numbers\n");
    return 2;
  }
  say(`${rows} rows a run from ${devices} devices, batches of ${BATCH_ROWS.join(", ")} rows, loopback, Node ${process.version}\n`);
  say("| database | rows before | records/s | batch p50 ms | batch p99 ms | CPU ms for 1,000 records: load | server | PostgreSQL | all |\n|---|---|---|---|---|---|---|---|---|");
  const binaries = only === "pglite" ? undefined : postgresBinaries();
  if (binaries !== undefined) {
    const cluster = startCluster(binaries);
    try {
      const server = await startServer({ port: 0, databaseUrl: cluster.createDatabase(), secret: "only for this measurement", connections: 16, limits: NO_LIMIT });
      await measureServer("PostgreSQL", server, sizes, rows, devices);
      await server.close();
      await measureRival(cluster.createDatabase(), rows, devices);
    } finally {
      cluster.remove();
    }
  }
  if (only !== "postgres") {
    const server = await startServer({ port: 0, limits: NO_LIMIT });
    await measureServer("PGlite, in memory", server, sizes.filter((size) => size <= 100_000), rows, devices);
    await server.close();
  }
  say("\n| database | rows | request | ms at the server, median of 5 |\n|---|---|---|---|");
  for (const text of pages) say(text);
  return 0;
}
