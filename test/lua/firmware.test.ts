/*
 * The firmware as Lua sees it: it compiles whole, loads, and computes what it computes here.
 *
 * Input: every module of firmware/ and every list of known answers in test/vectors/. Output: test
 * results. Invariant: the same text runs in all machines; nothing is exchanged but ASCII.
 */
import { strict as assert } from "node:assert";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { compileLua } from "../../tools/build/lua";
import { entryOf, modulesUnder } from "../../tools/build/lua_entry";
import { root } from "../../tools/root";
import { MACHINES } from "./machines";

const entry = join(root, "lua_entry.ts");

/** An entry that runs every portable list of known answers and joins their complaints. */
function vectorsEntry(modules: string[]): string {
  const lines = modules.map((path, index) => `import * as list${String(index)} from "./${path}";`);
  lines.push("export function run(): string {", "  let text = \"\";", "  let count = 0;");
  modules.forEach((path, index) => {
    lines.push(`  for (const name of Object.keys(list${String(index)})) {`,
      `    const member: unknown = (list${String(index)} as { [name: string]: unknown })[name];`,
      "    if (name.substring(0, 3) !== \"run\" || typeof member !== \"function\") continue;",
      "    const complaint = (member as () => string)();",
      "    count++;",
      `    if (complaint !== "") text += "${path} " + name + ": " + complaint + "\\n";`,
      "  }");
  });
  lines.push("  return String(count) + \" lists\\n\" + text;", "}");
  return `${lines.join("\n")}\n`;
}

function vectorModules(): string[] {
  return existsSync(join(root, "test/vectors")) ? modulesUnder("test/vectors") : [];
}

describe("the firmware in Lua", () => {
  for (const version of ["5.1", "5.3"] as const) {
    it(`compiles to Lua ${version} without a complaint, and loads`, () => {
      const modules = modulesUnder("firmware");
      const lua = compileLua(entry, version, { [entry]: entryOf(modules) });
      for (const machine of MACHINES.filter((one) => one.version === version)) {
        const count = machine.run(`local all = (function(...)\n${lua}\nend)()\nreturn tostring(#all.names)`);
        assert.equal(count, String(modules.length), machine.name);
      }
    });
  }

  it("is refused with file and line when it uses what Lua lacks", () => {
    const source = "export const mask = (value: number): number => value & 255;\n";
    assert.throws(() => compileLua(entry, "5.1", { [entry]: source }), /lua_entry\.ts:1: .*[Bb]itwise/);
  });

  for (const machine of MACHINES) {
    it(`gives the known answers in ${machine.name}`, function () {
      const modules = vectorModules();
      if (modules.length === 0) this.skip();
      const lua = compileLua(entry, machine.version, { [entry]: vectorsEntry(modules) });
      const [count, ...complaints] = machine.run(`return (function(...)\n${lua}\nend)().run()`).trim().split("\n");
      assert.deepEqual(complaints, []);
      assert.ok(parseInt(count, 10) >= modules.length, `${count} ran of ${String(modules.length)} modules`);
    });
  }
});
