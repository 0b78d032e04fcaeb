/*
 * Lines of the Log that wait for the device.
 *
 * Input: texts of whoever has something to say. Output: `lines` and `log` of the connector. Invariant: at most
 * LINES_MAX lines wait; what does not fit is the output Log for a moment all the same.
 */
import type { Bytes } from "../../hal/ports";
import type { Connector } from "./connector";
import { logHead } from "./log_line";

/** The device takes the lines every tick. */
const LINES_MAX = 16;

/** Adds a line to the Log. @part note */
export function addLogLine(connector: Connector, text: Bytes): void {
  connector.log = logHead(connector.moment, connector.configuration.deviceId, connector.session.number) + text;
  if (connector.lines.length < LINES_MAX) connector.lines.push(connector.log);
}
