/* Distances on the circle of monotonic milliseconds: across the wrap, backwards, and at both ends. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { addMs, elapsedMs } from "../../../firmware/base/monotonic";

const CIRCLE = 2 ** 30;

describe("monotonic milliseconds", () => {
  it("measure a distance across the wrap", () => {
    assert.equal(elapsedMs(CIRCLE - 5, 7), 12);
    assert.equal(elapsedMs(7, CIRCLE - 5), -12);
  });

  it("measure the same distance wherever it lies on the circle", () => {
    fc.assert(fc.property(fc.nat(CIRCLE - 1), fc.integer({ min: 0, max: 2 ** 29 - 1 }), (from, distance) => {
      const to = addMs(from, distance);
      assert.ok(to >= 0 && to < CIRCLE);
      assert.equal(elapsedMs(from, to), distance);
      if (distance > 0) assert.equal(elapsedMs(to, from), -distance);
    }));
  });

  it("never leave 31 bits on the way", () => {
    assert.equal(addMs(CIRCLE - 1, CIRCLE - 1), CIRCLE - 2);
  });
});
