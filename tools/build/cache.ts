/*
 * Finished builds, kept by the hash of everything they are made from, so that one machine makes each of them once.
 *
 * Input: the sources under SOURCES, the lock file, the build's options, a function that builds into a folder. Output:
 * the same files as that function gives, and its facts. Invariants: a build is entered under its hash by one rename, when
 * it is whole; processes that want the same one at the same time wait for the one that makes it, by a lock of the system, which ends with its process; a build that read a
 * file that was not hashed is refused, so what is kept is never older than its sources. A clone whose packages cannot
 * be written keeps none: a folder that anybody may write could hold anybody's firmware.
 */
import { createHash } from "node:crypto";
import { accessSync, constants, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { lockFile } from "../../exosphere/database/file_lock";
import { root } from "../root";

/** Folders and files of the clone that a build is made from. The lock file names the compilers. */
const SOURCES = ["firmware", "hal/espruino", "hal/ports.ts", "hal/shared", "boards", "tools/build", "tools/root.ts", "package-lock.json"];
const PACKAGES = join(root, "node_modules");
const KEPT = join(PACKAGES, ".cache", "builds");
/** Files that a kept build has beside its own. */
const FACTS = "facts.json";
/** Of the file that the system locks while a build is made; it stays and means nothing without its lock. */
const LOCK = ".lock";
/** The builds that were used last stay; a machine that changes sources all day must not fill up. */
const KEPT_MAX = 12;
/** One that was used so lately may be in use by another process now. */
const IN_USE_MS = 600000;
const LOOK_AGAIN_MS = 100;

/** Paths of the sources, relative to the clone, in a stable order. */
function sourceFiles(clone: string): string[] {
  return SOURCES.flatMap((name) => {
    const path = join(clone, name);
    if (!statSync(path).isDirectory()) return [name];
    return readdirSync(path, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => relative(clone, join(one.parentPath, one.name)));
  }).sort();
}

/** Name of the build that these options make of the sources as they are now. */
export function buildHash(options: object, clone = root): string {
  const hash = createHash("sha256").update(JSON.stringify(options));
  for (const name of sourceFiles(clone)) {
    const content = readFileSync(join(clone, name));
    hash.update(`\0${name}\0${String(content.length)}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Files of the clone among `read` that a hash does not cover. */
export function unhashed(read: Iterable<string>): string[] {
  return [...read].map((path) => relative(root, path)).filter((name) => !name.startsWith("..") && !name.startsWith("node_modules") && !SOURCES.some((one) => name === one || name.startsWith(`${one}/`)));
}

function canKeep(): boolean {
  try {
    accessSync(PACKAGES, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Removes the builds that were used longest ago. */
function tidy(kept: string): void {
  const names = readdirSync(kept);
  // A lock without its build: that one was removed, or its maker failed. Should a process have it now, two make the same build.
  for (const name of names.filter((one) => one.endsWith(LOCK) && !names.includes(one.slice(0, -LOCK.length)))) {
    const usedMs = statSync(join(kept, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - usedMs > IN_USE_MS) rmSync(join(kept, name), { force: true });
  }
  const all = names.filter((name) => !name.endsWith(LOCK)).map((name) => join(kept, name)).map((path) => ({ path, usedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 }))
    .sort((left, right) => right.usedMs - left.usedMs);
  for (const { path, usedMs } of all.slice(KEPT_MAX)) if (Date.now() - usedMs > IN_USE_MS) rmSync(path, { recursive: true, force: true });
}

/** Gives the build kept at `path` into `folder`; undefined when there is none. */
function taken<T>(path: string, folder: string): T | undefined {
  if (!existsSync(join(path, FACTS))) return undefined;
  utimesSync(path, new Date(), new Date());
  cpSync(path, folder, { recursive: true, filter: (from) => from !== join(path, FACTS) });
  return JSON.parse(readFileSync(join(path, FACTS), "utf8")) as T;
}

/**
 * The build `hash` in `folder`, taken from the kept ones, or made by `make` and kept.
 * @throws what `make` throws; nothing is kept then
 */
export async function keptBuild<T>(hash: string, folder: string, make: (folder: string) => Promise<T>, kept = KEPT): Promise<T> {
  mkdirSync(folder, { recursive: true });
  if (kept === KEPT && !canKeep()) return make(folder);
  mkdirSync(kept, { recursive: true });
  const path = join(kept, hash);
  let unlock: (() => void) | undefined;
  for (;;) {
    const facts = taken<T>(path, folder);
    if (facts !== undefined) return facts;
    unlock = lockFile(`${path}${LOCK}`);
    if (unlock !== undefined) break;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  const fresh = mkdtempSync(join(kept, "new-"));
  try {
    // Another process may have finished between the look and the lock.
    const before = taken<T>(path, folder);
    if (before !== undefined) return before;
    const facts = await make(fresh);
    writeFileSync(join(fresh, FACTS), JSON.stringify(facts));
    try {
      renameSync(fresh, path);
    } catch (error) {
      // Two whose lock was removed in between have made the same build.
      if (!existsSync(join(path, FACTS))) throw error;
    }
    tidy(kept);
    return taken<T>(path, folder) ?? facts;
  } finally {
    rmSync(fresh, { recursive: true, force: true });
    unlock();
  }
}
