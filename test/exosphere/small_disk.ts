/*
 * A small disk that can really be full: a tmpfs in a mount namespace of its own.
 *
 * Input: a size. Output: a folder that only programs started through `command` see so, filled and emptied
 * from outside. Invariants: nothing is mounted where anybody else sees it, and all of it is gone with the
 * process that holds the namespace; a machine that does not allow this is told aloud.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statfsSync, writeSync, openSync, closeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const asRoot = process.getuid?.() === 0;
/** Without root a user namespace gives the right to mount; the user stays the same, because PostgreSQL refuses root. */
const UNSHARE = asRoot ? ["--mount"] : ["--user", "--map-current-user", "--keep-caps", "--mount"];
const PIECE = Buffer.alloc(65_536);

export interface SmallDisk {
  folder: string;
  /** The program and arguments that run `list` where the folder is the small disk. */
  command(list: string[]): [string, string[]];
  /** Takes all room but `leave` bytes. */
  fill(leave: number): void;
  /** Gives back what fill took. */
  empty(): void;
  remove(): void;
}

/** Whether this machine lets a test mount a disk of its own. */
export function canMount(): boolean {
  const tried = spawnSync("unshare", [...UNSHARE, "mount", "-t", "tmpfs", "tmpfs", tmpdir()], { encoding: "utf8" });
  if (tried.status === 0) return true;
  process.stderr.write(`\n  SKIPPED, not passed: no mount namespace for a full disk (${(tried.error?.message ?? tried.stderr).trim()})\n`);
  return false;
}

export async function openSmallDisk(bytes: number): Promise<SmallDisk> {
  const folder = mkdtempSync(join(tmpdir(), "exosphere-disk-"));
  const holder = spawn("unshare", [...UNSHARE, "sh", "-c", `mount -t tmpfs -o mode=777,size=${bytes} tmpfs ${folder} && echo ready && exec cat`], { stdio: ["pipe", "pipe", "inherit"] });
  await new Promise<void>((resolve, reject) => {
    holder.once("exit", () => reject(new Error("the small disk could not be mounted")));
    holder.stdout.once("data", () => resolve());
  });
  // The way into the namespace from outside.
  const inside = `/proc/${holder.pid}/root${folder}`;
  const ballast = join(inside, "ballast");
  return {
    folder,
    command: (list) => ["nsenter", [...asRoot ? [] : ["--user", "--preserve-credentials"], "--mount", "--target", String(holder.pid), "--", ...list]],
    fill(leave) {
      const { bavail, bsize } = statfsSync(inside);
      const file = openSync(ballast, "w");
      try {
        for (let left = bavail * bsize - leave; left > 0; left -= PIECE.length) writeSync(file, PIECE, 0, Math.min(left, PIECE.length));
      } catch (error) {
        // The disk has a little less room than it says: full all the same.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
      } finally {
        closeSync(file);
      }
    },
    empty: () => { rmSync(ballast); },
    remove() {
      holder.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
