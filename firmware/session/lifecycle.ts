/*
 * A session opens, a session closes.
 *
 * Input: the connector with the tick's moment and register. Output: its record changed, and a write begun
 * that effects.ts completes after Td. Invariant: time stamps, user and registers are those of the trigger,
 * whenever the row is written.
 */
import { copyMoment } from "./row";
import { addLogLine } from "./note";
import { bringUpToDate, checkpoint } from "./progress";
import type { Connector } from "./connector";
import { REASON_INTERRUPTED, REASON_SUPERSEDED, REASON_TAP, WRITE_END, WRITE_START } from "./session_record";

/** The trigger of write `write` has happened now: what is read at the trigger is fixed, Td begins. */
function beginWrite(connector: Connector, write: number): void {
  connector.session.write = write;
  connector.session.sequence = 0;
  connector.triggerAtMs = connector.nowMs;
  connector.dirty = true;
  // The same text twice costs a board nothing; a copy remains only once an input changes.
  if (connector.configuration.customInputs.latches.indexOf("1") >= 0) connector.latched = connector.values;
}

/** A start trigger: a new session with the next number, and everything that is fixed at the trigger. */
export function openSession(connector: Connector): void {
  const session = connector.session;
  session.number++;
  session.active = true;
  session.reason = 0;
  copyMoment(connector.moment, session.start);
  copyMoment(connector.moment, session.end);
  session.durationS = 0;
  session.knownEpochS = connector.moment.epochS;
  session.knownDurationS = 0;
  session.startWh = connector.energyWh;
  session.endWh = -1;
  session.cost.minor = 0;
  session.cost.restMicro = 0;
  session.cost.feeRest = 0;
  session.cost.feeS = 0;
  session.cost.pricedWh = connector.energyWh;
  session.uid = connector.uid;
  session.lastUid = "";
  connector.countedAtS = connector.nowS;
  connector.outageNotCounted = false;
  connector.user = undefined;
  connector.userLookupPending = session.uid !== "";
  beginWrite(connector, WRITE_START);
}

/** An end trigger, or the end that a power cut makes: the session's last values are fixed. */
export function closeSession(connector: Connector, reason: number): void {
  const session = connector.session;
  if (reason === REASON_INTERRUPTED) {
    // The end is the last checkpoint; energy counted since then is in the register and belongs to it.
    connector.countedAtS = connector.nowS;
    bringUpToDate(connector, session.end.epochS);
  } else checkpoint(connector);
  if (session.start.epochS > 0 && session.end.epochS > 0 && session.end.epochS < session.start.epochS) {
    // The clock was set back meanwhile: the later reading is the better one, and duration is beyond doubt.
    session.start.epochS = session.end.epochS - session.durationS;
    addLogLine(connector, "the clock was set back: the start is dated anew");
  }
  session.endWh = connector.energyWh;
  session.active = false;
  session.reason = reason;
  connector.outageNotCounted = false;
  // A card stands for one session, so that the next one is never charged to it; a restart is still the same
  // visit, and another card that was shown meanwhile waits for its own session.
  if (reason === REASON_TAP || (reason !== REASON_SUPERSEDED && connector.uid === session.uid)) connector.uid = "";
  // Asked again: the list may have changed since the start.
  connector.user = undefined;
  connector.userLookupPending = session.uid !== "";
  beginWrite(connector, WRITE_END);
}
