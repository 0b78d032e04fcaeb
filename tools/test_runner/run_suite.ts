/*
 * Runs one suite as a process of its own and counts what it says.
 *
 * Input: a suite, the environment, a way to hear of the end. Output: counts and the text to show.
 * Invariant: a process that dies, hangs, or runs no test at all is a failure, whatever it printed;
 * a skipped test is never a passed one.
 */
import { spawn } from "node:child_process";
import { root } from "../root";
import type { Suite } from "./suites";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export interface SuiteResult extends Counts {
  name: string;
  text: string;
  seconds: number;
}

/** Output kept of one suite; more is cut in the middle. */
const TEXT_MAX = 200000;
/** Letters kept of what it wrote to stderr, the last ones. */
const COMPLAINTS_MAX = 4000;
const MARK = "@@counts ";

/** What a mocha process's output and exit say. Exported for its test. */
export function readMocha(output: string, exitCode: number | null, stopped: string): { counts: Counts; text: string } {
  const lines = output.split("\n");
  const mark = lines.findIndex((line) => line.startsWith(MARK));
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  let text = lines.filter((line) => !line.startsWith(MARK)).join("\n");
  if (mark >= 0) Object.assign(counts, JSON.parse(lines[mark].substring(MARK.length)));
  const end = stopped !== "" ? stopped : exitCode === null ? "ended by a signal" : `ended with exit code ${String(exitCode)}`;
  if (mark < 0 || stopped !== "" || (exitCode !== 0 && counts.failed === 0)) {
    counts.failed++;
    text += `\n    the process ${end}${mark < 0 ? " before it had told its results" : ""}\n`;
  } else if (counts.passed + counts.failed + counts.skipped === 0) {
    counts.failed++;
    text += "\n    no test ran\n";
  }
  return { counts, text };
}

/** What a checker's exit says: it is one test. */
export function readChecker(output: string, exitCode: number | null, stopped: string): { counts: Counts; text: string } {
  const good = exitCode === 0 && stopped === "";
  const text = stopped === "" ? output : `${output}\n    the process ${stopped}\n`;
  return { counts: { passed: good ? 1 : 0, failed: good ? 0 : 1, skipped: 0 }, text };
}

/** Runs `suite`; never rejects. */
export function runSuite(suite: Suite, environment: NodeJS.ProcessEnv): Promise<SuiteResult> {
  const begun = performance.now();
  return new Promise((resolve) => {
    let output = "";
    let complaints = "";
    let stopped = "";
    // A process group of its own: what the suite started ends with it.
    const child = spawn(process.execPath, suite.command, { cwd: root, env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const stopGroup = (): void => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") output += `\n    could not be stopped: ${String(error)}\n`;
      }
    };
    const limit = setTimeout(() => {
      stopped = `was stopped after ${String(suite.limitS)} s`;
      stopGroup();
    }, suite.limitS * 1000);
    const keep = (data: string): void => {
      output += data;
      if (output.length > TEXT_MAX) output = `${output.slice(0, TEXT_MAX / 2)}\n    …\n${output.slice(-TEXT_MAX / 4)}`;
    };
    const keepComplaint = (data: string): void => {
      complaints = (complaints + data).slice(-COMPLAINTS_MAX);
    };
    const end = (exitCode: number | null): void => {
      clearTimeout(limit);
      process.off("exit", stopGroup);
      stopGroup();
      const read = suite.kind === "mocha" ? readMocha : readChecker;
      const { counts, text } = read(output, exitCode, stopped);
      // What tests provoke on stderr matters only when something failed.
      const shown = counts.failed > 0 && complaints.trim() !== "" ? `${text}\n  last lines of stderr:\n${complaints}` : text;
      resolve({ name: suite.name, ...counts, text: shown, seconds: (performance.now() - begun) / 1000 });
    };
    process.on("exit", stopGroup);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keepComplaint);
    child.on("error", (error) => { stopped = `could not be started: ${error.message}`; end(null); });
    child.on("close", end);
  });
}
