/*
 * Finds and ends every process that a test run has started, also those that left their parent's process group.
 *
 * Input: a mark, which each process of the run carries in its environment. Output: process ids, signals sent.
 * Invariant: a process without the mark is never touched; where there is no /proc only process groups are ended.
 */
import { readdirSync, readFileSync } from "node:fs";

/** The variable that carries the mark. A run inside a test of another run appends its own: the outer one ends both. */
export const MARK_VARIABLE = "SDC_TEST_RUN";

/** Passes over all processes: one may start another while it is being ended. */
const PASSES_MAX = 20;

function environmentOf(processId: string): string {
  try {
    return readFileSync(`/proc/${processId}/environ`, "latin1");
  } catch {
    // It ended meanwhile, or belongs to another user: not one of ours.
    return "";
  }
}

/** Ids of the processes that carry `mark`, a regular expression without "/", and are not this one. */
export function markedProcesses(mark: string): number[] {
  let all: string[] = [];
  try {
    all = readdirSync("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
  const carries = new RegExp(`(^|\0)${MARK_VARIABLE}=[^\0]*/${mark}(\0|/|$)`);
  return all.filter((name) => carries.test(environmentOf(name))).map(Number);
}

/** Ends one process, or with a negative id its group; false when there is none. */
export function endProcess(id: number): boolean {
  try {
    process.kill(id, "SIGKILL");
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/** Ends all that carries `mark`, and the process groups `groups`. */
export function endMarked(mark: string, groups: number[]): void {
  for (const group of groups) endProcess(-group);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const found = markedProcesses(mark).filter((id) => endProcess(id));
    if (found.length === 0) return;
  }
}
