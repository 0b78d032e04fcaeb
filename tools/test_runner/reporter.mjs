/*
 * What a mocha process of the test run tells: failures in full, skipped titles, and its counts.
 *
 * Input: mocha's events. Output: text on stdout, and one last line "@@counts {json}" that
 * tools/test_runner/run_suite.ts takes off again. Invariant: a test is counted once, as what it ended as.
 */
import Mocha from "mocha";

const { Base } = Mocha.reporters;

export default class SuiteReporter extends Base {
  constructor(runner, options) {
    super(runner, options);
    const skipped = [];
    const verbose = process.env.SDC_TEST_VERBOSE === "1";
    runner.on("pending", (test) => skipped.push(test.fullTitle()));
    runner.on("pass", (test) => {
      if (verbose) console.log(`    ok ${test.fullTitle()} (${String(test.duration)} ms)`);
    });
    runner.once("end", () => {
      for (const title of skipped) console.log(`    skipped: ${title}`);
      if (this.failures.length > 0) Base.list(this.failures);
      const counts = { passed: this.stats.passes, failed: this.stats.failures, skipped: this.stats.pending };
      console.log(`@@counts ${JSON.stringify(counts)}`);
    });
  }
}
