/*
 * The record of the Session Database Connector: from pulses, cards and values to sessions, rows, the Log and Sa.
 *
 * Input: pins.ts sets its inputs, effects.ts its time. Output: the effects of effects.ts, which the device carries out
 * (runConnector in device.ts); `session.active` is the output Sa; lines for the Log wait in `lines`.
 * docs/BEHAVIOUR.md lists every state and input with its effects.
 *
 * Power cuts. Before a row is appended, the session's record is stored with the sequence number that the row will
 * have; the row is appended next, with nothing in between. At boot, a ring whose sequence has passed that number holds
 * the row; otherwise the row is missing and is written now. Invariants: a row is neither lost nor doubled; a session's
 * number is in flash before any row carries it and is never reused; if its record cannot be stored, no row of it is.
 */
import type { Bytes } from "../../hal/ports";
import type { Configuration } from "../configuration/configuration";
import type { Moment } from "./row";
import { REASON_INTERRUPTED, createSession, decodeSession, isUidByCommand } from "./session_record";
import type { Session } from "./session_record";
import type { User } from "./users";

export type ConnectorEffect = "none" | "user" | "readAnalogInputs" | "restore" | "latched" | "state" | "row";

/** @packed */
export interface Connector {
  configuration: Configuration;
  session: Session;
  /** Pin Uid as it stands, and when a card set it (uptime); -1: a command did. */
  uid: Bytes;
  uidAtS: number;
  /** Pins CI as they were given (custom_values.ts), and the same at the trigger while there are inputs that are latched. */
  values: Bytes;
  latched: Bytes;
  /**
   * Where columns hold a meter's own values (session/readings.ts): of each meter register and total, as they are now, at the
   * session's start and at its end; else "".
   */
  readings: Bytes;
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
  /** A source contradicts the wall time. */
  clockContradicted: boolean;
  energyWh: number;
  /** Wh that corrections added to `energyWh`, the same all through a start: metered energy is the register less this. */
  correctedWh: number;
  /** When the trigger of the pending write was; when duration was last brought up to date (uptime). */
  triggerAtMs: number;
  countedAtS: number;
  /** The first tick after a restart has not been seen; a power cut's gap is not yet counted. */
  restored: boolean;
  outageNotCounted: boolean;
  /** The state in flash differs from `session`; not before `stateNotBeforeS` is it tried again. */
  dirty: boolean;
  stateNotBeforeS: number;
  /** The effect that the device was last asked for. */
  pendingEffect: ConnectorEffect;
  analogInputsRead: boolean;
  userLookupPending: boolean;
  user: User | undefined;
  /** For "latched", "state" and "row": the bytes to store. */
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

/** The bound meter's total, which no correction of its register moves; -1 without a meter. */
export function meteredWh(connector: Connector): number {
  return connector.energyWh < 0 ? -1 : connector.energyWh - connector.correctedWh;
}

/** A connector as `restored` (what was stored with "state" last) left it; Sa is right at once. */
export function createConnector(configuration: Configuration, restored: Bytes | undefined): Connector {
  const session = createSession();
  const known = restored !== undefined && decodeSession(session, restored);
  const closes = session.active && configuration.onPowerLoss === "close";
  if (closes) session.contact = 0;
  return {
    configuration, session, uid: session.active ? session.uid : "", uidAtS: known && isUidByCommand(restored) ? -1 : 0, values: "", latched: "", readings: "",
    endTrigger: closes ? REASON_INTERRUPTED : 0, startTrigger: false, lateEndTrigger: 0,
    contact: session.contact, nowMs: 0, nowS: 0, moment: { epochS: 0, boot: 0, uptimeS: 0 }, clockContradicted: false,
    energyWh: -1, correctedWh: 0, triggerAtMs: 0, countedAtS: 0, restored: known, outageNotCounted: session.active, dirty: false, stateNotBeforeS: 0, pendingEffect: "none",
    analogInputsRead: false, userLookupPending: false, user: undefined, payload: "", cells: "", cellCount: 0, lines: [], log: "", ignored: 0, faults: 0,
  };
}

