/*
 * ClockPort on Espruino: a monotonic clock made from one that can jump.
 *
 * Input: getTime(), which is wall time and jumps whenever anyone sets the clock. Output: ClockPort, and
 * what makes an Instant of an edge's moment. Invariant: only plausible differences are added up, so monotonic time never
 * jumps; on boards setTime is the only way we set the clock, because it also moves the running timers.
 */
import type { ClockPort, Instant } from "../ports";
import { WATCHDOG_S } from "../../firmware/limits";
import type { InterpreterProcess } from "./interpreter";

export const CIRCLE_MS = 1073741824;
/** No pass of the loop may take as long as the watchdog allows: a longer step is a clock that was set. */
const STEP_MS_MAX = WATCHDOG_S * 1000;
/** Before this moment (2020-09-13) the clock counts from power-on and not from 1970. */
const PLAUSIBLE_S = 1600000000;

/** getTime() at Instant.ms 0; moved when the clock was set, and whenever the circle of milliseconds is full. */
export let originS = getTime();
export let elapsedMs = 0;
let uptimeS = 0;
let restMs = 0;
let wallBaseS = 0;

function advance(): void {
  const ms = Math.floor((getTime() - originS) * 1000);
  const stepMs = ms - elapsedMs;
  if (stepMs < 0 || stepMs > STEP_MS_MAX) {
    originS = getTime() - elapsedMs / 1000;
    return;
  }
  elapsedMs = ms;
  restMs += stepMs;
  if (restMs < 1000) return;
  uptimeS += Math.floor(restMs / 1000);
  restMs %= 1000;
  if (ms < CIRCLE_MS) return;
  originS += CIRCLE_MS / 1000;
  elapsedMs = ms - CIRCLE_MS;
}

/** Milliseconds since `fromMs`, an earlier Instant.ms; with 0 the present Instant.ms itself. */
export function sinceMs(fromMs: number): number {
  advance();
  return (elapsedMs - fromMs + CIRCLE_MS) % CIRCLE_MS;
}

export const clock: ClockPort = {
  read: function (now: Instant): void {
    advance();
    now.ms = elapsedMs;
    now.s = uptimeS;
  },
  wallS: function (): number {
    if (wallBaseS > 0) return wallBaseS + uptimeS;
    const timeS = getTime();
    return timeS > PLAUSIBLE_S ? Math.floor(timeS) : 0;
  },
  setWall: function (epochS: number): void {
    advance();
    wallBaseS = epochS - uptimeS;
    // A Linux build cannot set the computer's clock, but moves its timers as if it had: they would stand
    // still. Elsewhere the time set now is known again after a restart without power loss.
    if ((process as unknown as InterpreterProcess).env.BOARD.substr(0, 5) !== "LINUX") setTime(epochS);
    originS = getTime() - elapsedMs / 1000;
  },
};
