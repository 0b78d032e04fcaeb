/*
 * A PostgreSQL server of the test's own: a fresh cluster in a temporary folder, on a Unix socket only.
 *
 * Input: Debian's binaries. Output: an address for `pg`, and stop/start for fault tests. Invariants: never
 * touches a cluster of this machine; everything is gone afterwards; missing binaries are said aloud.
 */
import { execFileSync, spawnSync, type SpawnSyncReturns } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SmallDisk } from "./small_disk";

export interface Cluster {
  url: string;
  /** A new empty database in the cluster. */
  createDatabase(): string;
  start(): void;
  /** Waits until a server that ended itself takes connections again; starts it when it did not do so itself. */
  revive(): void;
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

/** `disk`: where the cluster has all of its files but the socket. */
export function startCluster(binaries: string, disk?: SmallDisk): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "exosphere-pg-"));
  const asRoot = process.getuid?.() === 0;
  if (asRoot) execFileSync("chown", ["postgres", folder]);
  // PostgreSQL refuses to run as root.
  const ask = (program: string, args: string[]): SpawnSyncReturns<string> => {
    const list = [...asRoot ? ["runuser", "-u", "postgres", "--"] : [], join(binaries, program), ...args];
    const [command, all] = disk === undefined ? [list[0]!, list.slice(1)] : disk.command(list);
    return spawnSync(command, all, { encoding: "utf8", cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  };
  const run = (program: string, args: string[]): string => {
    const result = ask(program, args);
    if (result.status !== 0) throw new Error(`${program}: ${result.stderr}${result.stdout}`);
    return result.stdout;
  };
  const data = join(disk?.folder ?? folder, "data");
  // Log files of 1 MiB, not 16, on a small disk.
  run("initdb", ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8", ...disk === undefined ? [] : ["--wal-segsize=1"]]);
  const start = (): void => {
    const small = disk === undefined ? "" : " -c min_wal_size=2MB -c max_wal_size=8MB";
    run("pg_ctl", ["-D", data, "-w", "-l", join(folder, "log"), "-o", `-k ${folder} -c listen_addresses='' -c max_connections=60 -c shared_buffers=256MB${small}`, "start"]);
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
    revive() {
      for (let asked = 0; ask("pg_isready", ["-h", folder, "-q"]).status !== 0; asked++) {
        if (asked === 1000) throw new Error("PostgreSQL does not come back");
        if (ask("pg_ctl", ["-D", data, "status"]).status !== 0) start();
      }
    },
    stop: (mode) => { run("pg_ctl", ["-D", data, "-w", "-m", mode, "stop"]); },
    remove() {
      ask("pg_ctl", ["-D", data, "-m", "immediate", "stop"]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
