/*
 * The Session Database Connector: from pulses, cards and values to sessions, rows, the Log and Sa.
 *
 * Input: the functions of pins.ts, called by the device with what its inputs said, then connectorTick once
 * a tick. Output: effects, taken one by one with connectorStep of effects.ts; `session.active` is the output Sa; lines for
 * the Log wait in `lines`. docs/BEHAVIOUR.md lists every state and input with its effects.
 *
 * The device's part, each tick, before it appends any other record to the ring:
 *   for (;;) switch (connectorStep(c, ring.nextSequence)) {
 *     "none": stop; "user": c.user = findUser(users, c.session.uid, moment.epochS);
 *     "readAnalogInputs": set the custom inputs that are read on demand (analog);
 *     "state": onStored(c, putValue(state, …, c.payload)); "row": onStored(c, appendRecord(ring, c.payload)) }
 *
 * Power cuts. Before a row is appended, the session's record is stored with the sequence number that the
 * row will have; the row is appended next, nothing in between. So at boot: sequence numbers gone beyond it
 * mean that the row is in the ring, and otherwise it is not and is written now. A row is therefore neither
 * lost nor doubled, and a session's number is in flash before any row carries it. The number is never
 * reused: if its record cannot be stored, no row of it is.
 */
import type { Bytes, Instant } from "../../hal/ports";
import type { Configuration } from "../configuration/configuration";
import { copyMoment } from "./row";
import type { Moment } from "./row";
import { advanceSession } from "./progress";
import { CHECKPOINT_S, REASON_INTERRUPTED, createSession, decodeSession } from "./session_record";
import type { Session } from "./session_record";
import type { User } from "./users";


export type ConnectorEffect = "none" | "user" | "readAnalogInputs" | "state" | "row";

/** @packed */
export interface Connector {
  configuration: Configuration;
  session: Session;
  /** Pin Uid as it stands, whether a card set it, and when (uptime). */
  uid: Bytes;
  uidByCard: boolean;
  uidAtS: number;
  /** Pins CI as they were given (custom_values.ts), and the same at the trigger while there are inputs that are latched. */
  values: Bytes;
  latched: Bytes;
  /** Triggers that wait for the next step, taken in this order: an end (its reason, 0 none), a start, an end that came after it. */
  endTrigger: number;
  startTrigger: boolean;
  lateEndTrigger: number;
  /** Level contact as it stands; session.contact follows once its edge is handled. */
  contact: number;
  /** The moment and the bound register of the current tick. */
  nowMs: number;
  nowS: number;
  moment: Moment;
  energyWh: number;
  /** When the trigger of the pending write was; when duration was last brought up to date (uptime). */
  triggerAtMs: number;
  countedAtS: number;
  /** The first tick after a restart has not been seen; a power cut's gap is not yet counted. */
  restored: boolean;
  outageNotCounted: boolean;
  /** The state in flash differs from `session`; not before `stateNotBeforeS` is it tried again. */
  dirty: boolean;
  stateNotBeforeS: number;
  /** What the device was asked to do last. */
  pendingEffect: ConnectorEffect;
  analogInputsRead: boolean;
  userLookupPending: boolean;
  user: User | undefined;
  /** For "state" and "row": the bytes to store. */
  payload: Bytes;
  cells: Bytes;
  cellCount: number;
  lines: Bytes[];
  /** The latest line of all: output Log. */
  log: Bytes;
  /** Triggers ignored, and state writes that failed, since start. */
  ignored: number;
  faults: number;
}

/** A connector as `restored` (what was stored with "state" last) left it; Sa is right at once. */
export function createConnector(configuration: Configuration, restored: Bytes | undefined): Connector {
  const session = createSession();
  const known = restored !== undefined && decodeSession(session, restored);
  const closes = session.active && configuration.onPowerLoss === "close";
  if (closes) session.contact = 0;
  return {
    configuration, session, uid: session.active ? session.uid : "", uidByCard: false, uidAtS: 0, values: "", latched: "",
    endTrigger: closes ? REASON_INTERRUPTED : 0, startTrigger: false, lateEndTrigger: 0,
    contact: session.contact, nowMs: 0, nowS: 0, moment: { epochS: 0, boot: 0, uptimeS: 0 },
    energyWh: -1, triggerAtMs: 0, countedAtS: 0, restored: known, outageNotCounted: session.active, dirty: false, stateNotBeforeS: 0, pendingEffect: "none",
    analogInputsRead: false, userLookupPending: false, user: undefined, payload: "", cells: "", cellCount: 0, lines: [], log: "", ignored: 0, faults: 0,
  };
}

/** Once a tick, before connectorStep. `energyWh` is the bound meter's register, -1 without a meter. */
export function connectorTick(connector: Connector, now: Instant, moment: Moment, energyWh: number): void {
  // A price counts from the moment at which it, or the energy, is known.
  const changed = energyWh !== connector.energyWh || (connector.moment.epochS === 0 && moment.epochS > 0);
  connector.nowMs = now.ms;
  connector.nowS = now.s;
  copyMoment(moment, connector.moment);
  connector.energyWh = energyWh;
  if (!connector.session.active) {
    const timeoutS = connector.configuration.uidTimeoutS;
    if (connector.uidByCard && connector.uid !== "" && timeoutS > 0 && now.s - connector.uidAtS >= timeoutS) connector.uid = "";
    return;
  }
  const closesGap = connector.outageNotCounted && moment.epochS > 0 && connector.endTrigger !== REASON_INTERRUPTED;
  if (closesGap || now.s - connector.countedAtS >= CHECKPOINT_S || (changed && connector.configuration.tariff !== undefined)) advanceSession(connector, closesGap);
}
