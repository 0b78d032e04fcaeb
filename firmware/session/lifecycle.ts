/*
 * A session opens, goes on and closes.
 *
 * Input: the connector with the tick's moment and register. Output: its session changed; at start and end a write is
 * begun, which effects.ts completes after Td. Invariants: time stamps, user and registers are those of the trigger,
 * whenever the row is written; duration is monotonic, and a power outage counts into it once, when both its ends are
 * known.
 */
import { DRIFT_PARTS } from "../base/wall_clock";
import { copyMoment } from "./row";
import { NO_TARIFF, addCost, priceAt } from "./tariff";
import { meteredWh } from "./connector";
import type { Connector } from "./connector";
import { CHECKPOINT_S, REASON_INTERRUPTED, REASON_SUPERSEDED, REASON_TAP, WRITE_END, WRITE_START } from "./session_record";
import { addLogLine } from "./log";
import { readingsAt } from "./readings";
import { CLOCK_CORRECTION_S_MAX, OUTAGE_S_MAX } from "../limits";


/** Energy of the running session up to now, as a sum of what was metered; -1 unknown: no meter at its start, or a total that flash has lost. */
export function sessionEnergyWh(connector: Connector): number {
  const session = connector.session;
  const total = meteredWh(connector);
  return session.energyWh < 0 || total < session.meteredWh ? -1 : session.energyWh + total - session.meteredWh;
}

/** Brings duration, cost and the end moment of the running session up to date, at the price of `epochS`. */
export function bringUpToDate(connector: Connector, epochS: number): void {
  const session = connector.session;
  session.durationS += connector.nowS - connector.countedAtS;
  connector.countedAtS = connector.nowS;
  if (connector.configuration.tariff !== undefined) {
    addCost(session.cost, connector.configuration.tariff, meteredWh(connector), session.durationS, epochS);
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

/** Advances a running session by one tick; `closesGap`: the first tick after a power cut with a known time. @part progress */
export function advanceSession(connector: Connector, closesGap: boolean): void {
  const session = connector.session;
  const epochS = connector.moment.epochS;
  if (closesGap) {
    connector.outageNotCounted = false;
    bringUpToDate(connector, epochS);
    const gapS = epochS - session.knownEpochS - (session.durationS - session.knownDurationS);
    if (session.knownEpochS > 0 && gapS > 0 && gapS <= OUTAGE_S_MAX) session.durationS += gapS;
    checkpoint(connector);
  } else if (connector.nowS - connector.countedAtS >= CHECKPOINT_S) checkpoint(connector);
  else if (connector.configuration.tariff !== undefined) {
    addCost(session.cost, connector.configuration.tariff, meteredWh(connector), session.durationS, epochS);
  }
}

/** The trigger of write `write` has happened now: what is read at the trigger is fixed, Td begins. `isPaused`: the meters were read when the pause began. */
function beginWrite(connector: Connector, write: number, isPaused: boolean): void {
  connector.session.write = write;
  if (connector.readings !== "" && (write === WRITE_START || !isPaused)) connector.readings = readingsAt(connector.readings, write === WRITE_START);
  connector.session.sequence = 0;
  connector.triggerAtMs = connector.nowMs;
  connector.dirty = true;
  // The same text twice costs a board nothing; a copy remains only once an input changes.
  if (connector.configuration.customInputs.latches.indexOf("1") >= 0) connector.latched = connector.values;
}

/** The table and columns of the newest document hold from this session on. */
function takeNextTable(connector: Connector): void {
  const configuration = connector.configuration;
  const next = configuration.next;
  if (next === undefined) return;
  configuration.tableId = next.tableId;
  configuration.rowMode = next.rowMode;
  configuration.writeAt = next.writeAt;
  configuration.columns = next.columns;
  configuration.next = undefined;
}

/** A start trigger: a new session with the next number, and everything that is fixed at the trigger. */
export function openSession(connector: Connector): void {
  const session = connector.session;
  takeNextTable(connector);
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
  session.meteredWh = meteredWh(connector);
  session.energyWh = session.meteredWh < 0 ? -1 : 0;
  session.meter = connector.configuration.boundMeter;
  session.cost.minor = 0;
  session.cost.restMicro = 0;
  session.cost.feeRest = 0;
  session.cost.feeS = 0;
  session.cost.pricedWh = session.meteredWh;
  const tariff = connector.configuration.tariff;
  session.cost.priceMilli = tariff === undefined ? NO_TARIFF : priceAt(tariff, connector.moment.epochS);
  session.uid = connector.uid;
  session.lastUid = "";
  connector.countedAtS = connector.nowS;
  connector.outageNotCounted = false;
  connector.user = undefined;
  connector.userLookupPending = session.uid !== "";
  beginWrite(connector, WRITE_START, false);
}

/** The contact opened: the session's last values are fixed as those of now, should it not close again in time. */
export function pauseSession(connector: Connector): void {
  const session = connector.session;
  if (session.paused) return;
  checkpoint(connector);
  session.endWh = connector.energyWh;
  session.energyWh = sessionEnergyWh(connector);
  session.meteredWh = meteredWh(connector);
  session.paused = true;
  if (connector.readings !== "") connector.readings = readingsAt(connector.readings, false);
  addLogLine(connector, "pauses: the contact opened; the session ends unless it closes within " + connector.configuration.pauseS + " s");
}

/** An end trigger, or the end that a power cut makes: the session's last values are fixed. */
export function closeSession(connector: Connector, reason: number): void {
  const session = connector.session;
  if (session.paused) {
    // It ended when the contact opened. Energy metered by then may have had no price for lack of a time.
    const tariff = connector.configuration.tariff;
    if (tariff !== undefined) addCost(session.cost, tariff, session.meteredWh, session.durationS, connector.moment.epochS);
  } else if (reason === REASON_INTERRUPTED) {
    // The end is the last checkpoint; energy counted since then is in the register and belongs to it.
    connector.countedAtS = connector.nowS;
    bringUpToDate(connector, session.end.epochS);
  } else checkpoint(connector);
  if (session.start.epochS > 0 && session.end.epochS > 0) {
    // The later reading is the better one: base/wall_clock takes no other. In one start of the program its uptime dates the start too.
    const isSameBoot = session.start.boot === session.end.boot;
    const datedS = session.end.epochS - (isSameBoot ? session.end.uptimeS - session.start.uptimeS : session.durationS);
    const errorS = session.start.epochS - datedS;
    const allowedS = CLOCK_CORRECTION_S_MAX + Math.floor(session.durationS / DRIFT_PARTS);
    // A time without power may be missing in the duration, so over a restart a start can be earlier, and never later.
    if (session.end.epochS < session.start.epochS || errorS > allowedS || (isSameBoot && errorS < -allowedS)) {
      session.start.epochS = datedS;
      addLogLine(connector, "the clock was corrected: the start is dated anew");
    }
  }
  if (!session.paused) {
    session.endWh = connector.energyWh;
    session.energyWh = sessionEnergyWh(connector);
    session.meteredWh = meteredWh(connector);
  }
  const isPaused = session.paused;
  session.paused = false;
  if (session.energyWh >= 0 && session.endWh - session.startWh !== session.energyWh) {
    addLogLine(connector, "the register was set during the session: energy and cost are what was metered, " + session.energyWh + " Wh");
  }
  session.active = false;
  session.reason = reason;
  connector.outageNotCounted = false;
  // A card stands for one session, while a command sets the pin until the next one. So that the next one is never charged to it; a restart is still the same
  // visit, and another card that was shown meanwhile waits for its own session.
  if (connector.uidAtS >= 0 && (reason === REASON_TAP || (reason !== REASON_SUPERSEDED && connector.uid === session.uid))) connector.uid = "";
  // Asked again: the list may have changed since the start.
  connector.user = undefined;
  connector.userLookupPending = session.uid !== "";
  beginWrite(connector, WRITE_END, isPaused);
}
