/*
 * Counting by bits, and the mock that notices a word written without end.
 *
 * Input: counts on a mock flash. Output: test results. Invariant: each count is read back from flash.
 */
import assert from "node:assert/strict";
import { countUp, unaryCount } from "../../../firmware/store/flash_page";
import { createMockFlash, REPEATS_MAX } from "../../../hal/mock/flash";

const AT = 36;
const BYTES = 8;

describe("counting by bits", () => {
  it("writes one word for each count, and nothing beyond the last bit", () => {
    const flash = createMockFlash(4096);
    for (let count = 1; count <= BYTES * 8; count++) {
      countUp(flash, AT, count, BYTES);
      assert.equal(unaryCount(flash.read(AT, BYTES)), count);
      assert.equal(flash.bytesWritten, count * 4);
    }
    countUp(flash, AT, BYTES * 8 + 1, BYTES);
    assert.equal(flash.writes, BYTES * 8);
  });
});

describe("the mock flash", () => {
  it("refuses a word that is written once more with what it holds than is promised, until the next start", () => {
    const flash = createMockFlash(4096);
    flash.write(0, "\0\0\0\0");
    for (let repeat = 0; repeat < REPEATS_MAX; repeat++) flash.write(0, "\0\0\0\0");
    assert.throws(() => flash.write(0, "\0\0\0\0"), /^RangeError: the word at 0 is written with what it holds already, 9 times since the start/);
    flash.start();
    assert.equal(flash.write(0, "\0\0\0\0"), "ok");
  });

  it("counts a page anew when it is erased, and writes that clear a bit not at all", () => {
    const flash = createMockFlash(4096);
    for (let clear = 31; clear >= 0; clear--) {
      const word = Buffer.alloc(4);
      word.writeUInt32BE(2 ** clear - 1);
      flash.write(8, word.toString("latin1"));
    }
    for (let repeat = 0; repeat < REPEATS_MAX; repeat++) flash.write(8, "\0\0\0\0");
    flash.erase(0);
    flash.write(8, "\0\0\0\0");
    assert.equal(flash.write(8, "\0\0\0\0"), "ok");
  });
});
