/*
 * The promises of the store, at every moment at which the power can fail.
 *
 * Input: the scenarios. Output: test results; a broken promise is named with the id of its case. To replay
 * one: POWER='wrap/linear/123.0' npm test -- power. All tear patterns and denser pairs: POWER=full.
 */
import assert from "node:assert/strict";
import { partOf, partsOf, runPart } from "./plan";
import { loadStore } from "./store_modules";

const wish = process.env.POWER ?? "";
const store = loadStore();

describe("the store at power cuts", function () {
  this.timeout(300_000);
  const parts = wish === "" || wish === "full" ? partsOf(wish === "full") : [partOf(wish)];
  let linear = 0;
  for (const part of parts) {
    it(part === undefined ? `has no case ${wish}` : `keeps every promise: ${part.scenario.name}, ${part.mode}`, () => {
      assert.ok(part !== undefined);
      const outcome = runPart(part, store);
      if (part.mode === "linear") linear += outcome.cases;
      assert.deepEqual(outcome.failures, []);
      assert.ok(outcome.cases > 0);
    });
  }
  if (parts.length > 1) it("was cut in at least 100,000 different ways", () => assert.ok(linear >= 100_000, String(linear)));
});
