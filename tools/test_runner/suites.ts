/*
 * The suites of the project, and the processes that each is run in.
 *
 * Input: the folders under test/ as they are now. Output: a list for the runner, longest first, so that
 * what runs side by side finishes together. Invariant: a folder without test files is not a suite, and every folder
 * with test files is one, known here or not: no test can be forgotten.
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
}

interface Known {
  name: string;
  /** Longest time of one test on a quiet machine. */
  testMs: number;
  /** How many processes; "files": one for each file. */
  processes: number | "files";
  slots: number;
  needsBuild?: true;
  usesConsolePort?: true;
}

/** Known suites, longest first. */
const KNOWN: Known[] = [
  { name: "exosphere", testMs: 60000, processes: 4, slots: 2 },
  { name: "espruino", testMs: 120000, processes: "files", slots: 1, needsBuild: true },
  { name: "console", testMs: 120000, processes: "files", slots: 1, needsBuild: true, usesConsolePort: true },
  { name: "web", testMs: 60000, processes: 4, slots: 1, needsBuild: true, usesConsolePort: true },
  { name: "lua", testMs: 200000, processes: 1, slots: 2 },
  { name: "power", testMs: 180000, processes: 1, slots: 2 },
  { name: "sim", testMs: 120000, processes: 1, slots: 2 },
  { name: "property", testMs: 120000, processes: 1, slots: 2 },
  { name: "bundle", testMs: 120000, processes: 1, slots: 2, needsBuild: true },
  { name: "contract", testMs: 30000, processes: 1, slots: 1 },
  { name: "runner", testMs: 60000, processes: 1, slots: 1 },
  { name: "unit", testMs: 20000, processes: 2, slots: 2 },
];
const UNKNOWN: Omit<Known, "name"> = { testMs: 20000, processes: 1, slots: 2 };

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

function partsOf(name: string, files: string[], grep: string): Part[] {
  const { testMs, processes, slots, needsBuild, usesConsolePort } = KNOWN.find((suite) => suite.name === name) ?? UNKNOWN as Known;
  const groups = dealt(files, processes);
  return groups.map((group, index): Part => ({
    suite: name, label: groups.length === 1 ? "" : group.length === 1 ? basename(group[0]!) : `${String(index + 1)}/${String(groups.length)}`,
    command: mochaCommand(group, testMs, grep), kind: "mocha", slots, isAlone: group.some((file) => ALONE.includes(basename(file))),
    needsBuild: needsBuild === true, usesConsolePort: usesConsolePort === true,
  }));
}

/** Every suite there is now with its processes; `grep` narrows mocha suites to titles that contain it. */
export function allSuites(grep: string): Map<string, Part[]> {
  const suites = new Map<string, Part[]>();
  const entries = readdirSync(join(root, "test"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const known = KNOWN.map((suite) => suite.name);
  for (const name of [...known, ...folders.filter((one) => !known.includes(one)).sort()]) {
    const files = testFiles(join(root, "test", name));
    if (files.length > 0) suites.set(name, partsOf(name, files, grep));
  }
  const checker = { label: "", kind: "checker", slots: 2, isAlone: false, needsBuild: false, usesConsolePort: false } as const;
  suites.set("types", [
    { ...checker, suite: "types", command: [program("typescript", "bin/tsc"), "-p", root] },
    { ...checker, suite: "types", label: "pages", command: [program("typescript", "bin/tsc"), "-p", join(root, "exosphere/tsconfig.pages.json")] },
  ]);
  suites.set("lint", [{ ...checker, suite: "lint", command: [program("eslint", "bin/eslint.js"), root] }]);
  return suites;
}
