/*
 * The simulator's own proof: it finds every known defect.
 *
 * Input: a copy of the sources in which each defect can be switched on. Output: test results. Invariant: a defect that no
 * world of its seeds finds fails the test; so does a world that breaks a promise without any defect.
 */
import assert from "node:assert/strict";
import type { Canary } from "../../tools/sim/canaries/canary";
import { CANARIES } from "../../tools/sim/canaries/list";
import { openNest, withCanaries, type Nest } from "../../tools/sim/canaries/nest";
import { DEFAULTS, type SimOptions } from "../../tools/sim/options";

function worldOf({ days, faults }: Canary, seed: number): SimOptions {
  return { ...DEFAULTS, days, faults, seed };
}

describe("the simulator", function () {
  this.timeout(180_000);
  let nest: Nest;
  const sound = new Map<string, number>();

  before(async () => { nest = await openNest(CANARIES); });
  after(async () => { await nest.close(); });

  it("is tried with at least 25 defects, all different, in each room", () => {
    assert.ok(CANARIES.length >= 25);
    assert.equal(new Set(CANARIES.map(({ name }) => name)).size, CANARIES.length);
    assert.deepEqual([...new Set(CANARIES.map(({ room }) => room))].sort(), ["block", "server", "signal", "store", "time", "uplink"]);
  });

  for (const canary of CANARIES) {
    it(`finds that ${canary.name}`, async () => {
      for (let seed = canary.seed; seed < canary.seed + canary.seeds; seed++) {
        const options = worldOf(canary, seed);
        const { violations } = await nest.simulate(options, canary.name);
        if (violations.length === 0) continue;
        const key = JSON.stringify(options);
        if (!sound.has(key)) sound.set(key, (await nest.simulate(options, "")).violations.length);
        assert.equal(sound.get(key), 0, "the world without the defect");
        return;
      }
      assert.fail(`no world from seed ${String(canary.seed)} on found it in ${String(canary.seeds)} seeds`);
    });
  }

  it("refuses a defect whose place is not in the source", () => {
    const canary: Canary = { name: "gone", room: "block", file: "a.ts", before: "no such text", after: "", faults: [], days: 1, seed: 1, seeds: 1 };
    assert.throws(() => withCanaries("text", [canary]), /must be once/);
  });
});
