/*
 * The outputs before the electrician's eyes: LED patterns and the relay, moment by moment on mock pins.
 */
import assert from "node:assert/strict";
import type { Configuration } from "../../../firmware/configuration/configuration";
import { createOutputs, LED_ACTIVE, LED_FAULT, LED_OFF, LED_OFFLINE, LED_PENDING, outputsTick } from "../../../firmware/outputs";
import { createMockBoard } from "../../../hal/mock";
import { createMockFlash } from "../../../hal/mock/flash";

const CONFIGURATION = { ledPin: 2, ledActiveLevel: 0, relayPin: 23, relayActiveLevel: 1 } as Configuration;

function seen(pattern: string): string {
  const board = createMockBoard({ flash: createMockFlash(16384) });
  const outputs = createOutputs(board, CONFIGURATION);
  let levels = "";
  for (let step = 0; step < 8; step++) {
    outputsTick(outputs, board, CONFIGURATION, pattern, false, step * 250 + 10);
    levels += board.pins.driven(2) === 0 ? "1" : "0";
  }
  return levels;
}

describe("the outputs", () => {
  it("blink each state in its own way, lit by the configured level", () => {
    const patterns = [LED_OFF, LED_ACTIVE, LED_PENDING, LED_OFFLINE, LED_FAULT];
    assert.deepEqual(patterns.map(seen), patterns);
    assert.equal(new Set(patterns).size, patterns.length);
  });

  it("switch the relay on and off, and write it only when it changes", () => {
    const board = createMockBoard({ flash: createMockFlash(16384) });
    const outputs = createOutputs(board, CONFIGURATION);
    for (const on of [false, false, true, true, false]) outputsTick(outputs, board, CONFIGURATION, LED_OFF, on, 0);
    assert.deepEqual(board.pins.history.filter((change) => change[1] === 23).map((change) => change[2]), [0, 1, 0]);
  });

  it("leave pins alone that are not configured", () => {
    const board = createMockBoard({ flash: createMockFlash(16384) });
    const none = { ...CONFIGURATION, ledPin: -1, relayPin: -1 };
    outputsTick(createOutputs(board, none), board, none, LED_FAULT, true, 0);
    assert.deepEqual([board.pins.driven(2), board.pins.driven(23)], [undefined, undefined]);
  });
});
