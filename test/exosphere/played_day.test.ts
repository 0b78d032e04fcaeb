/*
 * The promise of the README's first screen: one scripted day, from wires to SQL, agrees with its ledger.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const STARTER = fileURLToPath(new URL("../../tools/first_run.mjs", import.meta.url));

function start(...list: string[]) {
  const run = spawnSync(process.execPath, [STARTER, "start", ...list], { encoding: "utf8", timeout: 120_000 });
  return { code: run.status, lines: run.stdout.trimEnd().split("\n"), error: run.stderr };
}

describe("npm start -- --once", function () {
  this.timeout(150_000);

  for (const seed of [1, 2026]) {
    it(`plays day ${seed} with a power cut and an absent endpoint, and finds script and database equal`, () => {
      const day = start("--once", "--seed", String(seed));
      assert.equal(day.code, 0, day.lines.slice(-12).join("\n") + day.error);
      assert.match(day.lines[day.lines.length - 1]!, /^database and script agree in every session, user, Wh and cent$/);
      assert.ok(day.lines.some((line) => line.includes("resumed after a restart")), "the power cut was played");
      assert.ok(day.lines.some((line) => line.includes("Jürgen Müller, 5 €")), "the name is printed as it was written");
    });
  }

  it("refuses an unknown option with one line and exit code 2", () => {
    const wrong = start("--twice");
    assert.equal(wrong.code, 2);
    assert.match(wrong.error.trim(), /^npm start: unknown option '--twice'; see 'npm start -- --help'$/m);
    assert.doesNotMatch(wrong.error, /\n\s+at /);
  });

  it("refuses a speed that is none", () => {
    const wrong = start("--speed", "fast");
    assert.equal(wrong.code, 2);
    assert.match(wrong.error, /^npm start: --speed fast: give a whole number from 1 to 3600; see 'npm start -- --help'$/m);
  });
});
