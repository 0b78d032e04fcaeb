/* The fleet page's words about the endpoint's own clock. */
import assert from "node:assert/strict";
import { ownClockText } from "../../../exosphere/pages/fleet_words.js";

const clock = { time: 1_767_225_600, system: "unknown", boards: 4, differing: 3, offsetS: -21_600, verdict: "contradicted" };

describe("the words about the endpoint's own clock", () => {
  it("say how many boards contradict it, by how much and in which direction, and the remedy", () => {
    assert.match(ownClockText(clock), /^The clocks of 3 of 4 boards contradict the clock of this server: they are 21.600 s behind it\..* look at the clock of the server/);
    assert.match(ownClockText({ ...clock, offsetS: 301 }), /they are 301 s ahead of it\./);
  });

  it("say that it is not synchronised, and nothing when it is right", () => {
    assert.match(ownClockText({ ...clock, verdict: "unsynchronised", differing: 0, offsetS: null }), /^The clock of this server is not synchronised/);
    assert.equal(ownClockText({ ...clock, verdict: "right", differing: 0, offsetS: null }), "");
  });
});
