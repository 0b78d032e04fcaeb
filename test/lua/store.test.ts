/*
 * The store in real Lua machines.
 *
 * Input: test/lua/store_play.ts on Node and, compiled, in each machine. Output: test results. Invariant:
 * flash ends byte for byte the same everywhere.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { root } from "../../tools/root";
import { compiledLua } from "./compiled";
import { MACHINES } from "./machines";
import { run } from "./store_play";

describe("the store", () => {
  it("stores, refuses, drops and acknowledges in the played scene", () => {
    const text = run();
    for (const word of ["start 3 next", "energy 124056", "before {\"start\":2}"]) assert.ok(text.includes(word), word);
    assert.match(text, / full$/m);
  });

  for (const machine of MACHINES) {
    it(`leaves the same answers and the same flash in ${machine.name}`, () => {
      const lua = compiledLua(join(root, "test", "lua", "store_play.ts"), machine.version);
      assert.equal(machine.run(`return (function(...)\n${lua}\nend)().run()`), run());
    });
  }
});
