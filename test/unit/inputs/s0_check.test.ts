/*
 * The warnings about a meter's settings, and the drift of a register.
 *
 * Input: settings of real meters, and some that cannot work. Output: test results. Invariant: a warning
 * names the setting and the remedy.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { s0Drift, s0RateWarning } from "../../../firmware/inputs/s0_check";

describe("check of an S0 meter's settings", () => {
  it("says nothing about common meters at 22 kW", () => {
    assert.equal(s0RateWarning(1000, 22000, 10, 50), "");
    assert.equal(s0RateWarning(500, 22000, 10, 50), "");
    assert.equal(s0RateWarning(100, 43000, 20, 0), "");
    assert.equal(s0RateWarning(2000, 22000, 10, 0), "");
    assert.equal(s0RateWarning(1, 22000, 10, 50), "");
  });

  it("warns of a spacing that would leave out pulses at full power", () => {
    assert.match(s0RateWarning(2000, 22000, 10, 81), /every 81 ms: spacingMs 81 leaves them out/);
    assert.equal(s0RateWarning(2000, 22000, 10, 80), "");
  });

  it("warns of a rate that no S0 output can send", () => {
    assert.match(s0RateWarning(1000, 61000, 10, 50), /every 59 ms, which no S0 output/);
    assert.match(s0RateWarning(2000, 43000, 10, 0), /every 41 ms, which no S0 output/);
    assert.equal(s0RateWarning(1000, 60000, 10, 50), "");
  });

  it("warns of a filter that the pulses of a fast output cannot pass", () => {
    assert.match(s0RateWarning(10000, 22000, 10, 0), /every 16 ms: filterMs 10 loses them; write at most 8/);
  });

  it("warns of a filter shorter than bounce, or longer than a pulse", () => {
    assert.match(s0RateWarning(1000, 11000, 4, 0), /shorter than an S0 contact may bounce/);
    assert.match(s0RateWarning(100, 11000, 26, 0), /may lose an S0 pulse/);
  });

  it("works out the distance of pulses within a millisecond, for every meter and power, in 31 bits", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 100000 }), fc.integer({ min: 1, max: 1000000 }), (pulsesPerKwh, powerW) => {
      const match = /every (\d+) ms/.exec(s0RateWarning(pulsesPerKwh, powerW, 10000000, 0));
      const exact = 3.6e9 / (pulsesPerKwh * powerW);
      if (match === null) assert.ok(exact >= 20000000 - 2);
      else assert.ok(Math.abs(Number(match[1]) - exact) <= 2, match[1] + " for " + exact);
    }));
  });
});

describe("drift of a register", () => {
  it("is what was counted too much or too little, in thousandths of what was metered", () => {
    assert.equal(s0Drift(1_010_000, 1_000_000, 0), 10);
    assert.equal(s0Drift(995_000, 1_000_000, 500_000), -10);
    assert.equal(s0Drift(1_000_000, 1_000_000, 0), 0);
  });

  it("is 0 as long as nothing was metered", () => assert.equal(s0Drift(1500, 1000, 1000), 0));

  it("holds for registers of thousands of MWh", () => assert.equal(s0Drift(2_147_000_000, 2_100_000_000, 100_000_000), 23));
});
