/*
 * Virtual time: it passes only when a test says so.
 *
 * Input: `advance`, and the world's true time for a server model. Output: the
 * ClockPort of the board. Invariant: `worldMs` only grows, through power cuts too; the board's own times
 * start again at `boot`. A drift makes the board's crystal fast or slow against the world.
 */
import type { ClockPort, Instant } from "../ports";

const CIRCLE_MS = 1073741824;

export interface MockClockOptions {
  /** UTC seconds of the world at worldMs 0. */
  epochS?: number;
  /** Reading of Instant.ms at the first start, to begin close to the wrap. */
  startMs?: number;
  /** The board's clock gains this many milliseconds per million of the world. */
  driftPpm?: number;
}

export interface MockClock extends ClockPort {
  /** Milliseconds since the test began; whole. */
  worldMs: number;
  /** Lets time pass; whole milliseconds, 0 or more. */
  advance(ms: number): void;
  /** UTC seconds as the world knows them, independent of the board's clock. */
  trueEpochS(): number;
  /** The board starts again: uptime from 0, and the wall clock is lost unless `keepWall`. */
  boot(keepWall?: boolean): void;
  /** Instant.ms of a moment of the world, as pins and other ports stamp it. */
  monotonicMs(worldMs: number): number;
  /** Moves the wall clock as something outside the firmware might, by seconds of either sign. */
  jumpWall(seconds: number): void;
}

export function createMockClock(options: MockClockOptions = {}): MockClock {
  const epochS = options.epochS ?? 1_800_000_000;
  const startMs = options.startMs ?? 0;
  const rate = 1 + (options.driftPpm ?? 0) / 1_000_000;
  let bootMs = 0;
  let wallOffsetS = 0;
  let wallKnown = false;

  const sinceBoot = (worldMs: number): number => Math.floor((worldMs - bootMs) * rate);

  const clock: MockClock = {
    worldMs: 0,
    advance(ms) {
      if (!Number.isInteger(ms) || ms < 0) throw new Error(`time cannot pass by ${ms} ms`);
      clock.worldMs += ms;
    },
    trueEpochS: () => epochS + Math.floor(clock.worldMs / 1000),
    boot(keepWall = false) {
      const wall = clock.wallS();
      bootMs = clock.worldMs;
      wallKnown = keepWall && wall > 0;
      wallOffsetS = wall;
    },
    monotonicMs: (worldMs) => (sinceBoot(worldMs) + startMs) % CIRCLE_MS,
    jumpWall(seconds) {
      wallOffsetS += seconds;
    },
    read(now: Instant) {
      now.ms = clock.monotonicMs(clock.worldMs);
      now.s = Math.floor(sinceBoot(clock.worldMs) / 1000);
    },
    wallS: () => (wallKnown ? wallOffsetS + Math.floor(sinceBoot(clock.worldMs) / 1000) : 0),
    setWall(wallS) {
      wallKnown = true;
      wallOffsetS = wallS - Math.floor(sinceBoot(clock.worldMs) / 1000);
    },
  };
  return clock;
}
