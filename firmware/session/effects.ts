/*
 * The steps of the connector: the order of triggers, delays, state writes and rows.
 *
 * Input: the connector, once a tick the moment and the bound register, and the ring's next sequence number. Output:
 * one effect a call, which the device carries out, until "none". A second SStart supersedes in takeTrigger; Td ends
 * in nextEffect. Invariants: an end comes before a start of the same tick; a trigger during Td first
 * completes the pending write; a row follows only when the state that names its sequence number is in flash.
 */
import { elapsedMs } from "../base/monotonic";
import { addLogLine, quoteLogValue } from "./log";
import type { Connector, ConnectorEffect } from "./connector";
import { makeRow, refuseWrite } from "./row_write";
import { CHECKPOINT_S, LOST_FAULT, REASON_END, REASON_INTERRUPTED, REASON_PAUSE, REASON_SUPERSEDED, WRITE_END, WRITE_LOSS, WRITE_NONE, WRITE_START } from "./session_record";
import { makeLatched } from "./latched";
import { makeState } from "./state_write";
import { advanceSession, closeSession, openSession, pauseSession } from "./lifecycle";
import type { Instant } from "../../hal/ports";
import { copyMoment } from "./row";
import type { Moment } from "./row";

/** Once a tick, before connectorStep: takes the time, forgets an old card, advances a running session. `energyWh` is the bound meter's register, -1 without a meter. */
export function connectorTick(connector: Connector, now: Instant, moment: Moment, energyWh: number): void {
  // A price counts from the moment at which it, or the energy, is known.
  const changed = energyWh !== connector.energyWh || (connector.moment.epochS === 0 && moment.epochS > 0);
  connector.nowMs = now.ms;
  connector.nowS = now.s;
  copyMoment(moment, connector.moment);
  connector.energyWh = energyWh;
  if (!connector.session.active) {
    const timeoutS = connector.configuration.uidTimeoutS;
    if (connector.uidAtS >= 0 && connector.uid !== "" && timeoutS > 0 && now.s - connector.uidAtS >= timeoutS) connector.uid = "";
    return;
  }
  if (connector.session.paused) {
    // After a restart the contact has been open since before it: the clock says how long.
    const isLong = connector.outageNotCounted && moment.epochS > 0 && connector.session.end.epochS > 0 && moment.epochS - connector.session.end.epochS >= connector.configuration.pauseS;
    if ((isLong || now.s - connector.countedAtS >= connector.configuration.pauseS) && connector.endTrigger === 0) connector.endTrigger = REASON_END;
    return;
  }
  const closesGap = connector.outageNotCounted && moment.epochS > 0 && connector.endTrigger !== REASON_INTERRUPTED;
  if (closesGap || now.s - connector.countedAtS >= CHECKPOINT_S || (changed && connector.configuration.tariff !== undefined)) advanceSession(connector, closesGap);
}

/** Handles the oldest waiting trigger; call it only while no write is pending. */
function takeTrigger(connector: Connector): void {
  const active = connector.session.active;
  const late = connector.endTrigger === 0 && !connector.startTrigger;
  const reason = late ? connector.lateEndTrigger : connector.endTrigger;
  if (reason !== 0) {
    if (late) connector.lateEndTrigger = 0;
    else connector.endTrigger = 0;
    if (active && reason === REASON_PAUSE) pauseSession(connector);
    else if (active) closeSession(connector, reason);
    else {
      connector.ignored++;
      addLogLine(connector, "ignored SEnd: no session is active");
    }
    return;
  }
  if (active && connector.configuration.onRestart === "restart") {
    // The start stays and is taken next.
    closeSession(connector, REASON_SUPERSEDED);
    return;
  }
  connector.startTrigger = false;
  if (active) {
    connector.ignored++;
    addLogLine(connector, "ignored SStart: a session is active");
  } else openSession(connector);
}

/** The next effect. `nextSequence` is the sequence number that the ring will give to the next record. @part session */
export function nextEffect(connector: Connector, nextSequence: number): ConnectorEffect {
  const session = connector.session;
  const configuration = connector.configuration;
  if (connector.pendingEffect === "user" && connector.user !== undefined && connector.user.state !== "known" && session.active) {
    addLogLine(connector, "card " + quoteLogValue(session.uid) + " is " + (connector.user.state === "early" ? "not valid yet" : connector.user.state));
  }
  const previous = connector.pendingEffect;
  connector.pendingEffect = "none";
  if (connector.restored) {
    connector.restored = false;
    if (session.write !== WRITE_NONE && session.sequence > 0 && nextSequence > session.sequence) {
      // The row was appended before the power failed.
      if (session.write === WRITE_LOSS) session.lost = 0;
      session.write = WRITE_NONE;
    }
    connector.triggerAtMs = connector.nowMs;
    connector.userLookupPending = (session.write !== WRITE_NONE || session.active) && session.uid !== "";
    if (session.active && connector.endTrigger === 0) addLogLine(connector, "resumed after a restart");
    // The readings of the latest trigger are in flash: the device restores them before it stores anything else.
    if (session.active || session.write !== WRITE_NONE) return "restore";
  }
  for (;;) {
    if (connector.userLookupPending) {
      connector.userLookupPending = false;
      connector.pendingEffect = "user";
      return "user";
    }
    const waiting = connector.endTrigger !== 0 || connector.startTrigger || connector.lateEndTrigger !== 0;
    const write = session.write;
    if ((write === WRITE_START && configuration.writeAt === 2) || (write === WRITE_END && configuration.writeAt === 1)) session.write = WRITE_NONE;
    else if (write !== WRITE_NONE) {
      const due = elapsedMs(connector.triggerAtMs, connector.nowMs) >= configuration.triggerDelayMs;
      if (waiting || write === WRITE_LOSS || session.sequence > 0 || due) {
        if (!connector.analogInputsRead) {
          connector.analogInputsRead = true;
          return "readAnalogInputs";
        }
        if (session.sequence !== nextSequence) {
          session.sequence = nextSequence;
          connector.dirty = true;
        }
        // Power failing before the state is stored: no row, and the trigger itself is forgotten or, after Td, still pending.
        // Power failing between state and row: the row is written at boot.
        if (!connector.dirty) {
          connector.pendingEffect = "row";
          return "row";
        }
        if (connector.nowS < connector.stateNotBeforeS) {
          refuseWrite(connector, LOST_FAULT);
          continue;
        }
      }
    } else if (waiting) {
      if (!connector.analogInputsRead) {
        connector.analogInputsRead = true;
        return "readAnalogInputs";
      }
      takeTrigger(connector);
      // The level is kept with what its edge did: a cut before leaves the old level, and the edge is seen again.
      if (connector.endTrigger === 0 && !connector.startTrigger && connector.lateEndTrigger === 0) session.contact = connector.contact;
      continue;
    }
    if (!waiting && session.contact !== connector.contact) {
      session.contact = connector.contact;
      connector.dirty = true;
    }
    const isLatched = connector.readings !== "" ? session.active || session.write !== WRITE_NONE : session.write !== WRITE_NONE && configuration.customInputs.latches.indexOf("1") >= 0;
    if (connector.dirty && connector.nowS >= connector.stateNotBeforeS && isLatched && previous !== "latched") {
      // Before the state that begins the write: a cut in between leaves values of a trigger that never happened.
      connector.pendingEffect = "latched";
      return "latched";
    }
    if (connector.dirty && connector.nowS >= connector.stateNotBeforeS) {
      connector.pendingEffect = "state";
      return "state";
    }
    connector.analogInputsRead = false;
    if (session.write === WRITE_NONE) connector.user = undefined;
    return "none";
  }
}

/** Whether connectorStep would return "none" and change nothing: no trigger, no write, nothing that flash does not know. */
export function isConnectorIdle(connector: Connector): boolean {
  const session = connector.session;
  return !connector.dirty && !connector.restored && !connector.userLookupPending && !connector.startTrigger && connector.endTrigger === 0 &&
    connector.lateEndTrigger === 0 && session.write === WRITE_NONE && session.contact === connector.contact;
}

/** The next effect, as nextEffect gives it; what is to be stored comes with its payload. */
export function connectorStep(connector: Connector, nextSequence: number): ConnectorEffect {
  const effect = nextEffect(connector, nextSequence);
  if (effect === "row") makeRow(connector, nextSequence);
  else if (effect === "latched") makeLatched(connector);
  else if (effect === "state") makeState(connector);
  return effect;
}
