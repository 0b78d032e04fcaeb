/*
 * One seed decides everything.
 *
 * Input: small worlds. Output: test results. Invariant: hashes are compared, and they cover every row that the database
 * holds.
 */
import assert from "node:assert/strict";
import { DEFAULTS, FAULTS } from "../../tools/sim/options";
import { closeSpare, simulate } from "../../tools/sim/run/simulation";

describe("a simulated world", function () {
  this.timeout(120_000);
  // The next world's database is made ahead, and would keep the process.
  after(() => closeSpare());

  it("has the same hash on two runs, and another one with another seed", async () => {
    const options = { ...DEFAULTS, seed: 11, days: 3, faults: [...FAULTS] };
    const first = await simulate(options);
    const second = await simulate(options);
    assert.equal(second.hash, first.hash);
    assert.notEqual((await simulate({ ...options, seed: 12 })).hash, first.hash);
  });

  it("has the same rows of a board with one board and with four", async () => {
    const options = { ...DEFAULTS, seed: 13, days: 3, faults: [...FAULTS] };
    const alone = await simulate(options);
    const among = await simulate({ ...options, boards: 4 });
    assert.equal(among.boardHashes[0], alone.boardHashes[0]);
    assert.equal(new Set(among.boardHashes).size, 4);
  });

  it("has the same rows when every tick of a board is done", async () => {
    const options = { ...DEFAULTS, seed: 14, days: 2, faults: [...FAULTS] };
    assert.equal((await simulate({ ...options, everyTick: true })).hash, (await simulate(options)).hash);
  });
});
