/*
 * A whole test run over one of the fixtures, as a process that a test can end.
 *
 * Input: the fixture's name. Output: what a run prints, then the counts and the signal in one line. Invariant: the run is the
 * product's own; only the list of parts is another.
 */
import { join } from "node:path";
import { sumOf } from "../../tools/test_runner/progress";
import { runAll } from "../../tools/test_runner/run_all";
import { mochaCommand } from "../../tools/test_runner/suites";

const command = mochaCommand([join(import.meta.dirname, "fixtures", process.argv[2]!)], 20000, "");
const part = { suite: "fixture", label: "", command, kind: "mocha" as const, slots: 1, isAlone: false, needsBuild: false, usesConsolePort: false, processorS: 1 };
const { results, signal } = await runAll([part], process.env, () => Promise.resolve(""), false);
console.log(JSON.stringify({ ...sumOf(results), signal }));
