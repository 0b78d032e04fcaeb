/*
 * The suites of the project, and the processes that each is run in.
 *
 * Input: the folders under test/ as they are now. Output: lists for the runner, with the processor time that each process
 * is known to take: those that are started longest first finish together. Invariant: a folder without test files is not
 * a suite, and every folder with test files is one, known here or not: no test can be forgotten.
 */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { createRequire } from "node:module";
import { root } from "../root";

/** One process of a suite. */
export interface Part {
  suite: string;
  /** Its file, or its place among the suite's processes; "" where the suite is one process. */
  label: string;
  /** Arguments for Node. */
  command: string[];
  /** Mocha reports its tests one by one; a checker is one test that its exit code decides. */
  kind: "mocha" | "checker";
  /** Share of the machine: 2 for a part that computes all the time, 1 for one that mostly waits. */
  slots: number;
  /** Runs while nothing else does: it counts what a machine manages in real time. */
  isAlone: boolean;
  /** Waits until the firmware is built, so that parts side by side do not all build it. */
  needsBuild: boolean;
  /** The interpreter's console has one port number, always the same. */
  usesConsolePort: boolean;
  /** Processor time that it takes about, s. */
  processorS: number;
}

interface Known {
  name: string;
  /** Processor time of all of its processes on a quiet machine, s. */
  processorS: number;
  /** Longest time of one test on a quiet machine. */
  testMs: number;
  /** How many processes; "files": one for each file. */
  processes: number | "files";
  slots: number;
  needsBuild?: true;
  usesConsolePort?: true;
  /** Without all of these programs (surroundings.ts) its tests skip: one process is enough to say so. */
  anyOf?: string[];
}

const KNOWN: Known[] = [
  { name: "exosphere", processorS: 400, testMs: 60000, processes: 3, slots: 2 },
  { name: "espruino", processorS: 900, testMs: 120000, processes: "files", slots: 1, needsBuild: true, anyOf: ["ESPRUINO", "ESPRUINO32", "ESPRUINO_ESP32"] },
  { name: "console", processorS: 300, testMs: 120000, processes: "files", slots: 1, needsBuild: true, usesConsolePort: true, anyOf: ["ESPRUINO", "ESPRUINO32"] },
  { name: "web", processorS: 200, testMs: 60000, processes: 2, slots: 2, needsBuild: true, usesConsolePort: true },
  { name: "lua", processorS: 110, testMs: 200000, processes: 1, slots: 2 },
  { name: "power", processorS: 40, testMs: 180000, processes: 1, slots: 2 },
  { name: "sim", processorS: 90, testMs: 120000, processes: 1, slots: 2 },
  { name: "property", processorS: 15, testMs: 120000, processes: 1, slots: 2 },
  { name: "bundle", processorS: 100, testMs: 120000, processes: 1, slots: 2, needsBuild: true },
  { name: "contract", processorS: 10, testMs: 30000, processes: 1, slots: 1 },
  { name: "runner", processorS: 20, testMs: 60000, processes: 1, slots: 1 },
  { name: "unit", processorS: 100, testMs: 20000, processes: 2, slots: 2 },
];
/** Processor time of a process whose tests all skip. */
const SKIPPING_S = 10;
const UNKNOWN: Omit<Known, "name"> = { processorS: 20, testMs: 20000, processes: 1, slots: 2 };

/** Files that prove what a machine manages in real time. */
const ALONE = ["two_meters.test.ts"];

const packages = createRequire(import.meta.url);

function program(packageName: string, file: string): string {
  return join(dirname(packages.resolve(`${packageName}/package.json`)), file);
}

function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return found.filter((name) => name.endsWith(".test.ts")).map((name) => relative(root, join(folder, name))).sort();
}

/** Deals files to processes, in turn. Exported for its test. */
export function dealt(files: string[], processes: number | "files"): string[][] {
  const count = processes === "files" ? files.length : Math.min(processes, files.length);
  return Array.from({ length: count }, (_, index) => files.filter((_file, place) => place % count === index));
}

/** Arguments for Node that run these test files; `grep` narrows them to titles that contain it. */
export function mochaCommand(files: string[], testMs: number, grep: string): string[] {
  const reporter = join(root, "tools", "test_runner", "reporter.mjs");
  return ["--import", "tsx", program("mocha", "bin/mocha.js"), "--no-config", "--check-leaks", "--forbid-only",
    "--timeout", String(testMs), "--reporter", reporter, ...(grep === "" ? [] : ["--grep", grep]), ...files];
}

function partsOf(name: string, files: string[], grep: string, absent: string[]): Part[] {
  const { processorS, testMs, processes, slots, needsBuild, usesConsolePort, anyOf } = KNOWN.find((suite) => suite.name === name) ?? UNKNOWN as Known;
  if (anyOf?.every((variable) => absent.includes(variable)) === true) {
    return [{ suite: name, label: "", command: mochaCommand(files, testMs, grep), kind: "mocha", slots: 2, isAlone: false, needsBuild: false, usesConsolePort: false, processorS: SKIPPING_S }];
  }
  const groups = dealt(files, processes);
  return groups.map((group, index): Part => ({
    suite: name, label: groups.length === 1 ? "" : group.length === 1 ? basename(group[0]!) : `${String(index + 1)}/${String(groups.length)}`,
    command: mochaCommand(group, testMs, grep), kind: "mocha", slots, isAlone: group.some((file) => ALONE.includes(basename(file))),
    needsBuild: needsBuild === true, usesConsolePort: usesConsolePort === true, processorS: processorS / groups.length,
  }));
}

/** Every suite there is now with its processes; `grep` narrows mocha suites to titles that contain it. `absent`: variables of the programs that this machine has not. */
export function allSuites(grep: string, absent: string[]): Map<string, Part[]> {
  const suites = new Map<string, Part[]>();
  const entries = readdirSync(join(root, "test"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const known = KNOWN.map((suite) => suite.name);
  for (const name of [...known, ...folders.filter((one) => !known.includes(one)).sort()]) {
    const files = testFiles(join(root, "test", name));
    if (files.length > 0) suites.set(name, partsOf(name, files, grep, absent));
  }
  const checker = { label: "", kind: "checker", slots: 2, isAlone: false, needsBuild: false, usesConsolePort: false } as const;
  suites.set("types", [
    { ...checker, suite: "types", processorS: 40, command: [program("typescript", "bin/tsc"), "-p", root] },
    { ...checker, suite: "types", label: "pages", processorS: 10, command: [program("typescript", "bin/tsc"), "-p", join(root, "exosphere/tsconfig.pages.json")] },
  ]);
  suites.set("lint", [{ ...checker, suite: "lint", processorS: 60, command: [program("eslint", "bin/eslint.js"), root] }]);
  return suites;
}
