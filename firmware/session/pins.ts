/*
 * The pins of the block: what a pulse, a contact, a card and a value do when they arrive.
 *
 * Input: called by the device and the commands, before connectorStep of the same tick. Output: changes of
 * the connector's record, and lines of the Log; nothing is written here. Invariant: a trigger only waits
 * here; what it does, and in which order, is decided in effects.ts.
 */
import type { Bytes } from "../../hal/ports";
import { utf8Cut } from "../base/bytes";
import { TEXT_BYTES_MAX } from "../limits";
import { withCustomValue } from "./custom_values";
import { addLogLine, quoteLogValue } from "./log";
import type { Connector } from "./connector";
import { REASON_END, REASON_PAUSE, REASON_TAP } from "./session_record";

/** Pulse on SStart. */
export function pulseStart(connector: Connector): void {
  connector.startTrigger = true;
}

/** Pulse on SEnd; `reason` is one of REASON_*. */
export function pulseEnd(connector: Connector, reason: number): void {
  if (connector.endTrigger === 0 || connector.endTrigger === REASON_PAUSE) connector.endTrigger = reason;
}

/**
 * The level contact, whose edges make both pulses; with `pauseS` it pauses the session, which goes on when it closes in
 * time. A level that changed while the power was off counts as an edge.
 */
export function setContact(connector: Connector, on: boolean, reason: number): void {
  const level = on ? 1 : 0;
  const session = connector.session;
  if (connector.contact === level) return;
  if (!on && connector.configuration.pauseS > 0) reason = REASON_PAUSE;
  // A contact never seen before makes a pulse only when it is on: there is nothing to end.
  // Several edges in one tick (the program was busy) keep their order: off after on is a session of no length.
  if (on && connector.lateEndTrigger !== 0) connector.lateEndTrigger = 0;
  else if (on && connector.endTrigger === REASON_PAUSE) connector.endTrigger = 0;
  else if (on && session.paused && connector.endTrigger === 0 && !connector.startTrigger) {
    session.paused = false;
    connector.dirty = true;
    addLogLine(connector, "goes on after a pause of " + (connector.nowS - connector.countedAtS) + " s");
  } else if (on) pulseStart(connector);
  else if (connector.startTrigger) connector.lateEndTrigger = reason;
  else if (connector.contact === 1) pulseEnd(connector, reason);
  connector.contact = level;
}

/** Pin Uid; "" clears it. At most TEXT_BYTES_MAX bytes of UTF-8 are kept. `isSameUser`: it is a card of the user of the running session. */
function takeUid(connector: Connector, given: Bytes, byCard: boolean, isSameUser: boolean): void {
  const session = connector.session;
  const uid = utf8Cut(given, TEXT_BYTES_MAX);
  connector.uid = uid;
  connector.uidAtS = byCard ? connector.nowS : -1;
  if (uid === "" || !session.active || uid === session.uid) return;
  if (session.uid === "" && connector.configuration.lateUid && !session.paused) {
    session.uid = uid;
    connector.userLookupPending = true;
    connector.dirty = true;
    addLogLine(connector, "card " + quoteLogValue(uid) + " is the user of this session");
    return;
  }
  // A person who comes while a session pauses comes for a session of their own: no one pays for energy from before their card.
  if (session.paused && !isSameUser) pulseEnd(connector, REASON_END);
  if (uid === session.lastUid) return;
  // Only the first is stored at once: cards shown in turns must not wear the flash. The next state write keeps the latest.
  if (session.lastUid === "") connector.dirty = true;
  session.lastUid = uid;
  addLogLine(connector, "card " + quoteLogValue(uid) + " does not change this session");
}

/** Pin Uid by command: it keeps its value until it is set again, as the original's input does. */
export function setUid(connector: Connector, given: Bytes, byCard: boolean): void {
  takeUid(connector, given, byCard, false);
}

/**
 * Pin CI at `place` of configuration.customInputs. `value` is checked against the input's type before
 * (commands) or made so (sources): decimal digits, "0" or "1", or UTF-8 text, kept exactly as given.
 */
export function setCustomInput(connector: Connector, place: number, value: Bytes): void {
  const kept = connector.configuration.customInputs.types.charAt(place) === "t" ? utf8Cut(value, TEXT_BYTES_MAX) : value;
  connector.values = withCustomValue(connector.values, place, kept);
  if (kept !== value) addLogLine(connector, "cut CI" + connector.configuration.customInputs.indexes.charCodeAt(place) + " to " + kept.length + " bytes");
}

/**
 * The pulse that a card makes, by the setting `rfidTrigger`: a card during a session starts no other, and only a card
 * of the session's user ends it. `isSameUser` is false while the session has no user: then the card only fills it in
 * (`lateUid`).
 */
export function cardTrigger(mode: "none" | "start" | "startEnd", isActive: boolean, isSameUser: boolean): "none" | "start" | "end" {
  if (mode === "none") return "none";
  if (!isActive) return "start";
  if (mode === "startEnd" && isSameUser) return "end";
  return "none";
}

/**
 * A card was shown: it is the new Uid, and by `rfidTrigger` a pulse too. `sameUser`: it belongs to the user
 * of the running session (the same uid, or another card of that user).
 */
export function presentCard(connector: Connector, uid: Bytes, sameUser: boolean): void {
  const session = connector.session;
  const isOther = session.paused && !sameUser;
  const pulse = cardTrigger(connector.configuration.rfidTrigger, session.active && !isOther, session.uid !== "" && sameUser);
  takeUid(connector, uid, true, sameUser);
  if (pulse === "start") pulseStart(connector);
  else if (pulse === "end") pulseEnd(connector, REASON_TAP);
}
