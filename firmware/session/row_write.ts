/*
 * Writes one row: its payload before the write, and the result afterwards.
 *
 * Input: the connector with a pending write; the ring's answer. Output: the payload; then the Log line of a stored
 * row, or a counted loss. Invariants: texts are cut until the row fits, and the Log says so; a row counts as written
 * only when it was read back.
 */
import { TEXT_BYTES_MAX } from "../limits";
import { KIND_END, KIND_EVENT, KIND_LOSS, KIND_START } from "../protocol";
import { factRow, sessionRow } from "./row";
import { rowCells } from "./cells";
import { addLogLine, logValues } from "./log";
import type { Connector } from "./connector";
import { WRITE_LOSS, WRITE_START, LOST_FAULT, LOST_FULL, WRITE_NONE } from "./session_record";

/** Makes the payload of the row that is being written, with sequence number `sequence`. @part row */
export function makeRow(connector: Connector, sequence: number): void {
  const session = connector.session;
  const configuration = connector.configuration;
  if (session.write === WRITE_LOSS) {
    connector.payload = factRow(KIND_LOSS, sequence, session.lost, session.lostAtS, session.lostReason);
    return;
  }
  const textBytes = rowCells(connector);
  if (textBytes < TEXT_BYTES_MAX) addLogLine(connector, "cut texts to " + textBytes + " bytes: the row was too long");
  const kind = configuration.rowMode === "event" ? KIND_EVENT : session.write === WRITE_START ? KIND_START : KIND_END;
  connector.payload = sessionRow(kind, sequence, configuration.tableId, session.number, connector.cellCount, connector.cells);
}

/** Seconds until a state that could not be stored is tried again. */
const STATE_RETRY_S = 10;

/** The row could not be stored: it is counted, and reported by a KIND_LOSS row once there is room. */
export function refuseWrite(connector: Connector, reason: number): void {
  const session = connector.session;
  if (session.write !== WRITE_LOSS) {
    if (session.lost === 0) session.lostAtS = connector.moment.epochS > 0 ? connector.moment.epochS : connector.nowS;
    session.lostReason = reason;
    session.lost++;
    addLogLine(connector, (session.write === WRITE_START ? "start" : "end") + " not stored: " + (reason === LOST_FULL ? "the ring is full" : "flash write failed"));
  }
  session.write = WRITE_NONE;
  session.sequence = 0;
  connector.user = undefined;
  connector.dirty = true;
}

/** Handles the result of the last effect: "stored" only when it was read back. @part outcome */
export function onStored(connector: Connector, result: "stored" | "full" | "fault"): void {
  const session = connector.session;
  connector.payload = "";
  if (connector.pendingEffect === "state") {
    connector.dirty = result !== "stored";
    if (result === "stored") return;
    connector.faults++;
    connector.stateNotBeforeS = connector.nowS + STATE_RETRY_S;
    addLogLine(connector, "fault: the state cannot be stored");
    return;
  }
  if (connector.pendingEffect !== "row") return;
  if (result !== "stored") {
    refuseWrite(connector, result === "full" ? LOST_FULL : LOST_FAULT);
    return;
  }
  if (session.write === WRITE_LOSS) {
    addLogLine(connector, "reported the loss of " + session.lost + (session.lost === 1 ? " row" : " rows"));
    session.lost = 0;
    session.write = WRITE_NONE;
    return;
  }
  const tariff = connector.configuration.tariff;
  addLogLine(connector, (session.write === WRITE_START ? "start" : "end") + logValues(connector.configuration.columns, connector.cells, connector.cellCount, tariff === undefined ? 0 : tariff.minorDigits));
  connector.cells = "";
  connector.user = undefined;
  session.write = session.lost > 0 ? WRITE_LOSS : WRITE_NONE;
  session.sequence = 0;
}
