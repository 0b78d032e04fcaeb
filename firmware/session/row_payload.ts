/*
 * The row that the connector is about to store, as bytes.
 *
 * Input: the connector with a pending write, and the sequence number that the row will have. Output: its
 * payload. Invariant: texts are cut until the row fits, and the Log says so.
 */
import { TEXT_BYTES_MAX } from "../limits";
import { KIND_END, KIND_EVENT, KIND_LOSS, KIND_START } from "../protocol";
import { factRow, sessionRow } from "./row";
import { rowCells } from "./cells";
import { addLogLine } from "./note";
import type { Connector } from "./connector";
import { WRITE_LOSS, WRITE_START } from "./session_record";

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
