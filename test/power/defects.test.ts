/*
 * The runner's own proof: it notices every defect of defects/list.
 *
 * Input: the store with one defect at a time. Output: test results. Invariant: a defect that survives fails
 * the test; so does one whose place in the source has gone.
 */
import assert from "node:assert/strict";
import { DEFECTS } from "./defects/list";
import { runScenario } from "./runner";
import type { Mode } from "./runner";
import { SCENARIOS } from "./scenarios";
import { loadStore } from "./store_modules";
import type { Defect } from "./store_modules";

const sound = loadStore();

/** Id and promise of the first case that notices the defect, "" when none does. */
function caught(defect: Defect): string {
  const [name, mode, stride] = defect.seenIn.split("/");
  const scenario = SCENARIOS.find((one) => one.name === name);
  assert.ok(scenario !== undefined, name);
  const options = { seeds: 4, stride: Number(stride), phase: 0 };
  assert.deepEqual(runScenario(scenario, sound, mode as Mode, { ...options, seeds: 1, stride: options.stride * 20 }).failures, [], "the store without the defect");
  try {
    return runScenario(scenario, loadStore(defect), mode as Mode, options).failures[0] ?? "";
  } catch (error) {
    // The defect shows before any cut: the run that prepares the moments already fails.
    return String(error);
  }
}

describe("the power runner", function () {
  this.timeout(120_000);
  it("is tried with at least twelve defects, all different", () => {
    assert.ok(DEFECTS.length >= 12);
    assert.equal(new Set(DEFECTS.map((defect) => defect.name)).size, DEFECTS.length);
  });
  for (const defect of DEFECTS) {
    it(`notices that ${defect.name}`, () => assert.notEqual(caught(defect), ""));
  }
  it("refuses a defect whose place is not in the source", () => {
    assert.throws(() => loadStore({ name: "gone", seenIn: "", file: "ring", find: "no such text", replace: "" }), /must occur once/);
  });
});
