/*
 * ClockPort on NodeMCU: microseconds of uptime, added up.
 *
 * Input: node.uptime(), whose low part wraps after 35.8 minutes. Output: ClockPort. Invariant: the wall
 * clock is an offset kept here and never set in the system: time.set takes a float, which on the default
 * build would be wrong by up to 64 s.
 */
import type { ClockPort, Instant } from "../ports";
import type { NodeMcu } from "./modules";

const CIRCLE_MS = 1073741824;
/** 2^31 - 1; the wrap is added in two steps because 2^31 is no 32-bit integer. */
const MICROS_MAX = 2147483647;
/** Before this moment (2020-09-13) the system's clock counts from power-on and not from 1970. */
const PLAUSIBLE_S = 1600000000;

export function createClock(modules: NodeMcu): ClockPort {
  let lastUs = modules.node.uptime();
  let restUs = 0;
  let restMs = 0;
  let elapsedMs = 0;
  let uptimeS = 0;
  let wallBaseS = 0;
  const advance = (): void => {
    const nowUs = modules.node.uptime();
    let stepUs = nowUs - lastUs;
    if (stepUs < 0) stepUs = stepUs + MICROS_MAX + 1;
    lastUs = nowUs;
    restUs += stepUs;
    const stepMs = Math.floor(restUs / 1000);
    restUs -= stepMs * 1000;
    elapsedMs = (elapsedMs + stepMs) % CIRCLE_MS;
    restMs += stepMs;
    uptimeS += Math.floor(restMs / 1000);
    restMs = restMs % 1000;
  };
  return {
    read(now: Instant): void {
      advance();
      now.ms = elapsedMs;
      now.s = uptimeS;
    },
    wallS(): number {
      advance();
      if (wallBaseS > 0) return wallBaseS + uptimeS;
      const systemS = modules.time.get();
      return systemS > PLAUSIBLE_S ? systemS : 0;
    },
    setWall(epochS: number): void {
      advance();
      wallBaseS = epochS - uptimeS;
    },
  };
}
