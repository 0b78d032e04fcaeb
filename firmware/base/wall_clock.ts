/*
 * Wall time as this start of the program knows it: one offset between uptime and UTC.
 *
 * Input: UTC seconds from an answer whose signature was right, or a clock that kept its time over a
 * restart. Output: moments for rows. Invariants: the platform's own wall clock is looked at once, at the
 * start, so that nothing that moves it later can end, lengthen or reorder anything; moments never go
 * backwards over a correction of up to CORRECTION_S_MAX, they stand still instead; a larger one means that
 * the time before was wrong, and is followed at once.
 */
import type { Instant } from "../../hal/ports";
import type { Moment } from "../session/row";
import { CLOCK_CORRECTION_S_MAX, EPOCH_S_MIN } from "../limits";

/** A new time this close to the known one changes nothing. */
const TOLERANCE_S = 2;

/** @packed */
export interface Wall {
  /** Number of this start of the program, one higher at each. */
  boot: number;
  /** UTC seconds at uptime 0; 0 while unknown. */
  offsetS: number;
  /** The offset that the latest clock fact in the ring tells; 0 before the first of this boot. */
  factOffsetS: number;
  /** The latest moment that was given out. */
  lastS: number;
}

/** `wallS` is ClockPort.wallS() at the start and `nowS` the uptime then. */
export function createWall(boot: number, wallS: number, nowS: number): Wall {
  return { boot, offsetS: wallS >= EPOCH_S_MIN ? wallS - nowS : 0, factOffsetS: 0, lastS: 0 };
}

/** Fills `out` with this moment: `epochS` 0 while the time is not known, never lower than given before. */
export function moment(wall: Wall, now: Instant, out: Moment): void {
  out.boot = wall.boot;
  out.uptimeS = now.s;
  out.epochS = 0;
  if (wall.offsetS === 0) return;
  let epochS = wall.offsetS + now.s;
  if (epochS < wall.lastS && wall.lastS - epochS <= CLOCK_CORRECTION_S_MAX) epochS = wall.lastS;
  wall.lastS = epochS;
  out.epochS = epochS;
}

/**
 * Accepts an authenticated time of `now`. "moved": the offset is new, and the platform's
 * clock should be set; "same": it agrees within 2 s; "refused": it cannot be a time of this century.
 */
export function learnTime(wall: Wall, now: Instant, epochS: number): "moved" | "same" | "refused" {
  if (epochS < EPOCH_S_MIN || epochS > 2147483647 - 1) return "refused";
  const offsetS = epochS - now.s;
  const difference = offsetS - wall.offsetS;
  if (wall.offsetS !== 0 && difference <= TOLERANCE_S && difference >= -TOLERANCE_S) return "same";
  wall.offsetS = offsetS;
  return "moved";
}
