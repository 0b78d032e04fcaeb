/*
 * Marks that a board writes itself, as the tools and the loader read them.
 *
 * Input: a page of flash, full or not, cut at every step. Output: test results. Invariant: after a cut at any step the
 * page says the old slot or the new one.
 */
import { strict as assert } from "node:assert";
import { confirm, giveUp, putInForce } from "../../../firmware/update/marks";
import { createMockFlash, type MockFlash, PowerCut } from "../../../hal/mock/flash";
import { markState } from "../../../tools/board/mark_page";

const PAGE = 1024;

function marked(letter: string, count = 1): MockFlash {
  const flash = createMockFlash(PAGE, { pageBytes: PAGE });
  for (let index = 0; index < count; index++) putInForce(flash, 0, letter);
  flash.resetStatistics();
  return flash;
}

const read = (flash: MockFlash): ReturnType<typeof markState> => markState(flash.read(0, PAGE));

describe("a board's own marks", () => {
  it("put a slot into force behind the marks that are there, on trial", () => {
    const flash = marked("a", 3);
    assert.equal(putInForce(flash, 0, "b"), "marked");
    assert.deepEqual(read(flash), { letter: "b", confirmed: false, next: 64, ours: true });
    assert.deepEqual([flash.erases, flash.bytesWritten], [0, 4]);
  });

  it("confirm it, and give it up by using its attempts up", () => {
    const flash = marked("b");
    confirm(flash, 8);
    assert.deepEqual(read(flash), { letter: "b", confirmed: true, next: 16, ours: true });
    const other = marked("b");
    giveUp(other, 8);
    assert.equal(Buffer.from(other.bytes.subarray(0, 16)).toString("hex"), "53444c62000000ffffffffffffffffff");
  });

  it("erase a page that is full, and one that holds anything behind the last place", () => {
    const flash = marked("a", 64);
    assert.equal(read(flash).next, -1);
    assert.equal(putInForce(flash, 0, "b"), "marked");
    assert.deepEqual([read(flash).letter, read(flash).next, flash.erases], ["b", 16, 1]);
  });

  it("say the old slot or the new one after a cut at any step, and the new one when it is done again", () => {
    for (const count of [1, 64]) {
      for (let cut = 0; ; cut++) {
        const flash = marked("a", count);
        flash.faults.cutStep = cut;
        flash.faults.seed = cut + 1;
        let whole = true;
        try {
          putInForce(flash, 0, "b");
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          whole = false;
        }
        flash.boot();
        // A half erased page may read as no mark: then slot a runs, or b where a is not whole.
        if (count === 1) assert.ok(["a", "b"].includes(read(flash).letter), `cut ${String(cut)}`);
        assert.equal(putInForce(flash, 0, "b"), "marked");
        assert.equal(read(flash).letter, "b", `${String(count)} marks, cut ${String(cut)}`);
        if (whole) break;
      }
    }
  });

  it("say so when flash does not take them", () => {
    const flash = marked("a", 64);
    flash.faults.stuckPages = [0];
    assert.equal(putInForce(flash, 0, "b"), "fault");
    const silent = marked("a");
    silent.faults.silentWrites = [0];
    assert.equal(putInForce(silent, 0, "b"), "fault");
    assert.equal(read(silent).letter, "a");
  });
});
