/*
 * The power fails while an update is written: at any step of any flash operation, and a second time at the same place.
 *
 * Input: a small release, a flash that loses its power. Output: test results. Invariant: the slot that runs stays as it
 * is; the other one is whole only as the release that was signed; the next start goes on and ends with it.
 */
import { strict as assert } from "node:assert";
import { PowerCut } from "../../hal/mock/flash";
import { endpointOf, freshFlash, signedImage, SLOTS, testSlot, update, wholeSlot } from "../unit/update/update_world";

const OLD = testSlot(1);
const NEW = testSlot(2);
const whole = NEW.toString("latin1");
/** Steps from one cut to the next: SDC_CUT_STRIDE=1 tries them all, in some minutes. */
const STRIDE = Number(process.env.SDC_CUT_STRIDE ?? "23");

for (const pageBytes of [1024, 4096]) describe(`the power fails during an update in pages of ${String(pageBytes)} bytes, which`, function () {
  this.timeout(1200000);
  const image = signedImage(NEW);

  it("ends with the whole release after a cut at any step of its flash operations, and is never whole with anything else", () => {
    const steps = ((): number => {
      const flash = freshFlash(OLD, pageBytes);
      update(flash, endpointOf(image, OLD));
      return flash.steps;
    })();
    for (let cut = 0; cut < steps; cut += STRIDE) {
      const flash = freshFlash(OLD, pageBytes);
      flash.faults.cutStep = cut;
      flash.faults.seed = cut + 1;
      flash.faults.weakBits = true;
      assert.throws(() => update(flash, endpointOf(image, OLD)), PowerCut, `cut ${String(cut)}`);
      flash.boot();
      assert.ok(["", whole].includes(wholeSlot(flash, SLOTS.other)), `cut ${String(cut)}: another slot is whole`);
      assert.equal(update(flash, endpointOf(image, OLD)).state, "done", `cut ${String(cut)}`);
      flash.boot();
      flash.boot();
      assert.equal(wholeSlot(flash, SLOTS.other), whole, `cut ${String(cut)}`);
      assert.equal(wholeSlot(flash, SLOTS.running), OLD.toString("latin1"), `cut ${String(cut)}`);
    }
  });

  it("ends with the whole release when each of its starts is cut a little later than the one before", () => {
    const flash = freshFlash(OLD, pageBytes);
    let starts = 0;
    for (let cut = 200; ; cut += 200) {
      flash.boot();
      flash.resetStatistics();
      flash.faults.cutStep = cut;
      flash.faults.seed = cut;
      starts++;
      try {
        assert.equal(update(flash, endpointOf(image, OLD)).state, "done");
        break;
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
        assert.ok(["", whole].includes(wholeSlot(flash, SLOTS.other)));
      }
    }
    assert.equal(wholeSlot(flash, SLOTS.other), whole);
    assert.ok(starts > 5, String(starts));
  });
});
