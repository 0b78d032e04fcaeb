/*
 * A lock that the system holds for an open file, and gives back when the process ends, however it ends.
 *
 * Input: a path. Output: a function that gives the lock back. Invariants: no number of a process is believed, because
 * a container gives the same one at each start and another one never sees it; the file itself stays and means nothing.
 * Processes of other namespaces on the same machine see the lock; those of other machines do where the network volume
 * can lock, and a volume that cannot says so.
 */
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { hostname } from "node:os";

interface Locks { tryLock(fd: number): boolean }

/** Error codes of a file system without locks: ENOLCK, ENOTSUP and EOPNOTSUPP, ENOSYS, EINVAL. */
const CANNOT_LOCK = new Set(["ENOLCK", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"]);
/** Exit code of `flock -n` for a lock that another process has. */
const HELD = 1;

let loaded: Locks | undefined;

/** Open file description locks (Linux), flock (macOS), LockFileEx (Windows); undefined where the package has no build. */
function systemLocks(): Locks | undefined {
  try {
    loaded ??= createRequire(import.meta.url)("fs-native-extensions") as Locks;
    return loaded;
  } catch {
    // No build for this system, such as musl or 32 bits: the program `flock` locks the same open file.
    return undefined;
  }
}

/** True when the open file is locked now, false when another process has it. Throws when the file system cannot lock. */
function tryLock(fd: number): boolean {
  const locks = systemLocks();
  if (locks !== undefined) return locks.tryLock(fd);
  // The child locks the open file that it shares with this process, and ends; the lock stays with the open file.
  const { status, error, stderr } = spawnSync("flock", ["-n", "3"], { stdio: ["ignore", "ignore", "pipe", fd], encoding: "utf8" });
  if (status === 0) return true;
  if (status === HELD) return false;
  throw Object.assign(new Error(error === undefined ? `flock: ${stderr.trim()}` : "this system has neither a lock that Node can use nor the program flock"), { code: "ENOLCK" });
}

/**
 * Takes the lock of `file`, which is made when it is missing; undefined while another process has it. What it returns gives
 * the lock back, the first time that it is called. Throws when the file system cannot lock.
 */
export function lockFile(file: string): (() => void) | undefined {
  const fd = fs.openSync(file, "a+", 0o600);
  let locked = false;
  try {
    locked = tryLock(fd);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!CANNOT_LOCK.has(code ?? "")) throw error;
    throw new Error(`no file can be locked where ${file} lies (${message}), so a second process could not be kept out; choose a folder on a disk of this machine`, { cause: error });
  } finally {
    if (!locked) fs.closeSync(fd);
  }
  if (!locked) return undefined;
  // For people who look for the holder; no program reads it to decide.
  fs.ftruncateSync(fd);
  fs.writeSync(fd, `process ${process.pid} on ${hostname()}\n`);
  return () => {
    if (!locked) return;
    locked = false;
    fs.ftruncateSync(fd);
    fs.closeSync(fd);
  };
}
