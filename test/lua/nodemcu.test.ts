/*
 * The NodeMCU ports inside real Lua machines.
 *
 * Input: hal/nodemcu and the fake modules, compiled together. Output: test results. Invariant: the machine
 * with 32-bit integers is one of them, because a NodeMCU build has no wider ones.
 */
import { strict as assert } from "node:assert";
import { join } from "node:path";
import { root } from "../../tools/root";
import { compiledLua } from "./compiled";
import { MACHINES } from "./machines";
import { run } from "./nodemcu_smoke";

describe("the NodeMCU ports", () => {
  it("work on Node over the same fake modules", () => assert.equal(run(), ""));

  for (const machine of MACHINES) {
    it(`work in ${machine.name}`, () => {
      const lua = compiledLua(join(root, "test", "lua", "nodemcu_smoke.ts"), machine.version);
      assert.equal(machine.run(`return (function(...)\n${lua}\nend)().run()`), "");
    });
  }
});
