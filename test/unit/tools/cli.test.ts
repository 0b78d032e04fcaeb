/*
 * The command line `sdc` as a user meets it.
 *
 * Input: words typed. Output: test results. Invariant: what is not understood is one line on stderr and a
 * non-zero exit; never a stack trace.
 */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { root } from "../../../tools/root";

function sdc(...words: string[]): { code: number | null; out: string; err: string } {
  const result = spawnSync(process.execPath, [join(root, "tools", "sdc.mjs"), ...words], { encoding: "utf8" });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

describe("sdc", function () {
  this.timeout(60000);

  it("shows its verbs when asked for help, and exits 0", () => {
    const { code, out, err } = sdc("--help");
    assert.equal(code, 0);
    assert.equal(err, "");
    for (const verb of ["build", "boards", "test"]) assert.match(out, new RegExp(`\\b${verb}\\b`));
  });

  it("shows the same help when nothing was typed", () => assert.equal(sdc().out, sdc("--help").out));

  it("lists the boards", () => {
    const { code, out } = sdc("boards");
    assert.equal(code, 0);
    assert.match(out, /^esp32_devkit .*0x310000 \+ 64 KiB/m);
  });

  for (const words of [["bords"], ["boards", "--everything"], ["boards", "extra"], ["build", "--nonsense"], ["help", "bords"], ["test", "no_such_suite"]]) {
    it(`answers 'sdc ${words.join(" ")}' with one line and a non-zero exit`, () => {
      const { code, out, err } = sdc(...words);
      assert.ok(code !== 0 && code !== null, `exit code ${String(code)}`);
      assert.equal(out, "");
      assert.match(err, /^[^\n]+\n$/);
      assert.doesNotMatch(err, /\n {4}at /);
    });
  }
});
