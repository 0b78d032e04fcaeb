/*
 * The power fails at every step of flash while an answer is dealt with, once, and twice in a row.
 *
 * Input: six rows, one of them refused by the endpoint; the flash mock's steps. Output: test results; a
 * failure names the step, which replays it. Invariant: afterwards every row is at the endpoint once, as it
 * was stored, and nothing waits any more.
 */
import assert from "node:assert/strict";
import { PowerCut, type MockFlash } from "../../hal/mock/flash";
import { createUplinkTestBoard } from "../boards/uplink_board";

/** Plays with a cut at `first` steps after the rows are stored, and one `second` steps after the restart; -1: none. */
function play(first: number, second: number, weakBits: boolean): { cuts: number; steps: number } {
  const world = createUplinkTestBoard();
  const flash = world.board.flash as MockFlash;
  const stored = new Map<number, string>();
  world.onStored = (sequence, payload) => stored.set(sequence, payload);
  world.endpoint.refuses = (sequence) => sequence === 3;
  world.add(6);
  flash.faults.weakBits = weakBits;
  flash.faults.seed = first * 1000 + second + 2;
  const begun = flash.steps;
  flash.faults.cutStep = flash.steps + first;
  let cuts = 0;
  const survive = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      cuts++;
      flash.boot();
      if (second >= 0 && cuts === 1) flash.faults.cutStep = flash.steps + second;
      survive(() => world.restart());
    }
  };
  survive(() => world.run(60));
  const steps = flash.steps - begun;
  survive(() => world.run(60));
  flash.faults.cutStep = -1;
  world.drain(3600);
  for (const [sequence, payload] of stored) {
    const place = sequence === 3 ? world.endpoint.quarantine : world.endpoint.rows;
    assert.equal(place.get(sequence), payload, `row ${sequence} after cuts at ${first} and ${second}`);
  }
  assert.equal(world.endpoint.quarantine.size, 1);
  return { cuts, steps };
}

/** The same of rows for two endpoints, which fill a page while the first has some already; what each has at the end. */
function playTwo(first: number, weakBits: boolean): { cuts: number; steps: number } {
  const world = createUplinkTestBoard({}, 1, "refuseNew", [{}]);
  const flash = world.board.flash as MockFlash;
  const stored = new Map<number, string>();
  world.onStored = (sequence, payload) => stored.set(sequence, payload);
  world.endpoints[0]!.refuses = (sequence) => sequence === 3;
  world.endpoints[1]!.refuses = (sequence) => sequence === 5;
  world.add(66, 60);
  flash.faults.weakBits = weakBits;
  flash.faults.seed = first + 2;
  const begun = flash.steps;
  flash.faults.cutStep = flash.steps + first;
  let cuts = 0;
  const survive = (act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
      cuts++;
      flash.boot();
      flash.faults.cutStep = -1;
      survive(() => world.restart());
    }
  };
  survive(() => world.run(4));
  survive(() => world.add(8, 60));
  survive(() => world.run(30));
  const steps = flash.steps - begun;
  flash.faults.cutStep = -1;
  world.drain(3600);
  for (const [sequence, payload] of stored) {
    for (const [index, model] of world.endpoints.entries()) {
      const place = sequence === (index === 0 ? 3 : 5) ? model.quarantine : model.rows;
      assert.equal(place.get(sequence), payload, `row ${sequence} at endpoint ${index + 1} after a cut at ${first}`);
    }
  }
  assert.ok(stored.size >= 66);
  return { cuts, steps };
}

describe("power cuts while an answer is dealt with", () => {
  for (const weakBits of [false, true]) {
    it(`lose and double no row for either of two endpoints${weakBits ? ", with bits that fall back" : ""}`, function () {
      this.timeout(300_000);
      const { steps } = playTwo(1_000_000, weakBits);
      assert.ok(steps > 150, `only ${steps} steps`);
      for (let step = 0; step < steps; step += 3) assert.equal(playTwo(step, weakBits).cuts, 1, `step ${step}`);
    });
  }

  for (const weakBits of [false, true]) {
    it(`lose and double no row, at whichever step${weakBits ? ", with bits that fall back" : ""}`, () => {
      const { steps } = play(1_000_000, -1, weakBits);
      assert.ok(steps > 20, `only ${steps} steps`);
      for (let step = 0; step < steps; step++) assert.equal(play(step, -1, weakBits).cuts, 1, `step ${step}`);
    });
  }

  it("lose and double no row when the next start is cut as well", () => {
    const { steps } = play(1_000_000, -1, false);
    let both = 0;
    for (let first = 0; first < steps; first += 3) {
      for (let second = 0; second < 60; second += 4) both += play(first, second, false).cuts === 2 ? 1 : 0;
    }
    assert.ok(both > 100, `only ${both} pairs of cuts`);
  });
});
