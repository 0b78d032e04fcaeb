/*
 * Modules that the firmware asks for by name are built under that name.
 *
 * Input: every `load("name")` of the firmware, and the reader models. Output: test results. Invariant: a
 * board never asks its Storage for a module that no build has put there.
 */
import { strict as assert } from "node:assert";
import { READER_MODELS } from "../../../firmware/inputs/reader/registry";
import { loadableModules } from "../../../tools/build/espruino";
import { modulesUnder } from "../../../tools/build/modules";
import { readOwn } from "../project/source_files";

describe("loadable modules", () => {
  const built = loadableModules();

  it("are built for every name that the firmware loads", () => {
    const asked = modulesUnder("firmware").flatMap((path) => [...readOwn(`${path}.ts`).matchAll(/\.load\("(\w+)"\)/g)].map((match) => match[1]!));
    assert.ok(asked.length > 3);
    assert.deepEqual(asked.filter((name) => !built.has(name)), []);
  });

  it("are built for every reader model", () => {
    assert.deepEqual(READER_MODELS.map((model) => model.name).filter((name) => !built.has(name)), []);
  });
});
