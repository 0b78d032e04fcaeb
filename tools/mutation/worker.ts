/*
 * Runs test files, each as often as it is asked to, with a defect switched on or without.
 *
 * Input: on stdin one request a line, as JSON. Output: one answer a line on descriptor 3. Invariants: a file is loaded anew for
 * each run, so that nothing of a run before is in its variables; the sources are loaded once; suites that need a database server
 * are left out unless the request wants them.
 */
import { existsSync, readFileSync, rmSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import Mocha from "mocha";
import { MUTANT_VARIABLE, REACHED_VARIABLE } from "./switched";
import type { MutantSwitch } from "./switched";

export interface Request {
  /** Absolute path of the test file. */
  file: string;
  /** The title of its only test to run, "" for all. */
  test: string;
  /** 0: no defect. */
  mutant: number;
  /** Places of defects that may be passed. */
  steps: number;
  withServer: boolean;
}
export interface Answer {
  /** Titles of the failed tests and hooks. */
  failed: string[];
  /** Titles of the tests of the first level, as they can be asked for. */
  tests: string[];
  reached: number[];
  steps: number;
  tookMs: number;
}

const TEST_MS = 60_000;
const CHANNEL = 3;
const SERVER = /\(PostgreSQL server\)$/;

const state: MutantSwitch = { mutant: Number(process.env[MUTANT_VARIABLE] ?? 0), reached: [], note: () => undefined, left: Infinity };
(globalThis as unknown as { sdcSwitch: MutantSwitch }).sdcSwitch = state;
const always = state.mutant;
let runs = 0;

/** The numbers that processes of the tests have reached since the last call. */
function reachedElsewhere(): number[] {
  const path = process.env[REACHED_VARIABLE] ?? "";
  if (!existsSync(path)) return [];
  const numbers = readFileSync(path, "utf8").split("\n").filter((line) => line !== "").map(Number);
  rmSync(path);
  return numbers;
}

async function run(request: Request): Promise<Answer> {
  const begunMs = performance.now();
  const mutant = request.mutant || always;
  Object.assign(state, { mutant, reached: [], left: request.steps });
  process.env[MUTANT_VARIABLE] = String(mutant);
  const mocha = new Mocha({ timeout: TEST_MS, bail: true, reporter: class { constructor() { return; } } as unknown as Mocha.ReporterConstructor });
  mocha.cleanReferencesAfterRun(false);
  const failed: string[] = [];
  let tests: string[] = [];
  try {
    mocha.suite.emit("pre-require", globalThis, request.file, mocha);
    await import(`${pathToFileURL(request.file).href}?run=${String(++runs)}`);
    mocha.suite.suites = mocha.suite.suites.filter((suite) => request.withServer || !SERVER.test(suite.title));
    tests = mocha.suite.suites.flatMap((suite) => suite.tests.map((test) => test.title));
    if (request.test !== "") for (const suite of mocha.suite.suites) suite.tests = suite.tests.filter((test) => test.title === request.test);
    await new Promise<void>((resolve) => {
      mocha.run(() => { resolve(); }).on("fail", (test) => failed.push(test.fullTitle()));
    });
  } catch (error) {
    failed.push(`${request.file}: ${String(error)}`);
  }
  const steps = request.steps - state.left;
  Object.assign(state, { mutant: always, left: Infinity });
  const reached = [...new Set([...state.reached.keys()].filter((number) => state.reached[number] === true).concat(reachedElsewhere()))];
  return { failed, tests, reached, steps, tookMs: performance.now() - begunMs };
}

process.on("unhandledRejection", () => undefined);
for await (const line of createInterface({ input: process.stdin })) writeSync(CHANNEL, `${JSON.stringify(await run(JSON.parse(line) as Request))}\n`);
process.exit(0);
