/*
 * The computer's monotonic clock, run at a chosen speed.
 *
 * Input: a source of milliseconds (the process's own by default) and a factor. Output: ClockPort. Invariant:
 * the computer's wall clock is never read; like a board, the host has no time of day until someone sets it.
 */
import { performance } from "node:perf_hooks";
import type { ClockPort } from "../ports";

const CIRCLE_MS = 1073741824;

export interface HostClockOptions {
  /** Board seconds per real second, above 0; 1 by default. */
  speed?: number;
  /** Real milliseconds that never go backwards. */
  source?: () => number;
}

export function createHostClock(options: HostClockOptions = {}): ClockPort {
  const speed = options.speed ?? 1;
  const source = options.source ?? (() => performance.now());
  const begunMs = source();
  let wallKnown = false;
  let wallOffsetS = 0;
  const uptimeMs = (): number => Math.floor((source() - begunMs) * speed);
  return {
    read(now) {
      const ms = uptimeMs();
      now.ms = ms % CIRCLE_MS;
      now.s = Math.floor(ms / 1000);
    },
    wallS: () => (wallKnown ? wallOffsetS + Math.floor(uptimeMs() / 1000) : 0),
    setWall(epochS) {
      wallKnown = true;
      wallOffsetS = epochS - Math.floor(uptimeMs() / 1000);
    },
  };
}
