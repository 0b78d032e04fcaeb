/*
 * The whole test run: `npm test`, or `npm test -- unit power` for a choice of suites.
 *
 * Input: suite names, --grep TEXT, --list, --help. Output: each suite's results, what this machine lacks, and as
 * the last line "N passed, N failed, N skipped". Invariant: the exit code is 0 only when nothing failed
 * and something passed; at most two processes run at once.
 */
import { availableParallelism } from "node:os";
import { runSuite } from "./run_suite";
import type { SuiteResult } from "./run_suite";
import { allSuites } from "./suites";
import type { Suite } from "./suites";
import { suiteEnvironment, surroundings } from "./surroundings";
import type { Surrounding } from "./surroundings";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function summary(result: SuiteResult): string {
  const word = result.failed > 0 ? "FAILED" : "ok";
  return `${word.padEnd(6)} ${result.name.padEnd(10)} ${String(result.passed).padStart(5)} passed, ${String(result.failed)} failed, ` +
    `${String(result.skipped)} skipped, ${result.seconds.toFixed(1)} s`;
}

function sayAbsent(list: Surrounding[], suites: Suite[]): void {
  for (const item of list) {
    if (!item.suites.some((name) => suites.some((suite) => suite.name === name))) continue;
    if (item.found !== "") say(`found  ${item.name}: ${item.found}`);
    else say(`!! ABSENT: ${item.name}. Tests of ${item.suites.join(", ")} that need it are SKIPPED, not passed.\n   To get it: ${item.remedy}.`);
  }
}

async function runAll(suites: Suite[], environment: NodeJS.ProcessEnv): Promise<SuiteResult[]> {
  const results: SuiteResult[] = [];
  const waiting = [...suites];
  const worker = async (): Promise<void> => {
    for (let suite = waiting.shift(); suite !== undefined; suite = waiting.shift()) {
      const result = await runSuite(suite, environment);
      results.push(result);
      say(summary(result));
      const text = result.text.replace(/\n{3,}/g, "\n\n").replace(/^\n+/, "").trimEnd();
      if (text !== "") say(text.split("\n").map((line) => `   ${line}`).join("\n"));
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, worker));
  return results;
}

function optionsOf(list: string[]): { names: string[]; grep: string; list: boolean; mistake: string } {
  const options = { names: [] as string[], grep: "", list: false, mistake: "" };
  for (let index = 0; index < list.length; index++) {
    const word = list[index];
    if (word === "--list") options.list = true;
    else if (word === "--grep" && index + 1 < list.length) options.grep = list[++index];
    else if (word.startsWith("-")) options.mistake = `unknown option ${word}; there are --list and --grep TEXT`;
    else options.names.push(word);
  }
  return options;
}

function helpText(suites: string[]): string {
  return `Usage: npm test -- [options] [suite …], or npx sdc test [options] [suite …]

Runs the suites named, or all of them: ${suites.join(", ")}.

Options:
  --grep TEXT  only tests with TEXT in their title
  --list       name the suites and run nothing
  --help       this text`;
}

/** Runs what `list` names, all suites when it names none. */
export async function main(list: string[]): Promise<number> {
  const options = optionsOf(list);
  const all = allSuites(options.grep);
  const known = all.map((suite) => suite.name);
  if (list.includes("--help") || list.includes("-h")) {
    say(helpText(known));
    return 0;
  }
  const unknown = options.names.find((name) => !known.includes(name));
  if (unknown !== undefined) options.mistake = `unknown suite ${unknown}; there are ${known.join(", ")}`;
  if (options.mistake !== "") {
    process.stderr.write(`npm test: ${options.mistake}\n`);
    return 2;
  }
  const suites = options.names.length === 0 ? all : all.filter((suite) => options.names.includes(suite.name));
  if (options.list) {
    for (const suite of suites) say(suite.name);
    return 0;
  }
  const around = surroundings();
  sayAbsent(around, suites);
  const begun = performance.now();
  const results = await runAll(suites, suiteEnvironment(around));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results) {
    total.passed += result.passed;
    total.failed += result.failed;
    total.skipped += result.skipped;
  }
  say("");
  sayAbsent(around.filter((item) => item.found === ""), suites);
  const failed = results.filter((result) => result.failed > 0).map((result) => result.name);
  if (failed.length > 0) say(`failed suites: ${failed.join(", ")}`);
  say(`${String(results.length)} suites in ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  say(`${String(total.passed)} passed, ${String(total.failed)} failed, ${String(total.skipped)} skipped`);
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}
