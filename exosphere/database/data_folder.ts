/*
 * The folder of the embedded database: whose it is, whether it has room, what of it is on the disk.
 *
 * Input: a folder. Output: a lock for this process, free room, synchronised files. Invariants: one process
 * has a folder at a time; "full" is said while the log can still be extended, not when it is too late.
 */
import fs from "node:fs";
import { join } from "node:path";

/**
 * Free bytes that a change needs. PostgreSQL's log grows by files of 16 MiB; a file that cannot be made
 * stops the embedded database in the middle of its work, so two of them and what an upload adds stay free.
 */
export const ROOM_BYTES = 48 * 1024 * 1024;

/** Says that nothing was done because the disk is full, with PostgreSQL's own code for it. */
export class DiskFull extends Error {
  readonly code = "53100";
  constructor(folder: string) {
    super(`the disk of ${folder} has less than ${ROOM_BYTES / 1024 / 1024} MiB left; nothing is written until there is room`);
  }
}

/** Throws DiskFull when less than ROOM_BYTES are free where `folder` lies. */
export function needRoom(folder: string): void {
  const { bavail, bsize } = fs.statfsSync(folder);
  if (bavail * bsize < ROOM_BYTES) throw new DiskFull(folder);
}

function isAlive(process_: number): boolean {
  try {
    process.kill(process_, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Takes the folder for this process; a mark of a process that is gone is taken over. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "in-use-by");
  const holder = fs.existsSync(file) ? Number(fs.readFileSync(file, "utf8")) : 0;
  if (holder > 0 && isAlive(holder)) throw new Error(`the data folder ${folder} is in use by process ${holder}`);
  fs.rmSync(file, { force: true });
  // "wx" fails should another process have been quicker.
  fs.writeFileSync(file, String(process.pid), { flag: "wx" });
  return () => { fs.rmSync(file, { force: true }); };
}

/** Brings a folder onto the disk: all that is in it, or, not `whole`, its own list of names. */
export function syncFolder(folder: string, whole = true): void {
  const paths = whole ? fs.readdirSync(folder, { withFileTypes: true, recursive: true }).map((entry) => join(entry.parentPath, entry.name)) : [];
  for (const path of [...paths, folder]) {
    const handle = fs.openSync(path, "r");
    fs.fsyncSync(handle);
    fs.closeSync(handle);
  }
}
