/*
 * The display of a test run for the person in front of it, while it runs and at its end.
 *
 * Input: events and results of parts. Output: lines; on a terminal also one line that is rewritten each second, elsewhere
 * one line each half minute. Invariant: a failure is printed when it happens, and again in full with its part's result.
 */
import type { Counts, PartEvent } from "./part_events";
import type { PartResult, RunningPart } from "./run_part";
import type { Part } from "./suites";

const TERMINAL_MS = 1000;
const LOG_MS = 30_000;

export interface Progress {
  say(line: string): void;
  event(part: Part, event: PartEvent): void;
  /** A part is over; `whole`: the results of its suite, when that is over too. */
  finished(result: PartResult, whole: PartResult[] | undefined): void;
  close(): void;
}

export function partName(part: Part): string {
  return part.label === "" ? part.suite : `${part.suite} ${part.label}`;
}

export function sumOf(results: Counts[]): Counts {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of results) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}

function summary(name: string, counts: Counts, seconds: number, processorS: number): string {
  return `${counts.failed > 0 ? "FAILED" : "ok    "} ${name.padEnd(10)} ${String(counts.passed).padStart(5)} passed, ${String(counts.failed)} failed, ` +
    `${String(counts.skipped)} skipped, ${seconds.toFixed(1)} s${processorS === 0 ? "" : `, ${processorS.toFixed(1)} s of processor time`}`;
}

function indented(text: string): string {
  const short = text.replace(/\n{3,}/g, "\n\n").replace(/^\n+/, "").trimEnd();
  return short.split("\n").map((line) => `   ${line}`).join("\n");
}

/** `running`: the parts of this moment. `isVerbose`: every title. */
export function openProgress(output: NodeJS.WriteStream, running: () => RunningPart[], isVerbose: boolean): Progress {
  const begunMs = performance.now();
  const soFar: Counts = { passed: 0, failed: 0, skipped: 0 };
  let isLineOpen = false;
  const say = (line: string): void => {
    output.write(`${isLineOpen ? "\r\x1b[K" : ""}${line}\n`);
    isLineOpen = false;
  };
  const tell = (): void => {
    const now = performance.now();
    const parts = running().map(({ part, begunMs: partMs }) => `${partName(part)} ${((now - partMs) / 1000).toFixed(0)} s`);
    const line = `… ${((now - begunMs) / 1000).toFixed(0)} s: ${String(soFar.passed)} passed, ${String(soFar.failed)} failed, ${String(soFar.skipped)} skipped; running: ${parts.join(", ")}`;
    if (!output.isTTY) return say(line);
    output.write(`\r\x1b[K${line.slice(0, Math.max(20, output.columns - 1))}`);
    isLineOpen = true;
  };
  const timer = setInterval(tell, output.isTTY ? TERMINAL_MS : LOG_MS);
  return {
    say,
    event(part, event) {
      if (event.kind === "passed" || event.kind === "failed" || event.kind === "skipped") soFar[event.kind]++;
      if (event.kind === "failed") say(`FAILED ${partName(part)}: ${event.title}`);
      if (event.kind === "passed" && isVerbose) say(`ok     ${partName(part)}: ${event.title} (${String(event.tookMs)} ms)`);
    },
    finished(result, whole) {
      if (result.part.label !== "") say(summary(partName(result.part), result, result.seconds, result.processorS));
      if (result.text.trim() !== "") say(indented(result.text));
      if (whole === undefined) return;
      const all = (of: (one: PartResult) => number): number => whole.reduce((sum, one) => sum + of(one), 0);
      if (whole.length > 1 || result.part.label === "") say(summary(result.part.suite, sumOf(whole), all((one) => one.seconds), all((one) => one.processorS)));
    },
    close() {
      clearInterval(timer);
      if (isLineOpen) output.write("\r\x1b[K");
      isLineOpen = false;
    },
  };
}
