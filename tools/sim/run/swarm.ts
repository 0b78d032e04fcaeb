/*
 * Many worlds on all processors, until one breaks a promise; then the smallest world that breaks the same one.
 *
 * Input: options of the first world, how many seeds. Output: progress, the failure as the shortest command that shows
 * it. Invariants: each world is played in a process that is told its options alone; a shrunk world breaks the same rule
 * as the one that it came from.
 */
import { fork, type ChildProcess } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { root } from "../../root";
import { replayCommand, type SimOptions } from "../options";
import type { Rule } from "../checkers/violation";

/** A worker's word about one world. */
export interface Played { options: SimOptions; rules: Rule[]; first: string; hash: string; boardDays: number; sessions: number; cpuMs: number }

export interface SwarmResult {
  worlds: number;
  boardYears: number;
  sessions: number;
  cpuMs: number;
  failure: { shrunk: Played; seed: number; tries: number } | undefined;
}

class Worker {
  private readonly child: ChildProcess;
  private waiting: { resolve: (played: Played) => void; reject: (error: Error) => void } | undefined;

  constructor() {
    this.child = fork(join(root, "tools", "sim", "run", "swarm_worker.ts"), [], { execArgv: ["--import", "tsx"], stdio: ["ignore", "ignore", "inherit", "ipc"] });
    this.child.on("message", (played: Played) => { this.waiting?.resolve(played); });
    this.child.on("exit", (code) => { this.waiting?.reject(new Error(`a worker of the swarm ended with ${String(code)}`)); });
  }

  play(options: SimOptions): Promise<Played> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.child.send(options);
    });
  }

  end(): void {
    this.waiting = undefined;
    this.child.kill();
  }
}

/** Smaller worlds, the boldest first. */
export function smallerWorlds(options: SimOptions): SimOptions[] {
  const smaller: SimOptions[] = [];
  const { days, boards, faults } = options;
  if (boards > 1) smaller.push({ ...options, boards: 1 }, { ...options, boards: Math.ceil(boards / 2) });
  for (const part of [0.1, 0.25, 0.5, 0.8]) if (days * part >= 0.5) smaller.push({ ...options, days: Math.round(days * part * 10) / 10 });
  if (faults.length > 0) smaller.push({ ...options, faults: [] });
  for (const name of faults) smaller.push({ ...options, faults: faults.filter((one) => one !== name) });
  return smaller;
}

/** The smallest world found that breaks one of these rules; `tries` worlds are played at most. */
export async function shrink(failed: Played, play: (options: SimOptions) => Promise<Played>, triesMax = 60): Promise<{ shrunk: Played; tries: number }> {
  let best = failed;
  let tries = 0;
  for (let isSmaller = true; isSmaller && tries < triesMax; ) {
    isSmaller = false;
    for (const options of smallerWorlds(best.options)) {
      if (tries++ >= triesMax) break;
      const played = await play(options);
      if (!played.rules.some((rule) => best.rules.includes(rule))) continue;
      best = played;
      isSmaller = true;
      break;
    }
  }
  return { shrunk: best, tries };
}

/** Plays `count` seeds from that of `first` on. `show` hears of progress. */
export async function swarm(first: SimOptions, count: number, show: (text: string, done: number, total: number) => void, processes = availableParallelism()): Promise<SwarmResult> {
  const workers = Array.from({ length: Math.min(processes, count) }, () => new Worker());
  const result: SwarmResult = { worlds: 0, boardYears: 0, sessions: 0, cpuMs: 0, failure: undefined };
  let next = 0;
  let failed: Played | undefined;
  const drive = async (worker: Worker): Promise<void> => {
    while (next < count && failed === undefined) {
      const played = await worker.play({ ...first, seed: first.seed + next++ });
      result.worlds++;
      result.boardYears += played.boardDays / 365;
      result.sessions += played.sessions;
      result.cpuMs += played.cpuMs;
      if (played.rules.length > 0) failed ??= played;
      show(`${String(result.worlds)} worlds, ${result.boardYears.toFixed(1)} board-years`, result.worlds, count);
    }
  };
  try {
    await Promise.all(workers.map(drive));
    if (failed !== undefined) {
      show(`seed ${String(failed.options.seed)} breaks a promise; looking for the smallest world`, count, count);
      result.failure = { seed: failed.options.seed, ...await shrink(failed, (options) => workers[0]!.play(options)) };
    }
  } finally {
    for (const worker of workers) worker.end();
  }
  return result;
}

/** The lines that a person reads at the end. */
export function swarmLines(result: SwarmResult): string[] {
  const rate = result.cpuMs === 0 ? 0 : result.boardYears / (result.cpuMs / 60_000);
  const lines: string[] = [];
  if (result.failure !== undefined) {
    const { seed, shrunk, tries } = result.failure;
    lines.push(`seed ${String(seed)} breaks a promise; after ${String(tries)} smaller worlds the shortest is`, `  ${replayCommand(shrunk.options)}`, `  ${shrunk.first}`);
  }
  lines.push(JSON.stringify({ worlds: result.worlds, boardYears: Number(result.boardYears.toFixed(2)), sessions: result.sessions, boardYearsPerMinuteAndCore: Number(rate.toFixed(2)), violations: result.failure === undefined ? 0 : 1, ...result.failure === undefined ? {} : { replay: replayCommand(result.failure.shrunk.options) } }));
  return lines;
}
