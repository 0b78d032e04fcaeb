/*
 * How the test run counts.
 *
 * Input: outputs as mocha processes leave them. Output: test results. Invariant: nothing that went wrong
 * can look like success.
 */
import { strict as assert } from "node:assert";
import { readChecker, readMocha } from "../../../tools/test_runner/run_suite";
import { allSuites } from "../../../tools/test_runner/suites";
import { surroundings } from "../../../tools/test_runner/surroundings";

const GOOD = "text\n@@counts {\"passed\":3,\"failed\":0,\"skipped\":1}\n";

describe("the test run", () => {
  it("takes the counts of a suite and leaves its text", () => {
    const { counts, text } = readMocha(GOOD, 0, "");
    assert.deepEqual(counts, { passed: 3, failed: 0, skipped: 1 });
    assert.ok(text.includes("text") && !text.includes("@@counts"));
  });

  it("counts a process that died before its results as failed", () => {
    assert.equal(readMocha("Segmentation fault", null, "").counts.failed, 1);
  });

  it("counts an exit code without a failed test as failed", () => {
    assert.equal(readMocha(GOOD, 7, "").counts.failed, 1);
  });

  it("counts a suite that was stopped as failed, also after its results", () => {
    const { counts, text } = readMocha(GOOD, null, "was stopped after 5 s");
    assert.equal(counts.failed, 1);
    assert.match(text, /was stopped after 5 s/);
  });

  it("counts a suite in which no test ran as failed", () => {
    assert.equal(readMocha("@@counts {\"passed\":0,\"failed\":0,\"skipped\":0}\n", 0, "").counts.failed, 1);
  });

  it("never counts a skipped test as passed", () => {
    const { counts } = readMocha("@@counts {\"passed\":0,\"failed\":0,\"skipped\":4}\n", 0, "");
    assert.deepEqual(counts, { passed: 0, failed: 0, skipped: 4 });
  });

  it("counts a checker as one test", () => {
    assert.deepEqual(readChecker("", 0, "").counts, { passed: 1, failed: 0, skipped: 0 });
    assert.deepEqual(readChecker("x", 2, "").counts, { passed: 0, failed: 1, skipped: 0 });
    assert.deepEqual(readChecker("", 0, "was stopped").counts, { passed: 0, failed: 1, skipped: 0 });
  });

  it("knows this suite, the compiler and the lint rules", () => {
    const names = allSuites("").map((suite) => suite.name);
    for (const name of ["unit", "types", "lint"]) assert.ok(names.includes(name), name);
    assert.equal(new Set(names).size, names.length);
  });

  it("says for everything that may be absent how to get it", () => {
    for (const item of surroundings()) assert.ok(item.remedy.length > 10 && item.suites.length > 0, item.name);
  });
});
