/*
 * A PostgreSQL server of the test's own: a fresh cluster in a temporary folder, on a Unix socket only.
 *
 * Input: Debian's binaries. Output: an address for `pg`, and stop/start for fault tests. Invariants: never
 * touches a cluster of this machine; everything is gone afterwards; missing binaries are said aloud.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Cluster {
  url: string;
  /** A new empty database in the cluster. */
  createDatabase(): string;
  start(): void;
  /** "immediate" is as a power cut: no check point, recovery at the next start. */
  stop(mode: "fast" | "immediate"): void;
  remove(): void;
}

const INSTALL = "PostgreSQL is not installed: sudo apt-get install postgresql";

/** Folder of initdb and pg_ctl; undefined when PostgreSQL is not there. */
export function postgresBinaries(): string | undefined {
  const base = "/usr/lib/postgresql";
  const versions = existsSync(base) ? readdirSync(base).sort((a, b) => Number(b) - Number(a)) : [];
  const found = versions.map((version) => join(base, version, "bin")).find((folder) => existsSync(join(folder, "initdb")));
  if (found === undefined) process.stderr.write(`\n  SKIPPED, not passed: ${INSTALL}\n`);
  return found;
}

export function startCluster(binaries: string): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "exosphere-pg-"));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) execFileSync("chown", ["postgres", folder]);
  // PostgreSQL refuses to run as root.
  const run = (program: string, args: string[]): string => {
    const [command, all] = asRoot ? ["runuser", ["-u", "postgres", "--", join(binaries, program), ...args]] : [join(binaries, program), args];
    const result = spawnSync(command, all, { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    if (result.status !== 0) throw new Error(`${program}: ${result.stderr}${result.stdout}`);
    return result.stdout;
  };
  const data = join(folder, "data");
  run("initdb", ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"]);
  const start = (): void => {
    run("pg_ctl", ["-D", data, "-w", "-l", join(folder, "log"), "-o", `-k ${folder} -c listen_addresses='' -c max_connections=60 -c shared_buffers=256MB`, "start"]);
  };
  start();
  let count = 0;
  const address = (name: string): string => `postgres://postgres@/${name}?host=${encodeURIComponent(folder)}`;
  return {
    url: address("postgres"),
    createDatabase() {
      const name = `exosphere_${++count}`;
      run("psql", ["-h", folder, "-U", "postgres", "-d", "postgres", "-qc", `CREATE DATABASE ${name}`]);
      return address(name);
    },
    start,
    stop: (mode) => { run("pg_ctl", ["-D", data, "-w", "-m", mode, "stop"]); },
    remove() {
      spawnSync(asRoot ? "runuser" : join(binaries, "pg_ctl"), asRoot ? ["-u", "postgres", "--", join(binaries, "pg_ctl"), "-D", data, "-m", "immediate", "stop"] : ["-D", data, "-m", "immediate", "stop"], { stdio: "ignore", cwd: folder });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
