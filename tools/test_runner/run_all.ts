/*
 * Runs parts side by side until all are over or the run is ended from outside.
 *
 * Input: parts, an environment, the progress to report to. Output: each part's result. Invariants: nothing that was started
 * outlives the run, however it ends; a part that did not finish is a failure.
 */
import { availableParallelism } from "node:os";
import type { PartResult, RunningPart } from "./run_part";
import { runPart } from "./run_part";
import { ownNetwork } from "./own_network";
import { openProgress } from "./progress";
import { openRunFolder } from "./run_folder";
import { nextPart } from "./schedule";
import type { Part } from "./suites";

export interface RunResult {
  results: PartResult[];
  /** The signal that ended the run early, or "". */
  signal: string;
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const PARENT_MS = 1000;

/** A part that never began. */
function unfinished(part: Part): PartResult {
  return { part, passed: 0, failed: 1, skipped: 0, text: "    it was not run", reasons: [], seconds: 0, processorS: 0 };
}

/** Calls `end` with the reason when the run is to end early; returns what takes that back. */
function onEarlyEnd(end: (signal: string) => void): () => void {
  const handlers = SIGNALS.map((signal) => [signal, () => end(signal)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  // npm's shell may be ended without a word to us.
  const parent = process.ppid;
  const timer = process.env.npm_lifecycle_event === undefined ? undefined : setInterval(() => { if (process.ppid !== parent) end("SIGHUP"); }, PARENT_MS);
  timer?.unref();
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    clearInterval(timer);
  };
}

/** `build`: makes the firmware that some parts need; its failure is reported, and shows in those parts again. */
export async function runAll(parts: Part[], environment: NodeJS.ProcessEnv, build: () => Promise<string>, isVerbose: boolean): Promise<RunResult> {
  const run = openRunFolder();
  const running: RunningPart[] = [];
  const waiting = [...parts];
  const results: PartResult[] = [];
  const progress = openProgress(process.stdout, () => running, isVerbose);
  let signal = "";
  let number = 0;
  let wake = (): void => undefined;
  const forget = onEarlyEnd((name) => {
    if (signal !== "") return;
    signal = name;
    progress.say(`${name}: the run ends; what is running is stopped`);
    for (const part of waiting.splice(0)) results.push(unfinished(part));
    for (const one of running) one.stop(`was stopped by ${name}`);
    wake();
  });
  const machine = { slots: Math.max(2, availableParallelism()) * 2, isBuilt: !parts.some((part) => part.needsBuild), hasOwnNetworks: ownNetwork().length > 0 };
  if (!machine.isBuilt) {
    progress.say("the firmware is built once, for the suites that need it");
    void build().then((failure) => {
      if (failure !== "") progress.say(`!! the firmware could not be built: ${failure}`);
      machine.isBuilt = true;
      wake();
    });
  }
  const start = (part: Part): void => {
    waiting.splice(waiting.indexOf(part), 1);
    const one = runPart(part, number++, environment, run, (event) => progress.event(part, event));
    running.push(one);
    void one.result.then((result) => {
      running.splice(running.indexOf(one), 1);
      results.push(result);
      const whole = results.filter((other) => other.part.suite === part.suite);
      progress.finished(result, whole.length === parts.filter((other) => other.suite === part.suite).length ? whole : undefined);
      wake();
    });
  };
  try {
    while (running.length > 0 || waiting.length > 0) {
      for (let part = nextPart(waiting, running.map((one) => one.part), machine); part !== undefined; part = nextPart(waiting, running.map((one) => one.part), machine)) start(part);
      await new Promise<void>((resolve) => { wake = resolve; });
    }
    return { results, signal };
  } finally {
    progress.close();
    run.endAll();
    forget();
  }
}
