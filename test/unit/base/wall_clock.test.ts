/* Wall time: how one offset is learnt, and that no jump of a clock reorders moments. Pure; no clock. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { createWall, learnTime, moment, SOURCE_NTP } from "../../../firmware/base/wall_clock";

const at = (s: number) => ({ ms: (s * 1000) % 1073741824, s });
const blank = () => ({ epochS: -1, boot: -1, uptimeS: -1 });

describe("wall time", () => {
  it("is unknown at first: moments carry boot and uptime alone", () => {
    const out = blank();
    moment(createWall(3, 0, 0), at(60), out);
    assert.deepEqual(out, { epochS: 0, boot: 3, uptimeS: 60 });
  });

  it("is known from the first learnt time on", () => {
    const wall = createWall(3, 0, 0);
    assert.equal(learnTime(wall, at(100), 1_800_000_000), "moved");
    const out = blank();
    moment(wall, at(160), out);
    assert.deepEqual(out, { epochS: 1_800_000_060, boot: 3, uptimeS: 160 });
  });

  it("is taken over from a clock that kept it over a restart, and not from one that counts from 1970", () => {
    assert.equal(createWall(1, 1_800_000_000, 5).offsetS, 1_799_999_995);
    assert.equal(createWall(1, 12345, 5).offsetS, 0);
  });

  it("refuses a time that cannot be", () => {
    const wall = createWall(1, 0, 0);
    for (const epochS of [0, -1, 1_599_999_999, 2_147_483_647]) assert.equal(learnTime(wall, at(1), epochS), "refused");
    assert.equal(wall.offsetS, 0);
  });

  it("does not follow a difference of two seconds, and follows a larger one", () => {
    const wall = createWall(1, 1_800_000_000, 0);
    assert.equal(learnTime(wall, at(100), 1_800_000_102), "same");
    assert.equal(learnTime(wall, at(100), 1_800_000_098), "same");
    assert.equal(learnTime(wall, at(100), 1_800_000_103), "moved");
  });

  it("stands still while a correction backwards is caught up with", () => {
    const wall = createWall(1, 1_800_000_000, 0);
    const out = blank();
    moment(wall, at(100), out);
    learnTime(wall, at(100), 1_800_000_100 - 60);
    moment(wall, at(110), out);
    assert.equal(out.epochS, 1_800_000_100);
    moment(wall, at(200), out);
    assert.equal(out.epochS, 1_800_000_140);
  });

  it("stands still for a correction of exactly 300 s, and follows one of 301 s at once", () => {
    for (const [backS, expected] of [[300, 1_800_000_100], [301, 1_799_999_799]] as const) {
      const wall = createWall(1, 1_800_000_000, 0);
      const out = blank();
      moment(wall, at(100), out);
      learnTime(wall, at(100), 1_800_000_100 - backS);
      moment(wall, at(100), out);
      assert.equal(out.epochS, expected, String(backS));
    }
  });

  it("follows at once when it had been wrong by more than minutes", () => {
    const wall = createWall(1, 2_000_000_000, 0);
    const out = blank();
    moment(wall, at(100), out);
    learnTime(wall, at(100), 1_800_000_000);
    moment(wall, at(101), out);
    assert.equal(out.epochS, 1_800_000_001);
  });

  it("never orders two moments against their uptime through corrections of minutes", () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 600 }), fc.integer({ min: -250, max: 250 })), { maxLength: 30 }), (steps) => {
      const wall = createWall(1, 1_800_000_000, 0);
      const out = blank();
      let s = 0;
      let last = 0;
      for (const [passed, error] of steps) {
        s += passed;
        learnTime(wall, at(s), 1_800_000_000 + s + error);
        moment(wall, at(s), out);
        // One correction after the other may add up to more than is bridged; then the later one is followed.
        if (out.epochS < last) assert.ok(last - out.epochS > 300);
        last = out.epochS;
      }
    }));
  });
});

describe("a time that contradicts the running clock", () => {
  /** A wall that a source has confirmed at 100 s. */
  const confirmed = (): ReturnType<typeof createWall> => {
    const wall = createWall(1, 0, 0);
    learnTime(wall, at(100), 1_800_000_100);
    return wall;
  };

  it("is one off by more than 300 s and the drift of a crystal since the last agreement", () => {
    for (const [errorS, passedS, said] of [[300, 0, "moved"], [301, 0, "contradicted"], [-300, 0, "moved"], [-301, 0, "contradicted"], [800, 1_000_000, "moved"], [801, 1_000_000, "contradicted"]] as const) {
      assert.equal(learnTime(confirmed(), at(100 + passedS), 1_800_000_100 + passedS + errorS), said, `${errorS} s after ${passedS} s`);
    }
  });

  it("is taken when it has been told for a day, and not when it changes meanwhile", () => {
    const wall = confirmed();
    for (let s = 200; s < 200 + 86400; s += 3600) assert.equal(learnTime(wall, at(s), 1_800_010_000 + s), "contradicted");
    assert.equal(wall.offsetS, 1_800_000_000);
    assert.equal(learnTime(wall, at(200 + 86400), 1_800_010_000 + 200 + 86400), "moved");
    assert.deepEqual([wall.offsetS, wall.rivalS], [1_800_010_000, 0]);
    const other = confirmed();
    for (let s = 200; s < 300_000; s += 3600) assert.equal(learnTime(other, at(s), 1_800_010_000 + s + Math.floor(s / 40000) * 1000), "contradicted");
  });

  it("keeps its day through a change of 300 s, and begins a new one at 301 s", () => {
    for (const [changeS, said] of [[300, "moved"], [-300, "moved"], [301, "contradicted"], [-301, "contradicted"]] as const) {
      const wall = confirmed();
      learnTime(wall, at(200), 1_800_010_000 + 200);
      learnTime(wall, at(43_400), 1_800_010_000 + 43_400 + changeS);
      assert.equal(learnTime(wall, at(200 + 86_400), 1_800_010_000 + 200 + 86_400 + changeS), said, `${String(changeS)} s`);
    }
  });

  it("stays while another source agrees with the running clock, and then never has its day", () => {
    const wall = confirmed();
    for (let s = 200; s < 300_000; s += 3600) {
      assert.equal(learnTime(wall, at(s), 1_800_010_000 + s, SOURCE_NTP), "contradicted");
      assert.equal(learnTime(wall, at(s + 900), 1_800_000_000 + s + 900), "same");
      assert.notEqual(wall.rivalS, 0, "an endpoint does not speak for a time server");
    }
    assert.equal(learnTime(wall, at(300_000), 1_800_300_000, SOURCE_NTP), "same");
    assert.equal(wall.rivalS, 0);
  });

  it("is taken at once when two sources tell the same", () => {
    for (const [differenceS, said] of [[0, "moved"], [300, "moved"], [301, "contradicted"]] as const) {
      const wall = confirmed();
      assert.equal(learnTime(wall, at(200), 1_800_010_200), "contradicted");
      assert.equal(learnTime(wall, at(260), 1_800_010_260 + differenceS, SOURCE_NTP), said);
      if (said === "moved") assert.deepEqual([wall.offsetS, wall.rivalS], [1_800_010_000 + differenceS, 0]);
    }
  });

  it("is forgotten once the source agrees again", () => {
    const wall = confirmed();
    learnTime(wall, at(200), 1_800_010_000);
    assert.notEqual(wall.rivalS, 0);
    assert.equal(learnTime(wall, at(300), 1_800_000_300), "same");
    assert.equal(wall.rivalS, 0);
  });
});
