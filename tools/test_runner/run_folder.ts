/*
 * Common to all processes of one test run: a mark, a folder for temporary files, and a reaper beside the run.
 *
 * Input: nothing. Output: environment for each part, the means to end everything. Invariant: two runs share
 * neither mark nor folder; the reaper is in a session of its own, so that Ctrl-C does not end it.
 */
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "../root";
import { endMarked, MARK_VARIABLE } from "./marked_processes";

export interface RunFolder {
  /** Variables for part number `number`, which is 0 or more. */
  environmentOf(number: number): NodeJS.ProcessEnv;
  /** A part's process leads the process group `group`. */
  began(group: number): void;
  /** The part is over: all processes that it left are ended. */
  ended(number: number, group: number): void;
  /** Ends every part. */
  endAll(): void;
}

export function openRunFolder(): RunFolder {
  const folder = mkdtempSync(join(tmpdir(), "sdc-test-"));
  // PostgreSQL runs as another user and must be able to pass through.
  chmodSync(folder, 0o711);
  const mark = basename(folder).replace(/[^A-Za-z0-9]/g, "");
  const outer = process.env[MARK_VARIABLE] ?? "";
  const groups = new Set<number>();
  const reaper = spawn(process.execPath, ["--import", "tsx", fileURLToPath(new URL("reaper.ts", import.meta.url)), mark, folder],
    { cwd: root, stdio: ["pipe", "ignore", "inherit"], detached: true });
  reaper.unref();
  // A reaper that could not start is noticed by the parts that stay; the run itself goes on.
  reaper.on("error", (error) => { process.stderr.write(`npm test: no process to clean up behind the run: ${error.message}\n`); });
  reaper.stdin.on("error", () => undefined);
  (reaper.stdin as unknown as { unref(): void }).unref();
  return {
    environmentOf: (number) => ({ [MARK_VARIABLE]: `${outer}/${mark}-${String(number)}`, TMPDIR: folder }),
    began(group) {
      groups.add(group);
      reaper.stdin.write(`+${String(group)}\n`);
    },
    ended(number, group) {
      groups.delete(group);
      endMarked(`${mark}-${String(number)}`, [group]);
      reaper.stdin.write(`-${String(group)}\n`);
    },
    endAll() {
      endMarked(`${mark}-\\d+`, [...groups]);
      groups.clear();
    },
  };
}
