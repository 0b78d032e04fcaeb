/*
 * The suites of the project: what each runs, and how long it may take.
 *
 * Input: the folders under test/ as they are now. Output: a list for the runner, longest first, so that
 * two at a time finish together. Invariant: a folder without test files is not a suite, and every folder
 * with test files is one, known here or not: no test can be forgotten.
 */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { createRequire } from "node:module";
import { root } from "../root";

export interface Suite {
  name: string;
  /** Arguments for Node. */
  command: string[];
  /** Mocha suites tell their counts; a checker is one test that its exit code decides. */
  kind: "mocha" | "checker";
  /** The whole process is stopped after this long. */
  limitS: number;
}

/** Known suites, longest first, with the time one test of them may take. */
const KNOWN: { name: string; testMs: number; limitS: number }[] = [
  { name: "espruino", testMs: 120000, limitS: 1100 },
  // The interpreter's Telnet port is always the same: what uses it is one suite, and no other does.
  { name: "console", testMs: 120000, limitS: 600 },
  { name: "sim", testMs: 180000, limitS: 420 },
  { name: "power", testMs: 180000, limitS: 420 },
  { name: "lua", testMs: 200000, limitS: 420 },
  { name: "web", testMs: 60000, limitS: 600 },
  { name: "exosphere", testMs: 60000, limitS: 600 },
  { name: "property", testMs: 120000, limitS: 300 },
  { name: "contract", testMs: 30000, limitS: 180 },
  { name: "bundle", testMs: 120000, limitS: 240 },
  { name: "unit", testMs: 20000, limitS: 180 },
];

const packages = createRequire(import.meta.url);

function program(packageName: string, file: string): string {
  return join(dirname(packages.resolve(`${packageName}/package.json`)), file);
}

function testFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const found = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return found.filter((name) => name.endsWith(".test.ts")).map((name) => relative(root, join(folder, name))).sort();
}

function mochaSuite(name: string, files: string[], testMs: number, limitS: number, grep: string): Suite {
  const reporter = join(root, "tools", "test_runner", "reporter.mjs");
  const command = ["--import", "tsx", program("mocha", "bin/mocha.js"), "--no-config", "--check-leaks", "--forbid-only",
    "--timeout", String(testMs), "--reporter", reporter, ...(grep === "" ? [] : ["--grep", grep]), ...files];
  return { name, command, kind: "mocha", limitS };
}

/** Every suite there is now; `grep` narrows mocha suites to titles that contain it. */
export function allSuites(grep: string): Suite[] {
  const suites: Suite[] = [];
  const entries = readdirSync(join(root, "test"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const known = KNOWN.map((suite) => suite.name);
  const names = [...known, ...folders.filter((name) => !known.includes(name)).sort()];
  for (const name of names) {
    const files = testFiles(join(root, "test", name));
    const limits = KNOWN.find((suite) => suite.name === name) ?? { testMs: 20000, limitS: 180 };
    if (files.length > 0) suites.push(mochaSuite(name, files, limits.testMs, limits.limitS, grep));
  }
  suites.push({ name: "types", command: [program("typescript", "bin/tsc"), "-p", root], kind: "checker", limitS: 240 });
  suites.push({ name: "lint", command: [program("eslint", "bin/eslint.js"), root], kind: "checker", limitS: 240 });
  return suites;
}
