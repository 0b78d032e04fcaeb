/*
 * A session that goes on: its duration and cost, and what a power cut now would leave of it.
 *
 * Input: the connector with the moment and register of this tick. Output: changes of its session. Invariant:
 * duration is monotonic; a gap of the power counts into it once, when both its ends are known.
 */
import { copyMoment } from "./row";
import { addCost } from "./tariff";
import type { Connector } from "./connector";
import { CHECKPOINT_S } from "./session_record";

/** A power cut longer than this is not counted into a session's duration. */
const GAP_S_MAX = 2592000;

/** Brings duration, cost and the end moment of the running session up to date, at the price of `epochS`. */
export function bringUpToDate(connector: Connector, epochS: number): void {
  const session = connector.session;
  session.durationS += connector.nowS - connector.countedAtS;
  connector.countedAtS = connector.nowS;
  if (connector.configuration.tariff !== undefined) {
    addCost(session.cost, connector.configuration.tariff, connector.energyWh, session.durationS, epochS);
  }
}

/** The session as it is now becomes what a power cut would leave. */
export function checkpoint(connector: Connector): void {
  const session = connector.session;
  bringUpToDate(connector, connector.moment.epochS);
  copyMoment(connector.moment, session.end);
  if (connector.moment.epochS > 0) {
    session.knownEpochS = connector.moment.epochS;
    session.knownDurationS = session.durationS;
  }
  connector.dirty = true;
}

/** What is due in a tick of a running session; `closesGap`: the first one after a power cut with a known time. @part progress */
export function advanceSession(connector: Connector, closesGap: boolean): void {
  const session = connector.session;
  const epochS = connector.moment.epochS;
  if (closesGap) {
    connector.outageNotCounted = false;
    bringUpToDate(connector, epochS);
    const gapS = epochS - session.knownEpochS - (session.durationS - session.knownDurationS);
    if (session.knownEpochS > 0 && gapS > 0 && gapS <= GAP_S_MAX) session.durationS += gapS;
    checkpoint(connector);
  } else if (connector.nowS - connector.countedAtS >= CHECKPOINT_S) checkpoint(connector);
  else if (connector.configuration.tariff !== undefined) {
    addCost(session.cost, connector.configuration.tariff, connector.energyWh, session.durationS, epochS);
  }
}
