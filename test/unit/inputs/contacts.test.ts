/*
 * Analog readings become exact decimals without one floating-point operation that could show.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { AnalogConfiguration } from "../../../firmware/configuration/configuration";
import { analogText } from "../../../firmware/inputs/analog";

function input(scaleLow: number, scaleHigh: number, scaleDecimals: number): AnalogConfiguration {
  return { place: 0, pin: 33, scaleLow, scaleHigh, scaleDecimals };
}

describe("an analog input", () => {
  it("gives both ends of its scale and the middle", () => {
    assert.equal(analogText(input(0, 1000, 1), 0), "0.0");
    assert.equal(analogText(input(0, 1000, 1), 500), "50.0");
    assert.equal(analogText(input(0, 1000, 1), 1000), "100.0");
  });

  it("handles scales that fall, that are negative, and that have no decimals", () => {
    assert.equal(analogText(input(100, -100, 0), 1000), "-100");
    assert.equal(analogText(input(-400, 1250, 1), 0), "-40.0");
    assert.equal(analogText(input(-5, 5, 3), 0), "-0.005");
  });

  it("is the nearest value on the scale, compared with exact arithmetic, and never leaves 31 bits", () => {
    const bound = 500000000;
    fc.assert(fc.property(fc.integer({ min: -bound, max: bound }), fc.integer({ min: -bound, max: bound }), fc.integer({ min: 0, max: 1000 }), (low, high, reading) => {
      const exact = BigInt(low) * 1000n + (BigInt(high) - BigInt(low)) * BigInt(reading);
      const value = BigInt(analogText(input(low, high, 0), reading));
      const error = value * 1000n - exact;
      return error <= 500n && error >= -500n;
    }));
  });
});
