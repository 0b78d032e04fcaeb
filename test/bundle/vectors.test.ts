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
import { vectorsEntry, vectorsEntryPath } from "../vectors/run_all";
import { interpreters, runScript } from "./interpreter";

const SPEAK = "print(\"answers begin \" + run() + \" answers end\");\n";

describe("known answers in the built bundle", () => {
  let code = "";

  before(async () => {
    const extra = { [vectorsEntryPath]: vectorsEntry("") + SPEAK };
    code = await buildBundle(vectorsEntryPath, { kind: "program", minified: true, properties: propertyNames(), extra });
  });

  it("agree in a bare virtual machine", () => {
    const printed: string[] = [];
    runInNewContext(code, { print: (line: string) => printed.push(line) }, { timeout: 60000 });
    assert.deepEqual(printed, ["answers begin  answers end"]);
  });

  for (const { name, path } of interpreters()) {
    it(`agree on the ${name}`, function () {
      if (path === "") this.skip();
      const output = runScript(path, code);
      const found = /answers begin ([\s\S]*) answers end/.exec(output);
      assert.equal(found === null ? output.slice(-2000) : found[1], "");
    });
  }
});
