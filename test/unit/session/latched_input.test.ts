/*
 * A custom input with `latch: "trigger"` keeps its value of the trigger.
 *
 * Input: one input alone, set before and after the trigger. Output: test results. Invariant: the first input is latched
 * like any other.
 */
import assert from "node:assert/strict";
import { createConnector } from "../../../firmware/session/connector";
import { customValue } from "../../../firmware/session/custom_values";
import { connectorStep, connectorTick } from "../../../firmware/session/effects";
import { pulseStart, setCustomInput } from "../../../firmware/session/pins";
import { testConfiguration } from "../../boards/connector_board";

describe("a latched custom input", () => {
  for (const latch of ["1", "0"]) {
    it(latch === "1" ? "keeps its value of the trigger, also when it is the first and only one" : "is not kept without latch", () => {
      const connector = createConnector(testConfiguration({ triggerDelayMs: 1000, customInputs: { count: 1, indexes: "\x01", types: "n", latches: latch, sources: "c", analogs: [] } }), undefined);
      connectorTick(connector, { ms: 0, s: 0 }, { epochS: 0, boot: 1, uptimeS: 0 }, -1);
      setCustomInput(connector, 0, "7");
      pulseStart(connector);
      for (let steps = 0; steps < 2; steps++) connectorStep(connector, 1);
      assert.equal(connector.session.active, true);
      setCustomInput(connector, 0, "8");
      assert.equal(customValue(connector.latched, 0), latch === "1" ? "7" : undefined);
      assert.equal(customValue(connector.values, 0), "8");
    });
  }
});
