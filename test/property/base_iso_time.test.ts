/* ISO times against the platform's calendar, over the whole range of 31 bits: 1970, leap days, 2038. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { epochOf } from "../../firmware/configuration/columns";
import { isoTime } from "../../firmware/base/iso_time";

const platform = (epochS: number): string => new Date(epochS * 1000).toISOString().replace(".000Z", "Z");

describe("ISO times", () => {
  it("agree with the platform's calendar", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (epochS) => assert.equal(isoTime(epochS), platform(epochS))), { numRuns: 2000 });
  });

  it("agree at the edges: 1970, leap days, century, midnight, 2038", () => {
    for (const text of ["1970-01-01T00:00:00Z", "1972-02-29T23:59:59Z", "2000-02-29T00:00:00Z", "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z", "2038-01-19T03:14:07Z"]) {
      assert.equal(isoTime(Date.parse(text) / 1000), text);
    }
  });

  it("are read back as the same seconds, and nothing else is a time", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: Date.UTC(2038, 0, 1) / 1000 - 1 }), (epochS) => assert.equal(epochOf(platform(epochS)), epochS)), { numRuns: 1000 });
    for (const wrong of ["2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01 00:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:0xZ", "1969-12-31T23:59:59Z", ""]) {
      assert.equal(epochOf(wrong), -1, wrong);
    }
  });
});
