/*
 * Reports the events of a mocha process of the test run, as they happen.
 *
 * Input: mocha's events. Output: failures in full on stdout; on file descriptor 3 one line of JSON for each test or
 * hook that begins, for each result and for the end (tools/test_runner/part_events.ts). Invariants: each line is
 * written before the next test begins, so that nothing is lost when the process dies; a limit is for a quiet
 * machine, and is longer where other processes want the processors too.
 */
import { readFileSync, writeSync } from "node:fs";
import Mocha from "mocha";
import { loadFactor } from "./load_factor.ts";

const { Base } = Mocha.reporters;
const CHANNEL = 3;

function send(event) {
  const line = Buffer.from(`${JSON.stringify(event)}\n`);
  for (let sent = 0; sent < line.length;) {
    try {
      sent += writeSync(CHANNEL, line, sent);
    } catch (error) {
      // The reader is slower than we are: it will come.
      if (error.code !== "EAGAIN") throw error;
    }
  }
}

/** Processor time so far, of this process and, on Linux, of those that it started and waited for. */
function processorMs() {
  try {
    // Behind the name in brackets: user and system time of this process, then of its children, in hundredths of a second.
    const fields = readFileSync("/proc/self/stat", "latin1").replace(/^.*\) /s, "").split(" ");
    return fields.slice(11, 15).reduce((sum, hundredths) => sum + Number(hundredths) * 10, 0);
  } catch {
    // Another system: the children are not counted.
    const { user, system } = process.cpuUsage();
    return Math.round((user + system) / 1000);
  }
}

/** Lengthens the limits of a test or hook, those set so far and those that its body sets. */
function lengthen(runnable, factor, heard) {
  const own = Object.getPrototypeOf(runnable).timeout;
  const setMs = runnable.quietMs ?? own.call(runnable);
  runnable.quietMs = setMs;
  runnable.timeout = function timeout(ms) {
    if (arguments.length === 0) return own.call(this);
    const number = Number(ms);
    if (Number.isNaN(number)) return own.call(this, ms);
    const result = own.call(this, number * factor);
    heard(number * factor);
    return result;
  };
  own.call(runnable, setMs * factor);
  return setMs * factor;
}

export default class SuiteReporter extends Base {
  constructor(runner, options) {
    super(runner, options);
    let current;
    const begin = (runnable) => {
      current = runnable;
      const limitMs = lengthen(runnable, loadFactor(), (ms) => { if (current === runnable) send({ kind: "limit", limitMs: ms }); });
      send({ kind: "begin", title: runnable.fullTitle(), limitMs });
    };
    runner.on("test", begin);
    runner.on("hook", begin);
    // After its hooks the test itself begins.
    runner.on("hook end", (hook) => { if (hook.ctx?.currentTest !== undefined) send({ kind: "begin", title: hook.ctx.currentTest.fullTitle(), limitMs: hook.ctx.currentTest.timeout() }); });
    runner.on("pending", (test) => send({ kind: "skipped", title: test.fullTitle() }));
    runner.on("pass", (test) => send({ kind: "passed", title: test.fullTitle(), tookMs: test.duration }));
    runner.on("fail", (test) => {
      Base.list([test]);
      send({ kind: "failed", title: test.fullTitle() });
    });
    runner.once("end", () => send({ kind: "end", processorMs: processorMs() }));
  }
}
