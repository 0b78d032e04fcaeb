/* Waiting after failures: doubling, jitter, caps, and every form of Retry-After. Pure functions; no clock. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { backoffS, httpDateS, retryAfterS } from "../../../firmware/uplink/backoff";
import { BACKOFF_S_MAX, BACKOFF_S_MIN, RETRY_AFTER_S_MAX } from "../../../firmware/limits";

describe("backing off", () => {
  it("doubles from 5 seconds to a quarter of an hour", () => {
    const waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 1000].map((failures) => backoffS(failures, "\x00"));
    assert.deepEqual(waits, [5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900]);
  });

  it("takes off up to a half, by chance", () => {
    assert.equal(backoffS(9, "\xff"), 450);
    assert.equal(backoffS(9, "\x80"), 675);
    assert.equal(backoffS(1, "\xff"), 3);
  });

  it("stays between half the minimum and the maximum after any number of failures", () => {
    fc.assert(fc.property(fc.nat(), fc.integer({ min: 0, max: 255 }), (failures, byte) => {
      const wait = backoffS(failures, String.fromCharCode(byte));
      return Number.isInteger(wait) && wait >= BACKOFF_S_MIN / 2 && wait <= BACKOFF_S_MAX;
    }));
  });
});

describe("HTTP dates", () => {
  it("are read to the second", () => {
    assert.equal(httpDateS("Sun, 06 Nov 1994 08:49:37 GMT"), 784111777);
    assert.equal(httpDateS("Thu, 01 Jan 1970 00:00:00 GMT"), 0);
    assert.equal(httpDateS("Thu, 29 Feb 2024 23:59:59 GMT"), 1709251199);
  });

  it("agree with the language's own reading for every moment", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 2145916799 }), (epochS) => httpDateS(new Date(epochS * 1000).toUTCString()) === epochS));
  });

  it("are nothing when they are anything else", () => {
    for (const text of ["", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 00 Nov 1994 08:49:37 GMT",
      "Sun, 06 ovD 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08-49-37 GMT", "Sun, 06 Nov 2094 08:49:37 GMT"]) {
      assert.equal(httpDateS(text), -1, text);
    }
  });

  it("are never read into something impossible", () => {
    fc.assert(fc.property(fc.string({ minLength: 29, maxLength: 29 }), (text) => {
      const epochS = httpDateS(text);
      return epochS === -1 || (Number.isInteger(epochS) && epochS >= 0);
    }));
  });
});

describe("Retry-After", () => {
  it("is read as seconds, or as a date against the answer's own", () => {
    assert.equal(retryAfterS("120", ""), 120);
    assert.equal(retryAfterS("0", ""), 0);
    assert.equal(retryAfterS("Sun, 06 Nov 1994 08:51:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT"), 120);
    assert.equal(retryAfterS("Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:51:37 GMT"), 0);
  });

  it("says nothing when it is missing or nonsense, or a date without one to measure it by", () => {
    for (const text of ["", "-1", "1.5", "soon", "Sun, 06 Nov 1994 08:51:37 GMT"]) assert.equal(retryAfterS(text, ""), -1, text);
  });

  it("is capped at an hour", () => {
    assert.equal(retryAfterS("999999999", ""), RETRY_AFTER_S_MAX);
  });
});
