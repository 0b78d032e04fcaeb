/*
 * The interpreter under valgrind's callgrind: which instructions were executed between two marks of a program.
 *
 * Input: an interpreter's start, and the files that callgrind wrote. Output: the words that start it so, and counts. Invariants: only
 * the main loop of the interpreter is counted (jsiIdle, on its own thread), from the mark `[0].some` to the mark `[0].every`, which no
 * program of ours uses; so neither a start nor a wait is in a count.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const LOOP = "jsiIdle";
/** Functions of the PC's flash file in place of a chip's flash; each opens and closes the file. */
const FLASH_FILE = ["jshFlashRead", "jshFlashWrite", "jshFlashErasePage"];
const OUTPUT = "counted";
/** The interpreter's C functions of the two marks. At both everything is written out: callgrind's own zero leaves costs of earlier loops in its lists. */
const FROM = "jswrap_array_some";
const TO = "jswrap_array_every";

export const COUNTED_FROM = "[0].some(isNaN)";
export const COUNTED_TO = "[0].every(isNaN)";

export interface Count {
  instructions: number;
  /** Of these, within reads, writes and erases of the flash file. */
  flashFile: number;
}

/** Why nothing can be counted here, "" when it can. */
export function callgrindAbsence(): string {
  const found = ["valgrind", "callgrind_control"].filter((name) => spawnSync(name, ["--version"], { encoding: "latin1" }).error === undefined);
  return found.length === 2 ? "" : "valgrind is not here, and nothing else counts instructions; install it: apt-get install valgrind";
}

/** Words before the interpreter's own path. Counting begins with `beginCounting`: a start takes long enough without. */
export function callgrindWords(): string[] {
  return [
    "valgrind", "--quiet", "--tool=callgrind", "--fair-sched=try", "--instr-atstart=no", `--toggle-collect=${LOOP}`,
    `--dump-before=${FROM}`, `--dump-before=${TO}`, `--callgrind-out-file=${OUTPUT}`,
  ];
}

/** @throws Error when the process does not answer */
export function beginCounting(processId: number): void {
  execFileSync("callgrind_control", ["--instr=on", String(processId)], { encoding: "latin1", timeout: 120000 });
}

/** Parses one file of callgrind's format: the sum of all events, and what lies within calls of `functions` from elsewhere. @throws Error on another file */
export function parseCount(text: string, functions: string[] = FLASH_FILE): Count {
  const total = /^summary: (\d+)$/m.exec(text);
  if (total === null) throw new Error("this is not an output of callgrind");
  const names = new Map<string, string>();
  // A name is written once, and its number from then on.
  const nameOf = (value: string): string => {
    const match = /^\((\d+)\)(?: (.*))?$/.exec(value);
    if (match === null) return value;
    if (match[2] !== undefined) names.set(match[1]!, match[2]);
    return names.get(match[1]!) ?? value;
  };
  let flashFile = 0;
  let caller = "";
  let called = "";
  let isCall = false;
  for (const line of text.split("\n")) {
    if (line.startsWith("fn=")) caller = nameOf(line.slice(3));
    else if (line.startsWith("cfn=")) called = nameOf(line.slice(4));
    else if (line.startsWith("calls=")) isCall = true;
    else if (isCall) {
      isCall = false;
      if (functions.includes(called) && !functions.includes(caller)) flashFile += Number(line.split(" ")[1]);
    }
  }
  return { instructions: Number(total[1]), flashFile };
}

/** Counts of the marked sections so far, in their order; what lies between two sections is left out. */
export function countsIn(folder: string): Count[] {
  const counts: Count[] = [];
  for (let number = 1; existsSync(join(folder, `${OUTPUT}.${String(number)}`)); number++) {
    const text = readFileSync(join(folder, `${OUTPUT}.${String(number)}`), "latin1");
    if (text.includes(`--dump-before=${TO}\n`)) counts.push(parseCount(text));
  }
  return counts;
}

/** Instructions without the flash file. */
export function own(count: Count): number {
  return count.instructions - count.flashFile;
}
