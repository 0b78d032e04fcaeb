/*
 * The power fails on a whole device at any moment of an update over the air: download, switch, trial, confirmation, return.
 *
 * Input: a device on mocks in slots, cut at a step of its flash operations. Output: test results. Invariant: it always
 * starts a whole version, ends on the offered or the old one, says which, and has lost no row.
 */
import { strict as assert } from "node:assert";
import { createUpdateBoard, type UpdateBoard } from "../boards/update_board";
import { imageFor, slotFor } from "../unit/update/over_the_air_images";

/** Steps from one cut to the next: SDC_CUT_STRIDE=1 tries each in some minutes, SDC_PAIR_STRIDE=1 each pair in an hour. */
const STRIDE = Number(process.env.SDC_CUT_STRIDE ?? "0");
const FETCH_STRIDE = STRIDE > 0 ? STRIDE : 37;
const END_STRIDE = STRIDE > 0 ? STRIDE : 2;
const RETURN_STRIDE = STRIDE > 0 ? STRIDE : 11;
const PAIR_STRIDE = Number(process.env.SDC_PAIR_STRIDE ?? "23");
/** Steps of flash behind a cut within which the second one of a pair falls: the way of a start through its first writes. */
const PAIR_STEPS = 240;
/** Milliseconds between two ticks, where nothing hangs on a shorter one. */
const TICK_MS = 250;

const OLD = slotFor(1);
const NEW = imageFor(2);

/** A device with an offer and, from before, a session whose rows have not been sent. */
function offered(isBad: boolean): UpdateBoard {
  const desk = createUpdateBoard(OLD, NEW);
  desk.run(5);
  desk.board.pins.set(26, 0);
  desk.run(2);
  desk.board.pins.set(26, 1);
  desk.offer.number = 7;
  if (isBad) desk.board.http.nextFault = () => (desk.running === "b" ? { requestLost: true } : {});
  desk.flash.resetStatistics();
  return desk;
}

function pass(desk: UpdateBoard, seconds: number): void {
  for (let passedMs = 0; passedMs < seconds * 1000; passedMs += TICK_MS) desk.step(TICK_MS);
}

/** Steps when the update's slot was marked, and at its end. */
function measured(isBad: boolean, seconds: number): { marked: number; end: number } {
  const desk = offered(isBad);
  let marked = 0;
  while (marked === 0) {
    const before = desk.flash.steps;
    desk.step(TICK_MS);
    if (desk.running === "b") marked = before;
  }
  pass(desk, seconds);
  return { marked, end: desk.flash.steps };
}

/** Cuts at a step, and at another so many steps behind it if that is not 0; looks at the end. */
function cutAt(step: number, isBad: boolean, seconds: number, further = 0): void {
  const name = `cut ${String(step)}+${String(further)}`;
  const desk = offered(isBad);
  desk.flash.faults.cutStep = step;
  desk.flash.faults.seed = step + 1;
  desk.flash.faults.weakBits = true;
  desk.afterCut = () => { if (desk.cuts === 1 && further > 0) desk.flash.faults.cutStep = desk.flash.steps + further; };
  pass(desk, seconds);
  assert.ok(further > 0 ? desk.cuts >= 1 : desk.cuts === 1, name);
  assert.equal(desk.said(), isBad ? "7 returned noContact" : "7 confirmed", name);
  assert.equal(desk.running, isBad ? "a" : "b", name);
  assert.equal(desk.device!.ring.pending, 0, name);
  const sequences = [...desk.endpoint.rows.keys()].sort((a, b) => a - b);
  assert.deepEqual(sequences, Array.from({ length: desk.device!.ring.nextSequence - 1 }, (_, index) => index + 1), name);
}

describe("the power fails during an update over the air, which", function () {
  this.timeout(3600000);

  it("ends with the release confirmed after a cut anywhere in its fetch, switch, trial and confirmation", () => {
    const seconds = 640;
    const { marked, end } = measured(false, seconds);
    // All of the slot was written before the mark.
    assert.ok(marked > NEW.slot.length && end > marked + 50, `${String(marked)} ${String(end)}`);
    const cuts = new Set<number>();
    for (let step = 1; step < marked; step += FETCH_STRIDE) cuts.add(step);
    for (let step = marked; step < end; step += END_STRIDE) cuts.add(step);
    for (const step of cuts) cutAt(step, false, 2 * seconds);
  });

  it("ends with the release confirmed when it fails a second time soon behind a cut in switch, trial or confirmation", () => {
    const seconds = 640;
    const { marked, end } = measured(false, seconds);
    for (let step = marked; step < end; step += PAIR_STRIDE) {
      for (let further = 1; further <= PAIR_STEPS; further += PAIR_STRIDE) cutAt(step, false, 3 * seconds, further);
    }
  });

  it("ends with the old version and the reason after a cut anywhere in the trial and the return of one that is never heard", () => {
    const seconds = 3640;
    const { marked, end } = measured(true, seconds);
    for (let step = marked; step < end; step += RETURN_STRIDE) cutAt(step, true, 2 * seconds);
  });
});
