/*
 * How the test run counts, and in which order it starts what.
 *
 * Input: events as mocha processes send them; lists of parts. Output: test results. Invariant: nothing that went wrong
 * can look like success.
 */
import { strict as assert } from "node:assert";
import { applyEvent, BETWEEN_MS, createPartRecord, eventReader, failureOf } from "../../tools/test_runner/part_events";
import type { PartEvent, PartRecord } from "../../tools/test_runner/part_events";
import { readChecker, reasonsIn } from "../../tools/test_runner/run_part";
import { nextPart } from "../../tools/test_runner/schedule";
import { allSuites, dealt } from "../../tools/test_runner/suites";
import type { Part } from "../../tools/test_runner/suites";
import { surroundings } from "../../tools/test_runner/surroundings";

function recordOf(...events: PartEvent[]): PartRecord {
  const record = createPartRecord();
  for (const event of events) applyEvent(record, event);
  return record;
}

const PASSED: PartEvent = { kind: "passed", title: "adds", tookMs: 1 };
const END: PartEvent = { kind: "end", processorMs: 1500 };

function part(suite: string, more: Partial<Part> = {}): Part {
  return { suite, label: "", command: [], kind: "mocha", slots: 2, isAlone: false, needsBuild: false, usesConsolePort: false, processorS: 1, ...more };
}

describe("the test run", () => {
  it("counts each result once", () => {
    const record = recordOf(PASSED, { kind: "skipped", title: "b" }, { kind: "failed", title: "c" }, PASSED, END);
    assert.deepEqual([record.counts, record.skipped, failureOf(record, 1, "")], [{ passed: 2, failed: 1, skipped: 1 }, ["b"], ""]);
    assert.equal(record.processorMs, 1500);
  });

  it("reads events from pieces that break anywhere", () => {
    const heard: PartEvent[] = [];
    const read = eventReader((event) => heard.push(event));
    for (const piece of `${JSON.stringify(PASSED)}\n${JSON.stringify(END)}\n`.match(/[^]{1,7}/g) ?? []) read(piece);
    assert.deepEqual(heard, [PASSED, END]);
  });

  it("fails a process that died, by what it was doing", () => {
    assert.equal(failureOf(recordOf(), null, ""), "the process was ended by a signal before its first test");
    assert.equal(failureOf(recordOf(PASSED), 3, ""), "the process ended with exit code 3 after \"adds\"");
    assert.equal(failureOf(recordOf(PASSED, { kind: "begin", title: "takes", limitMs: 5 }), null, ""), "the process was ended by a signal in \"takes\"");
  });

  it("fails an exit code without a failed test, also after the end, and a process that was stopped", () => {
    assert.equal(failureOf(recordOf(PASSED, END), 7, ""), "the process ended with exit code 7 although no test failed");
    assert.equal(failureOf(recordOf(PASSED, END), null, "was stopped"), "the process was stopped after \"adds\"");
  });

  it("fails a suite in which no test ran, and not one in which all were skipped", () => {
    assert.equal(failureOf(recordOf(END), 0, ""), "no test ran");
    assert.equal(failureOf(recordOf({ kind: "skipped", title: "b" }, END), 0, ""), "");
  });

  it("gives each test its own limit and time beyond, and the time between tests another", () => {
    const record = createPartRecord(1000);
    assert.equal(record.limitMs, BETWEEN_MS);
    applyEvent(record, { kind: "begin", title: "a", limitMs: 5000 });
    assert.equal(record.limitMs, 6000);
    applyEvent(record, { kind: "limit", limitMs: 9000 });
    assert.equal(record.limitMs, 10000);
    applyEvent(record, PASSED);
    assert.equal(record.limitMs, BETWEEN_MS);
    applyEvent(record, { kind: "begin", title: "without a limit", limitMs: 0 });
    assert.equal(record.limitMs, 1800000);
  });

  it("counts a checker as one test", () => {
    assert.deepEqual(readChecker(0, ""), { counts: { passed: 1, failed: 0, skipped: 0 }, failure: "" });
    assert.deepEqual(readChecker(2, ""), { counts: { passed: 0, failed: 1, skipped: 0 }, failure: "" });
    assert.deepEqual(readChecker(0, "was stopped"), { counts: { passed: 0, failed: 1, skipped: 0 }, failure: "the process was stopped" });
  });

  it("finds the reasons for skipping, each once", () => {
    assert.deepEqual(reasonsIn("a warning\nSKIPPED: no openssl\n  SKIPPED, not passed: no browser\nSKIPPED: no openssl\n"), ["no openssl", "no browser"]);
  });

  it("starts what fits beside the rest, and no more", () => {
    const machine = { slots: 4, isBuilt: true, hasOwnNetworks: true };
    const waiting = [part("a", { slots: 3 }), part("b", { slots: 1 })];
    assert.equal(nextPart(waiting, [part("c")], machine)?.suite, "b");
    assert.equal(nextPart(waiting, [], machine)?.suite, "a");
    assert.equal(nextPart(waiting, [part("c"), part("d")], machine), undefined);
  });

  it("starts what needs the build after it, and what runs alone alone", () => {
    const machine = { slots: 4, isBuilt: false, hasOwnNetworks: true };
    const waiting = [part("alone", { isAlone: true }), part("built", { needsBuild: true })];
    assert.equal(nextPart(waiting, [part("c")], machine), undefined);
    assert.equal(nextPart(waiting, [part("c")], { ...machine, isBuilt: true })?.suite, "built");
    assert.equal(nextPart(waiting, [], machine)?.suite, "alone");
    assert.equal(nextPart([part("b")], [part("alone", { isAlone: true })], machine), undefined);
  });

  it("runs parts with the console's port one after the other only where they share it", () => {
    const waiting = [part("console", { usesConsolePort: true, slots: 1 })];
    const running = [part("web", { usesConsolePort: true, slots: 1 })];
    assert.equal(nextPart(waiting, running, { slots: 4, isBuilt: true, hasOwnNetworks: false }), undefined);
    assert.equal(nextPart(waiting, running, { slots: 4, isBuilt: true, hasOwnNetworks: true })?.suite, "console");
  });

  it("deals every file to one process", () => {
    assert.deepEqual(dealt(["a", "b", "c"], 2), [["a", "c"], ["b"]]);
    assert.deepEqual(dealt(["a", "b"], "files"), [["a"], ["b"]]);
    assert.deepEqual(dealt(["a"], 4), [["a"]]);
  });

  it("knows this suite, the compiler and the lint rules, and no part twice", () => {
    const suites = allSuites("", []);
    for (const name of ["runner", "unit", "types", "lint"]) assert.ok(suites.has(name), name);
    const files = [...suites.values()].flat().flatMap(({ command }) => command.filter((word) => word.endsWith(".test.ts")));
    assert.equal(new Set(files).size, files.length);
    for (const name of ["espruino/two_meters", "runner/counting", "web/board_link", "unit/vectors"]) assert.ok(files.includes(`test/${name}.test.ts`), name);
  });

  it("needs one process and no build to say that there is no interpreter, and a process a file when there is one", () => {
    const counts = (absent: string[]): number[] => ["espruino", "console"].map((name) => allSuites("", absent).get(name)!.length);
    const files = ["espruino", "console"].map((name) => allSuites("", []).get(name)!.flatMap(({ command }) => command.filter((word) => word.endsWith(".test.ts"))));
    const lone = allSuites("", ["ESPRUINO", "ESPRUINO32", "ESPRUINO_ESP32"]);
    assert.deepEqual(counts(["ESPRUINO"]), files.map((list) => list.length));
    assert.deepEqual(counts(["ESPRUINO", "ESPRUINO32"]), [files[0]!.length, 1]);
    for (const [index, name] of ["espruino", "console"].entries()) {
      const [only, ...rest] = lone.get(name)!;
      assert.deepEqual([rest, only!.needsBuild, only!.isAlone, only!.command.filter((word) => word.endsWith(".test.ts"))], [[], false, false, files[index]]);
    }
  });

  it("says for everything that may be absent how to get it", () => {
    for (const item of surroundings()) assert.ok(item.remedy.length > 10 && item.suites.length > 0, item.name);
  });
});
