/*
 * Runs one part of a suite as a process of its own and counts what it reports.
 *
 * Input: the part, its environment. Output: each event as it happens; at the end counts and the text to show.
 * Invariants: a process that dies, hangs, or runs no test at all is a failure, with any output, and the tests
 * that it had reported before still count; no limit is on the whole: one is on each test.
 */
import { spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { root } from "../root";
import { loadFactor } from "./load_factor";
import { ownNetwork } from "./own_network";
import { applyEvent, createPartRecord, eventReader, failureOf } from "./part_events";
import type { Counts, PartEvent } from "./part_events";
import type { RunFolder } from "./run_folder";
import type { Part } from "./suites";

export interface PartResult extends Counts {
  part: Part;
  text: string;
  /** Why tests were skipped, as they wrote it to stderr. */
  reasons: string[];
  seconds: number;
  /** Seconds of processor time; 0 where it is not known. */
  processorS: number;
}

export interface RunningPart {
  part: Part;
  /** performance.now() at its start. */
  begunMs: number;
  /** Never rejects. */
  result: Promise<PartResult>;
  /** Ends it; `why` goes on "the process …". */
  stop(why: string): void;
}

/** Output kept of one part; more is cut in the middle. */
const TEXT_MAX = 200000;
/** Letters kept of what it wrote to stderr, the last ones. */
const COMPLAINTS_MAX = 4000;
/** A checker on a quiet machine. */
const CHECKER_MS = 240000;
const WATCH_MS = 1000;

/** The result of a checker, from its exit: it counts as one test. */
export function readChecker(exitCode: number | null, stopped: string): { counts: Counts; failure: string } {
  const isGood = exitCode === 0 && stopped === "";
  return { counts: { passed: isGood ? 1 : 0, failed: isGood ? 0 : 1, skipped: 0 }, failure: stopped === "" ? "" : `the process ${stopped}` };
}

/** The reasons for skipping that a part wrote, each once. */
export function reasonsIn(complaints: string): string[] {
  return [...new Set(complaints.split("\n").filter((line) => /^\s*SKIPPED\b/.test(line)).map((line) => line.trim().replace(/^SKIPPED(, not passed)?: /, "")))];
}

/** Runs `part`, number `number` of the run. `beyondMs`: how long after a test's own limit its process is ended. */
export function runPart(part: Part, number: number, environment: NodeJS.ProcessEnv, run: RunFolder, hear: (event: PartEvent) => void, beyondMs?: number): RunningPart {
  const begunMs = performance.now();
  const record = createPartRecord(beyondMs);
  let output = "";
  let complaints = "";
  const reasons = new Set<string>();
  let stopped = "";
  let lastMs = begunMs;
  const words = [...(part.usesConsolePort ? ownNetwork() : []), process.execPath, ...part.command];
  const child = spawn(words[0]!, words.slice(1), { cwd: root, env: { ...environment, ...run.environmentOf(number) }, stdio: ["ignore", "pipe", "pipe", "pipe"], detached: true });
  const group = child.pid ?? 0;
  if (group > 0) run.began(group);
  const stop = (why: string): void => {
    if (stopped !== "") return;
    stopped = why;
    if (group > 0) run.ended(number, group);
  };
  const watch = setInterval(() => {
    const limitMs = part.kind === "checker" ? CHECKER_MS * loadFactor() : record.limitMs;
    if (performance.now() - lastMs > limitMs) stop(`was stopped after ${(limitMs / 1000).toFixed(0)} s without a result`);
  }, WATCH_MS);
  const keep = (data: string): void => {
    output += data;
    if (output.length > TEXT_MAX) output = `${output.slice(0, TEXT_MAX / 2)}\n    …\n${output.slice(-TEXT_MAX / 4)}`;
  };
  child.stdout?.setEncoding("utf8").on("data", keep);
  child.stderr?.setEncoding("utf8").on("data", (data: string) => {
    complaints += data;
    for (const reason of reasonsIn(complaints)) reasons.add(reason);
    complaints = complaints.slice(-COMPLAINTS_MAX);
  });
  const read = eventReader((event) => {
    lastMs = performance.now();
    applyEvent(record, event);
    hear(event);
  });
  (child.stdio[3] as Readable).setEncoding("utf8").on("data", read);
  const result = new Promise<PartResult>((resolve) => {
    const end = (exitCode: number | null): void => {
      clearInterval(watch);
      if (group > 0) run.ended(number, group);
      const { counts, failure } = part.kind === "checker" ? readChecker(exitCode, stopped) : { counts: record.counts, failure: failureOf(record, exitCode, stopped) };
      if (part.kind === "mocha" && failure !== "") counts.failed++;
      let text = [...record.skipped.map((title) => `    skipped: ${title}`), output, failure === "" ? "" : `    ${failure}`].filter((one) => one !== "").join("\n");
      // The end of stderr is printed only when something failed, because tests provoke messages there.
      if (counts.failed > 0 && complaints.trim() !== "") text += `\n  last lines of stderr:\n${complaints}`;
      resolve({ part, ...counts, text, reasons: [...reasons], seconds: (performance.now() - begunMs) / 1000, processorS: record.processorMs / 1000 });
    };
    child.on("error", (error) => { stopped = `could not be started: ${error.message}`; end(null); });
    // Processes that the child started may hold its streams open: they end first.
    child.on("exit", () => { if (group > 0) run.ended(number, group); });
    child.on("close", end);
  });
  return { part, begunMs, result, stop };
}
