/* A contact with its bounces, ghosts and faults, in virtual milliseconds. */
import assert from "node:assert/strict";
import { createDebounce, debounceEdge, debounceTick } from "../../../firmware/inputs/debounce";

describe("debounce", () => {
  it("tells on once the active level has lasted", () => {
    const d = createDebounce(20, 0, 1, 0);
    debounceEdge(d, 0, 100);
    assert.equal(debounceTick(d, 119), "none");
    assert.equal(debounceTick(d, 120), "on");
    assert.equal(debounceTick(d, 140), "none");
    assert.equal(d.stableMs, 100);
  });

  it("ignores a level shorter than the debounce time and counts the bounce", () => {
    const d = createDebounce(20, 1, 0, 0);
    debounceEdge(d, 1, 100);
    debounceEdge(d, 0, 119);
    assert.equal(debounceTick(d, 500), "none");
    assert.equal(d.bounces, 1);
  });

  it("tells a whole pulse that came and went between two ticks", () => {
    const d = createDebounce(20, 1, 0, 0);
    debounceEdge(d, 1, 100);
    debounceEdge(d, 0, 125);
    assert.equal(debounceTick(d, 400), "on");
    assert.equal(debounceTick(d, 400), "off");
    assert.equal(debounceTick(d, 400), "none");
  });

  it("tells alternating changes in order, however late it is asked", () => {
    const d = createDebounce(5, 1, 0, 0);
    for (let at = 100; at < 150; at += 10) debounceEdge(d, at % 20 === 0 ? 1 : 0, at);
    const told: string[] = [];
    for (let word = debounceTick(d, 500); word !== "none"; word = debounceTick(d, 500)) told.push(word);
    assert.deepEqual(told, ["on", "off", "on", "off", "on"]);
  });

  it("does not tell the level at start, whichever it is", () => {
    const d = createDebounce(20, 1, 1, 0);
    assert.equal(debounceTick(d, 1000), "none");
    debounceEdge(d, 0, 2000);
    assert.equal(debounceTick(d, 2020), "off");
  });

  it("begins anew at a second edge to the same level", () => {
    const d = createDebounce(20, 1, 0, 0);
    debounceEdge(d, 1, 100);
    debounceEdge(d, 1, 115);
    assert.equal(debounceTick(d, 130), "none");
    assert.equal(debounceTick(d, 135), "on");
  });

  it("works across the wrap of the milliseconds", () => {
    const d = createDebounce(20, 1, 0, 2 ** 30 - 500);
    debounceEdge(d, 1, 2 ** 30 - 10);
    assert.equal(debounceTick(d, 5), "none");
    assert.equal(debounceTick(d, 10), "on");
  });

  it("reports a pulsing input that stays on, once, and forgets it when it goes off", () => {
    const d = createDebounce(20, 1, 0, 0);
    d.stuckAfterMs = 60000;
    debounceEdge(d, 1, 100);
    assert.equal(debounceTick(d, 200), "on");
    debounceTick(d, 60100);
    assert.equal(d.fault, "");
    debounceTick(d, 60101);
    debounceTick(d, 70000);
    assert.equal(d.fault, "stuck");
    assert.equal(d.faults, 1);
    debounceEdge(d, 0, 80000);
    assert.equal(debounceTick(d, 80020), "off");
    assert.equal(d.fault, "");
  });

  it("never calls a contact stuck that may stay on", () => {
    const d = createDebounce(20, 1, 0, 0);
    debounceEdge(d, 1, 100);
    for (let now = 200; now < 2 ** 29; now += 1e7) debounceTick(d, now);
    assert.equal(d.fault, "");
  });

  it("reports a contact that never comes to rest, and its recovery", () => {
    const d = createDebounce(20, 1, 0, 0);
    let now = 0;
    for (; now < 5000; now += 10) {
      debounceEdge(d, (now / 10) % 2, now);
      assert.equal(debounceTick(d, now), "none");
    }
    assert.equal(d.fault, "chatter");
    assert.equal(d.faults, 1);
    assert.equal(d.bounces, 249);
    debounceTick(d, now + 100);
    assert.equal(d.fault, "");
  });
});
