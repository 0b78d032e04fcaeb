/* Relations between limits on which promises rest. */
import assert from "node:assert/strict";
import { EDGES_MAX, SERIAL_BYTES_MAX, TICK_MS } from "../../../firmware/limits";

describe("the limits", () => {
  it("let a tick come often enough that a counted pulse is durable within 50 ms", () => {
    assert.ok(TICK_MS < 50);
  });

  it("hold the edges of two meters at 61 pulses a second, and a reader's line at 9600 baud, for three ticks on end", () => {
    assert.ok(EDGES_MAX >= (3 * TICK_MS * 2 * 2 * 61) / 1000);
    assert.ok(SERIAL_BYTES_MAX >= (3 * TICK_MS * 960) / 1000);
  });
});
