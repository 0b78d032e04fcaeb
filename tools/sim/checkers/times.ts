/*
 * Times and durations against what their quality claims.
 *
 * Input: a session as it really was, its row, and how wrong the clocks of the world were. Output: violations. Invariants:
 * "synced" and "backfilled" are as exact as the endpoint's clock was; an estimate lies within the bounds that the
 * endpoint keeps; a duration is monotonic and moves with the board's crystal alone.
 */
import type { ExpectedSession, Span } from "../world/expected";
import type { Facts, SimRow } from "./rows";
import type { Rule } from "./violation";

export interface ClockTruth {
  /** Every error that the endpoint's clock had, s; 0 alone for a right one. */
  endpointErrorsS: number[];
  /** The slowest exchange that may set a clock, s. */
  exchangeS: number;
  /** Seconds that the crystal may be off by after the longest time without contact. */
  driftS: number;
  /** The board was without a known time for a while, or its clock was set by something else. */
  isEverUnsure: boolean;
  /** Seconds without power that may count into a duration or not, by session's span. */
  outageS(span: Span): number;
}

/** A tick late, cut to seconds, the way of the answer, and the crystal between two contacts. */
const SYNCED_S = 4;

function near(epochS: number, span: Span, beginEpochS: number, clock: ClockTruth): boolean {
  const slackS = SYNCED_S + clock.exchangeS + clock.driftS;
  return clock.endpointErrorsS.some((errorS) => epochS >= Math.floor(beginEpochS + span[0] / 1000 + errorS) - slackS && epochS <= beginEpochS + span[1] / 1000 + errorS + slackS);
}

/** An estimate keeps its bounds, and the truth lies within them. */
function boundViolations(clock: ClockTruth, bounds: Facts["undated"], beginEpochS: number, session: ExpectedSession, row: SimRow, say: (rule: Rule, text: string) => void): void {
  // A bound is as right as the endpoint's clock was when it heard of that start.
  const slackS = SYNCED_S + Math.max(...clock.endpointErrorsS.map(Math.abs));
  for (const [column, [fromMs, toMs], name] of [[1, session.startMs, "start"], [2, session.endMs, "end"]] as const) {
    const [before, after] = bounds.get(`${String(row.session)}/${String(column)}`) ?? [null, null];
    if (after !== null && beginEpochS + fromMs / 1000 > after + slackS) say("time", `has an estimated ${name} not after ${String(after - beginEpochS)} s, and it was at ${String(Math.round(fromMs / 1000))} s`);
    if (before !== null && beginEpochS + toMs / 1000 < before - slackS) say("time", `has an estimated ${name} not before ${String(before - beginEpochS)} s, and it was at ${String(Math.round(toMs / 1000))} s`);
  }
}

export function timeViolations(clock: ClockTruth, bounds: Facts["undated"], beginEpochS: number, session: ExpectedSession, row: SimRow, say: (rule: Rule, text: string) => void): void {
  const isClaimed = row.clock === "synced" || row.clock === "backfilled";
  const tell = (epochS: number, span: Span): string => `${String(Math.round(epochS - beginEpochS - span[0] / 1000))} s off, and says ${String(row.clock)}`;
  if (row.clock === null && row.start_sequence !== null) say("time", "says nothing about its clock");
  if (row.row_clock !== row.clock) say("time", `says ${String(row.clock)} of its clock in its column, and ${String(row.row_clock)} in the endpoint's`);
  if (isClaimed && row.start_s !== null && !near(row.start_s, session.startMs, beginEpochS, clock)) say("time", `starts ${tell(row.start_s, session.startMs)}`);
  if (row.clock === "estimated") boundViolations(clock, bounds, beginEpochS, session, row, say);
  if (row.end_sequence === null) return;
  if (isClaimed && row.end_s !== null && !near(row.end_s, session.endMs, beginEpochS, clock)) say("time", `ends ${tell(row.end_s, session.endMs)}`);
  if (!clock.isEverUnsure && row.clock !== "synced") say("time", `says ${String(row.clock)} although the time was always known`);
  const trueS: Span = [(session.endMs[0] - session.startMs[1]) / 1000, (session.endMs[1] - session.startMs[0]) / 1000];
  const drift = trueS[1] / 10_000;
  const outageS = clock.outageS([session.startMs[0], session.endMs[1]]);
  // After a cut the outage is counted by the clock that the endpoint then tells.
  const clockS = outageS > 0 ? clock.exchangeS + clock.driftS + SYNCED_S + Math.max(...clock.endpointErrorsS.map(Math.abs)) : 0;
  if (row.duration_s === null || row.duration_s < trueS[0] - 2 - drift - outageS || row.duration_s > trueS[1] + 2 + drift + clockS) {
    say("duration", `lasts ${String(row.duration_s)} s, and ${trueS.map((value) => String(Math.round(value))).join(" to ")} s is right`);
  }
}
