/*
 * The known answers in the form that ships: one minified ES5 text with short field names.
 *
 * Input: test/vectors/, built as a program is built. Output: test results. Invariant: the text that runs
 * in Node's own machine is, byte for byte, the one that the interpreter runs.
 */
import { strict as assert } from "node:assert";
import { runInNewContext } from "node:vm";
import { buildBundle } from "../../tools/build/bundle";
import { propertyNames } from "../../tools/build/property_names";
import { vectorLists, vectorsEntry, vectorsEntryPath } from "../vectors/run_all";
import { interpreters, runScript } from "./interpreter";

const SPEAK = "print(\"answers begin \" + run() + \" answers end\");\n";

/** One program a module of lists: all of them at once would not fit 2,500 variables. */
async function programs(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const path of new Set(vectorLists().map((list) => list.path))) {
    const lists = vectorLists().filter((list) => list.path === path);
    const extra = { [vectorsEntryPath]: vectorsEntry(lists, "") + SPEAK };
    found.set(path, await buildBundle(vectorsEntryPath, { kind: "program", minified: true, properties: propertyNames(), extra }));
  }
  return found;
}

/** A script lies in the interpreter's own memory, a program does not: on 2,500 variables a longer list has no room to run. */
const SMALL_MACHINE_BYTES = 14000;

describe("known answers in the built bundle", () => {
  let built = new Map<string, string>();

  before(async function () {
    this.timeout(120000);
    built = await programs();
  });

  it("agree in a bare virtual machine", () => {
    for (const [path, code] of built) {
      const printed: string[] = [];
      runInNewContext(code, { print: (line: string) => printed.push(line) }, { timeout: 60000 });
      assert.deepEqual(printed, ["answers begin  answers end"], path);
    }
  });

  for (const { name, path } of interpreters()) {
    it(`agree on the ${name}`, function () {
      if (path === "") this.skip();
      for (const [module, code] of built) {
        if (name.includes("2,500") && code.length > SMALL_MACHINE_BYTES) continue;
        const output = runScript(path, code);
        const found = /answers begin ([\s\S]*) answers end/.exec(output);
        assert.equal(found === null ? output.slice(-2000) : found[1], "", module);
      }
    });
  }
});
