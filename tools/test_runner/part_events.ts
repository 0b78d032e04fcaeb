/*
 * The record of a part of the test run, from its reports.
 *
 * Input: lines of JSON as tools/test_runner/reporter.mjs writes them, in pieces of any size. Output: counts, what runs now and
 * until when it may. Invariants: a test is counted once, as what it ended as; a process that has reported no end has
 * failed, and what it reported before still counts.
 */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export type PartEvent =
  | { kind: "begin"; title: string; limitMs: number }
  | { kind: "limit"; limitMs: number }
  | { kind: "passed"; title: string; tookMs: number }
  | { kind: "skipped" | "failed"; title: string }
  | { kind: "end"; processorMs: number };

export interface PartRecord {
  counts: Counts;
  skipped: string[];
  /** The test or hook that runs now; "" before the first and after the last. */
  title: string;
  /** The last result; "" before the first. */
  lastResult: string;
  /** Longest time until the next event, ms. */
  limitMs: number;
  hasEnded: boolean;
  /** Processor time of the process and of those that it waited for; 0 before its end. */
  processorMs: number;
  /** Added to each of mocha's limits. */
  beyondMs: number;
}

/** Between tests, at the start while files are read, and at the end until the process is gone. */
export const BETWEEN_MS = 180_000;
/** Mocha itself ends a test that waits too long; this much later only one that never returns is still there. */
const BEYOND_LIMIT_MS = 30_000;
/** For a test that has switched its limit off. */
const NO_LIMIT_MS = 1_800_000;

export function createPartRecord(beyondMs = BEYOND_LIMIT_MS): PartRecord {
  return { counts: { passed: 0, failed: 0, skipped: 0 }, skipped: [], title: "", lastResult: "", limitMs: BETWEEN_MS, hasEnded: false, processorMs: 0, beyondMs };
}

function limitOf(record: PartRecord, ms: number): number {
  return ms > 0 ? ms + record.beyondMs : NO_LIMIT_MS;
}

export function applyEvent(record: PartRecord, event: PartEvent): void {
  if (event.kind === "begin") {
    record.title = event.title;
    record.limitMs = limitOf(record, event.limitMs);
    return;
  }
  if (event.kind === "limit") {
    record.limitMs = limitOf(record, event.limitMs);
    return;
  }
  record.limitMs = BETWEEN_MS;
  record.title = "";
  if (event.kind === "end") {
    record.hasEnded = true;
    record.processorMs = event.processorMs;
  } else {
    record.counts[event.kind]++;
    record.lastResult = event.title;
    if (event.kind === "skipped") record.skipped.push(event.title);
  }
}

/** Splits pieces of a stream into events. @throws Error on a line that is not JSON */
export function eventReader(hear: (event: PartEvent) => void): (piece: string) => void {
  let rest = "";
  return (piece) => {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) hear(JSON.parse(line) as PartEvent);
  };
}

/** Why a mocha process that ended so has failed although no test did, or "". `stopped`: why the runner ended it. */
export function failureOf(record: PartRecord, exitCode: number | null, stopped: string): string {
  const { passed, failed, skipped } = record.counts;
  const where = record.title !== "" ? ` in "${record.title}"` : record.lastResult !== "" ? ` after "${record.lastResult}"` : "";
  if (stopped !== "") return `the process ${stopped}${where}`;
  if (!record.hasEnded) return `the process ${exitCode === null ? "was ended by a signal" : `ended with exit code ${String(exitCode)}`}${where === "" ? " before its first test" : where}`;
  if (exitCode !== 0 && failed === 0) return `the process ended with ${exitCode === null ? "a signal" : `exit code ${String(exitCode)}`} although no test failed`;
  return passed + failed + skipped === 0 ? "no test ran" : "";
}
