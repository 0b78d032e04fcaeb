/*
 * The measurements of `npm run bench`: which there are, and that each can be started.
 *
 * Input: the files of tools/bench. Output: test results. Invariant: nothing is measured here.
 */
import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { measurement, measurementNames } from "../../../tools/bench/main";
import { root } from "../../../tools/root";

describe("npm run bench", () => {
  it("has a measurement for each name, and opens its file", async function () {
    // The compiler reads the server and the build for them.
    this.timeout(60000);
    for (const name of measurementNames()) assert.equal(typeof (await measurement(name)).bench, "function", name);
  });

  it("has every measurement that docs/BENCHMARKS.md names, and documents every one that it has", () => {
    const named = [...readFileSync(join(root, "docs", "BENCHMARKS.md"), "utf8").matchAll(/npm run bench -- ([a-z]+)/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(named)].sort(), measurementNames());
  });

  it("says of each what it measures and takes", () => {
    for (const name of measurementNames()) assert.match(readFileSync(join(root, "tools", "bench", `${name}.ts`), "utf8"), new RegExp(`^/\\*\n \\* \`npm run bench -- ${name}\`: [^]*? Input: `), name);
  });
});
