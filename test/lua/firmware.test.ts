/*
 * The firmware as Lua sees it: it compiles whole, loads, and computes what it computes here.
 *
 * Input: every module of firmware/ and every list of known answers in test/vectors/. Output: test
 * results. Invariant: the same text runs in all machines; nothing is exchanged but ASCII.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { entryOf, modulesUnder } from "../../tools/build/modules";
import { root } from "../../tools/root";
import { vectorLists, vectorsEntry, vectorsEntryPath } from "../vectors/run_all";
import { compiledLua } from "./compiled";
import { MACHINES } from "./machines";

const entry = join(root, "lua_entry.ts");

const FOLDERS = ["test/vectors", "test/lua/vectors"];

describe("the firmware in Lua", () => {
  for (const version of ["5.1", "5.3"] as const) {
    it(`compiles to Lua ${version} without a complaint, and loads`, () => {
      const modules = modulesUnder("firmware");
      const lua = compiledLua(entry, version, { [entry]: entryOf(modules) });
      for (const machine of MACHINES.filter((one) => one.version === version)) {
        const count = machine.run(`local all = (function(...)\n${lua}\nend)()\nreturn tostring(#all.names)`);
        assert.equal(count, String(modules.length), machine.name);
      }
    });
  }

  it("is refused with file and line when it uses what Lua lacks", () => {
    const source = "export const mask = (value: number): number => value & 255;\n";
    assert.throws(() => compiledLua(entry, "5.1", { [entry]: source }), /lua_entry\.ts:1: .*[Bb]itwise/);
  });

  for (const machine of MACHINES) {
    it(`gives the known answers in ${machine.name}`, () => {
      const lua = compiledLua(vectorsEntryPath, machine.version, { [vectorsEntryPath]: vectorsEntry(vectorLists(FOLDERS)) });
      const complaints = machine.run(`return (function(...)\n${lua}\nend)().run()`);
      assert.equal(complaints, "");
    });
  }

  it("tells which known answer a machine gets wrong", () => {
    const source = "import { difference } from \"./test/vectors/check\";\nexport function run(): string { return difference(\"seven\", String(Math.floor(15 / 2)), \"8\"); }\n";
    const lua = compiledLua(vectorsEntryPath, "5.3", { [vectorsEntryPath]: source });
    assert.match(MACHINES[1]!.run(`return (function(...)\n${lua}\nend)().run()`), /seven gave 7 instead of 8/);
  });
});
