/*
 * The promises of every FlashPort while the power stays on, as tests.
 *
 * Input: a maker of a flash with at least four pages that the test may spoil, from `base` on. Output: a
 * mocha suite. What a power cut may leave is tested where cuts can be made (test/power).
 */
import assert from "node:assert/strict";
import type { FlashPort } from "../../hal/ports";

export interface FlashUnderTest {
  flash: FlashPort;
  /** Address of the first page that the test may use; a multiple of pageBytes. */
  base: number;
}

export function flashContract(name: string, make: () => FlashUnderTest | Promise<FlashUnderTest>): void {
  describe(`flash of ${name}`, () => {
    async function erased(): Promise<FlashUnderTest> {
      const made = await make();
      for (let page = 0; page < 4; page++) assert.equal(made.flash.erase(made.base + page * made.flash.pageBytes), "ok");
      return made;
    }
    const blank = (count: number): string => "\xff".repeat(count);

    it("has pages of 1,024 or 4,096 bytes", async () => {
      const { flash } = await make();
      assert.ok(flash.pageBytes === 1024 || flash.pageBytes === 4096);
    });

    it("reads 0xFF everywhere in an erased page", async () => {
      const { flash, base } = await erased();
      assert.equal(flash.read(base, flash.pageBytes), blank(flash.pageBytes));
    });

    it("reads back every byte value that was written", async () => {
      const { flash, base } = await erased();
      let all = "";
      for (let value = 0; value < 256; value++) all += String.fromCharCode(value);
      assert.equal(flash.write(base + 16, all), "ok");
      assert.equal(flash.read(base + 16, 256), all);
      assert.equal(flash.read(base, 16), blank(16));
      assert.equal(flash.read(base + 272, 16), blank(16));
    });

    it("reads any length from any address", async () => {
      const { flash, base } = await erased();
      flash.write(base + 4, "abcdefgh");
      assert.equal(flash.read(base + 5, 3), "bcd");
      assert.equal(flash.read(base + 11, 2), "h\xff");
    });

    it("only clears bits: a second write leaves the bits that both have set", async () => {
      const { flash, base } = await erased();
      flash.write(base, "\xf0\x0f\xff\xaa");
      flash.write(base, "\x3c\xff\x00\x55");
      assert.equal(flash.read(base, 4), "\x30\x0f\x00\x00");
    });

    it("writes across the end of a page into the next", async () => {
      const { flash, base } = await erased();
      const address = base + flash.pageBytes - 4;
      assert.equal(flash.write(address, "abcdefgh"), "ok");
      assert.equal(flash.read(address, 8), "abcdefgh");
    });

    it("erases the whole of one page and nothing of its neighbours", async () => {
      const { flash, base } = await erased();
      const page = flash.pageBytes;
      for (let index = 0; index < 3; index++) {
        flash.write(base + index * page, "\x00\x00\x00\x00");
        flash.write(base + (index + 1) * page - 4, "\x00\x00\x00\x00");
      }
      assert.equal(flash.erase(base + page), "ok");
      assert.equal(flash.read(base + page, page), blank(page));
      assert.equal(flash.read(base, 4), "\x00\x00\x00\x00");
      assert.equal(flash.read(base + page - 4, 4), "\x00\x00\x00\x00");
      assert.equal(flash.read(base + 2 * page, 4), "\x00\x00\x00\x00");
    });
  });
}
