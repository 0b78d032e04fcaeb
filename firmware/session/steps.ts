/*
 * One step of the connector, put together from its parts, of which a small board holds one at a time.
 *
 * Input: the connector after connectorTick, and the ring's next sequence number. Output: one effect a call,
 * to be carried out by the device and answered with connectorDone, until "none". Invariant: the effect "row"
 * comes with its payload.
 */
import type { Connector, ConnectorEffect } from "./connector";
import { nextEffect } from "./effects";
import { makeRow } from "./row_payload";

export { connectorDone } from "./row_write";

/** The next effect. `nextSequence` is the sequence number that the ring will give to the next record. */
export function connectorStep(connector: Connector, nextSequence: number): ConnectorEffect {
  const effect = nextEffect(connector, nextSequence);
  if (effect === "row") makeRow(connector, nextSequence);
  return effect;
}
