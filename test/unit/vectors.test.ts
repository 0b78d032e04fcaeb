/*
 * The portable lists of known answers, on Node.
 *
 * Input: test/vectors/. Output: one test a list. Invariant: the same lists run in Lua and in the built
 * bundle; here a failure is easiest to read.
 */
import { strict as assert } from "node:assert";
import { vectorLists } from "../vectors/run_all";

describe("known answers on Node", () => {
  for (const list of vectorLists(["test/vectors", "test/lua/vectors"])) {
    it(`${list.name} of ${list.path} agrees`, async () => {
      const module = await import(`../../${list.path}`) as { [name: string]: () => string };
      assert.equal(module[list.name]!(), "");
    });
  }

  it("has lists to run", () => assert.ok(vectorLists().length > 0));
});
