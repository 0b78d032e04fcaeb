/*
 * The whole test run: `npm test`, or `npm test -- unit power` for a choice of suites.
 *
 * Input: suite names, --grep TEXT, --list, --help. Output: results as they come, what this machine lacks, and as
 * the last line "N passed, N failed, N skipped". Invariant: the exit code is 0 only when nothing failed
 * and something passed.
 */
import { type Caller, wrongWords } from "../cli/wrong_words";
import { buildOnce } from "./build_once";
import { sumOf } from "./progress";
import { runAll } from "./run_all";
import type { RunResult } from "./run_all";
import { allSuites } from "./suites";
import { suiteEnvironment, surroundings } from "./surroundings";
import type { Surrounding } from "./surroundings";

const HOW_LONG = "All suites take about 16 minutes on two processors, most of it in espruino, exosphere, web and bundle; unit takes two.";
/** Shells end a program with 128 and the signal's number. */
const EXIT_CODES: Record<string, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sayAbsent(list: Surrounding[], suites: string[]): void {
  for (const item of list) {
    if (!item.suites.some((name) => suites.includes(name))) continue;
    if (item.found !== "") say(`found  ${item.name}: ${item.found}`);
    else say(`!! ABSENT: ${item.name}. Tests of ${item.suites.join(", ")} that need it are SKIPPED, not passed.\n   To get it: ${item.remedy}.`);
  }
}

interface Options { names: string[]; grep: string; list: boolean; error: string }

function optionsOf(list: string[]): Options {
  const options: Options = { names: [], grep: "", list: false, error: "" };
  for (let index = 0; index < list.length; index++) {
    const word = list[index]!;
    if (word === "--list") options.list = true;
    else if (word === "--grep" && index + 1 < list.length) options.grep = list[++index]!;
    else if (word.startsWith("-")) options.error = `unknown option ${word}; there are --list and --grep TEXT`;
    else options.names.push(word);
  }
  return options;
}

function helpText(suites: string[]): string {
  return `Usage: npm test -- [options] [suite …], or npx sdc test [options] [suite …]

Runs the suites named, or all of them: ${suites.join(", ")}.
${HOW_LONG}

Options:
  --grep TEXT  only tests with TEXT in their title
  --list       name the suites and run nothing
  --help       this text

SDC_TEST_VERBOSE=1 prints every title with its time.`;
}

/** The last lines: what was absent or skipped and why, what failed, the counts. */
function sayEnd({ results, signal }: RunResult, around: Surrounding[], seconds: number): number {
  const suites = [...new Set(results.map(({ part }) => part.suite))];
  const total = sumOf(results);
  say("");
  sayAbsent(around.filter((item) => item.found === ""), suites);
  for (const suite of suites) {
    const reasons = new Set(results.filter(({ part }) => part.suite === suite).flatMap((result) => result.reasons));
    for (const reason of reasons) say(`skipped in ${suite}: ${reason}`);
  }
  const failed = suites.filter((suite) => results.some((result) => result.part.suite === suite && result.failed > 0));
  if (failed.length > 0) say(`failed suites: ${failed.join(", ")}`);
  say(`${String(suites.length)} suites in ${seconds.toFixed(0)} s${signal === "" ? "" : `, ended early by ${signal}`}`);
  say(`${String(total.passed)} passed, ${String(total.failed)} failed, ${String(total.skipped)} skipped`);
  if (signal !== "") return EXIT_CODES[signal] ?? 1;
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** Runs what `list` names, all suites when it names none. */
export async function main(list: string[], caller: Caller = "npm test"): Promise<number> {
  const options = optionsOf(list);
  const around = surroundings();
  const all = allSuites(options.grep, around.filter((item) => item.found === "").map((item) => item.variable));
  const known = [...all.keys()];
  if (list.includes("--help") || list.includes("-h")) {
    say(helpText(known));
    return 0;
  }
  const unknown = options.names.find((name) => !known.includes(name));
  if (unknown !== undefined) options.error = `unknown suite ${unknown}; there are ${known.join(", ")}`;
  if (options.error !== "") {
    process.stderr.write(wrongWords(options.error, caller));
    return 2;
  }
  const names = options.names.length === 0 ? known : known.filter((name) => options.names.includes(name));
  if (options.list) {
    for (const name of names) say(name);
    return 0;
  }
  const begunMs = performance.now();
  if (options.names.length === 0) say(HOW_LONG);
  sayAbsent(around, names);
  const environment = suiteEnvironment(around);
  const parts = names.flatMap((name) => all.get(name) ?? []).sort((one, other) => other.processorS - one.processorS);
  const run = await runAll(parts, environment, () => buildOnce(environment), process.env.SDC_TEST_VERBOSE === "1");
  return sayEnd(run, around, (performance.now() - begunMs) / 1000);
}
