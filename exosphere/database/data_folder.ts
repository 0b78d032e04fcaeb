/*
 * The folder of the embedded database: whose it is, whether it has room, what of it is on the disk.
 *
 * Input: a folder. Output: a lock for this process, free room, synchronised files. Invariants: one process
 * has a folder at a time; "full" is said while the log can still be extended, not when it is too late.
 */
import fs from "node:fs";
import { join } from "node:path";
import { lockFile } from "./file_lock";

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

/** Another process has the folder. */
export class FolderInUse extends Error {}

/** Takes the folder for this process. Throws while another process has it, in this container or another. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "in-use-by");
  const unlock = lockFile(file);
  if (unlock !== undefined) return unlock;
  const holder = fs.readFileSync(file, "utf8").trim();
  throw new FolderInUse(`the data folder ${folder} is in use by ${holder === "" ? "another process" : holder}; end that one, or choose another folder`);
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
