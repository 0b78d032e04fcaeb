/*
 * The promises of every ClockPort, as tests.
 *
 * Input: a maker of a clock and of what lets its time pass. Output: a mocha suite. Invariant: no real time
 * is waited for; the maker decides how time passes.
 */
import assert from "node:assert/strict";
import type { ClockPort, Instant } from "../../hal/ports";

export interface ClockUnderTest {
  clock: ClockPort;
  /** Lets this much time pass, whole milliseconds. */
  advance(ms: number): void | Promise<void>;
}

const CIRCLE_MS = 1073741824;

export function clockContract(name: string, make: () => ClockUnderTest | Promise<ClockUnderTest>): void {
  describe(`clock of ${name}`, () => {
    const read = (clock: ClockPort): Instant => {
      const now = { ms: -1, s: -1 };
      clock.read(now);
      return now;
    };

    it("gives whole numbers inside their ranges", async () => {
      const { clock, advance } = await make();
      for (const step of [0, 1, 20, 999, 1001]) {
        await advance(step);
        const now = read(clock);
        assert.ok(Number.isInteger(now.ms) && now.ms >= 0 && now.ms < CIRCLE_MS, `ms ${now.ms}`);
        assert.ok(Number.isInteger(now.s) && now.s >= 0, `s ${now.s}`);
      }
    });

    it("counts the milliseconds that pass, within its resolution of 20 ms", async () => {
      const { clock, advance } = await make();
      const before = read(clock).ms;
      await advance(5000);
      const passed = (read(clock).ms - before + CIRCLE_MS) % CIRCLE_MS;
      assert.ok(Math.abs(passed - 5000) <= 20, `${passed} ms counted for 5000`);
    });

    it("counts seconds of uptime alongside", async () => {
      const { clock, advance } = await make();
      const before = read(clock).s;
      await advance(7000);
      assert.ok(Math.abs(read(clock).s - before - 7) <= 1);
    });

    it("does not know the time of day before someone sets it", async () => {
      const { clock } = await make();
      assert.equal(clock.wallS(), 0);
    });

    it("keeps the time of day that was set, and moves it on", async () => {
      const { clock, advance } = await make();
      clock.setWall(1_800_000_000);
      assert.ok(Math.abs(clock.wallS() - 1_800_000_000) <= 1);
      await advance(60_000);
      assert.ok(Math.abs(clock.wallS() - 1_800_000_060) <= 1);
    });

    it("does not move its monotonic time when the time of day is set forwards or back", async () => {
      const { clock, advance } = await make();
      await advance(1000);
      for (const epochS of [1_900_000_000, 1_600_000_001, 2_147_483_000]) {
        const before = read(clock);
        clock.setWall(epochS);
        const after = read(clock);
        assert.ok((after.ms - before.ms + CIRCLE_MS) % CIRCLE_MS <= 20);
        assert.ok(after.s - before.s <= 1 && after.s >= before.s);
      }
    });
  });
}
