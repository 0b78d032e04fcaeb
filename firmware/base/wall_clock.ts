/*
 * Wall time as this start of the program knows it: one offset between uptime and UTC.
 *
 * Input: UTC seconds from an answer whose signature was right or from a time server, or a clock that kept its time over a
 * restart. Output: moments for rows. Invariants: the platform's own wall clock is looked at once, at the
 * start, so that nothing that moves it later can end, lengthen or reorder anything; moments never go
 * backwards over a correction of up to CLOCK_CORRECTION_S_MAX, they stand still instead; a time that is off by more
 * contradicts the running clock, once a source has confirmed that, and is not taken until it has been told for
 * CLOCK_RIVAL_S with no other source against it; then the time before was wrong, and the new one is followed at once.
 */
import type { Instant } from "../../hal/ports";
import type { Moment } from "../session/row";
import { CLOCK_CORRECTION_S_MAX, CLOCK_RIVAL_S, EPOCH_S_MIN } from "../limits";

/** A new time this close to the known one changes nothing. */
const TOLERANCE_S = 2;
/** A board's crystal is off by less than one part in so many. */
export const DRIFT_PARTS = 2000;

/** @packed */
export interface Wall {
  /** Number of this start of the program, one higher at each. */
  boot: number;
  /** UTC seconds at uptime 0; 0 while unknown. */
  offsetS: number;
  /** The offset that the latest clock fact in the ring tells; 0 before the first of this boot. */
  factOffsetS: number;
  /** The latest moment that was given out; before the first, one that was before this start, 0 for none. */
  lastS: number;
  /** The offset that a source tells against the one in force, 0 for none. */
  rivalS: number;
  /** Which source that is, one of SOURCE_*. */
  rivalOf: number;
  /** Uptime since which it does; without one that of the last agreement, -1 while none was. */
  sinceS: number;
}

/** Who tells a time: an endpoint, or the time server of `network.ntp`. */
export const SOURCE_ENDPOINT = 0;
export const SOURCE_NTP = 1;

/** `wallS` is ClockPort.wallS() at the start and `nowS` the uptime then. */
export function createWall(boot: number, wallS: number, nowS: number): Wall {
  return { boot, offsetS: wallS >= EPOCH_S_MIN ? wallS - nowS : 0, factOffsetS: 0, lastS: 0, rivalS: 0, rivalOf: SOURCE_ENDPOINT, sinceS: -1 };
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

/** Whether `offsetS` contradicts what is known: the running clock that a source confirmed, or a time that has been before. */
function isContradicted(wall: Wall, now: Instant, offsetS: number): boolean {
  if (wall.offsetS === 0) return offsetS + now.s < wall.lastS - CLOCK_CORRECTION_S_MAX;
  // The platform's own clock is no evidence before a source has confirmed it.
  if (wall.sinceS < 0) return false;
  const difference = offsetS - wall.offsetS;
  const allowedS = CLOCK_CORRECTION_S_MAX + Math.floor((now.s - wall.sinceS) / DRIFT_PARTS);
  return difference > allowedS || difference < -allowedS;
}

/**
 * Accepts a time of `now` that `source` tells, an endpoint when absent. "moved": the offset is new, and the platform's clock should be set; "same":
 * it agrees within 2 s; "contradicted": better evidence is against it, and the offset stays until the source has told
 * the same for CLOCK_RIVAL_S; "refused": it cannot be a time of this century.
 */
export function learnTime(wall: Wall, now: Instant, epochS: number, source?: number): "moved" | "same" | "contradicted" | "refused" {
  const teller = source === undefined ? SOURCE_ENDPOINT : source;
  if (epochS < EPOCH_S_MIN || epochS > 2147483647 - 1) return "refused";
  const offsetS = epochS - now.s;
  const difference = offsetS - wall.offsetS;
  if (isContradicted(wall, now, offsetS)) {
    const change = offsetS - wall.rivalS;
    const isKnown = wall.rivalS !== 0 && change <= CLOCK_CORRECTION_S_MAX && change >= -CLOCK_CORRECTION_S_MAX;
    if (!isKnown) wall.sinceS = now.s;
    // Two sources that tell the same outweigh the running clock at once.
    if (!isKnown || wall.rivalOf === teller) {
      wall.rivalS = offsetS;
      wall.rivalOf = teller;
      if (now.s - wall.sinceS < CLOCK_RIVAL_S) return "contradicted";
    }
    wall.rivalS = 0;
  }
  // The time of another source stays against it, and its day begins anew.
  if (wall.rivalOf === teller || !isContradicted(wall, now, wall.rivalS)) wall.rivalS = 0;
  wall.sinceS = now.s;
  if (wall.offsetS !== 0 && difference <= TOLERANCE_S && difference >= -TOLERANCE_S) return "same";
  wall.offsetS = offsetS;
  return "moved";
}
