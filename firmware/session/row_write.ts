/*
 * What becomes of a write that the connector asked for.
 *
 * Input: the connector and the answer of the store. Output: the Log line of a row that is stored; a counted
 * loss for one that is not. Invariant: a row counts as written only when it was read back.
 */
import { addLogLine } from "./note";
import type { Connector } from "./connector";
import { logValues } from "./log_line";
import { LOST_FAULT, LOST_FULL, WRITE_LOSS, WRITE_NONE, WRITE_START } from "./session_record";

/** Seconds until a state that could not be stored is tried again. */
const STATE_RETRY_S = 10;

/** The row could not be stored: it is counted, and reported by a KIND_LOSS row once there is room. */
export function refuseWrite(connector: Connector, reason: number): void {
  const session = connector.session;
  if (session.write !== WRITE_LOSS) {
    if (session.lost === 0) session.lostAtS = connector.moment.epochS > 0 ? connector.moment.epochS : connector.nowS;
    session.lostReason = reason;
    session.lost++;
    addLogLine(connector, (session.write === WRITE_START ? "start" : "end") + " not stored: " + (reason === LOST_FULL ? "the ring is full" : "the flash does not keep it"));
  }
  session.write = WRITE_NONE;
  session.sequence = 0;
  connector.user = undefined;
  connector.dirty = true;
}

/** The answer to the last effect: "stored" only when it was read back. @part outcome */
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
  addLogLine(connector, (session.write === WRITE_START ? "start" : "end") + logValues(connector.configuration.columns, connector.cells, connector.cellCount));
  connector.cells = "";
  connector.user = undefined;
  session.write = session.lost > 0 ? WRITE_LOSS : WRITE_NONE;
  session.sequence = 0;
}
