/*
 * A custom input with `latch: "trigger"` keeps its value of the trigger, also over a power cut.
 *
 * Input: one input alone, set before and after the trigger. Output: test results. Invariant: the first input is latched
 * like any other.
 */
import assert from "node:assert/strict";
import { createConnector } from "../../../firmware/session/connector";
import { customValue } from "../../../firmware/session/custom_values";
import { connectorStep, connectorTick } from "../../../firmware/session/effects";
import { pulseEnd, pulseStart, setCustomInput } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { KEY_LATCHED } from "../../../firmware/store/keys";
import { getValue, openKeyValueStore, putValue } from "../../../firmware/store/key_value_store";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import { ConnectorTestBoard, columnsOf, customInput, inputsOf, testConfiguration } from "../../boards/connector_board";

describe("a latched custom input", () => {
  for (const latch of ["1", "0"]) {
    it(latch === "1" ? "keeps its value of the trigger, also when it is the first and only one" : "is not kept without latch", () => {
      const connector = createConnector(testConfiguration({ triggerDelayMs: 1000, customInputs: { indexes: "\x01", types: "n", latches: latch, sources: "c", analogs: [] } }), undefined);
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

describe("a power cut while Td runs", () => {
  it("leaves latched inputs their values of the trigger, of any length, wherever it is, and others empty", () => {
    const long = "x".repeat(64);
    const inputs = inputsOf([...Array.from({ length: 15 }, (_, index) => customInput(index + 1, "text", true)), customInput(16, "number")]);
    const columns = columnsOf(Array.from({ length: 16 }, (_, index) => ({ name: `ci${index + 1}`, content: `ci${index + 1}`, at: "end" as const })));
    for (const length of [1, 10, 20, 40]) {
      const board = new ConnectorTestBoard(testConfiguration({ customInputs: inputs, columns, triggerDelayMs: 5000 }));
      board.tick(1000);
      pulseStart(board.connector);
      board.tick(6000);
      for (let place = 0; place < 15; place++) setCustomInput(board.connector, place, long.substring(0, length) + place);
      setCustomInput(board.connector, 15, "7.45");
      pulseEnd(board.connector, REASON_END);
      board.tick();
      for (let place = 0; place < 15; place++) setCustomInput(board.connector, place, "later");
      board.restart(60);
      board.tick();
      board.tick(6000);
      const row = board.rows()[1]!;
      assert.deepEqual(Array.from({ length: 15 }, (_, index) => row.cells.get(index + 1)), Array.from({ length: 15 }, (_, index) => long.substring(0, length) + index), `${length} bytes`);
      assert.equal(row.cells.get(16) ?? null, null);
    }
  });

  it("gives a row no values of another trigger", () => {
    const board = new ConnectorTestBoard(testConfiguration({ customInputs: inputsOf([customInput(1, "number", true)]), columns: columnsOf([{ name: "ci1", content: "ci1" }]), triggerDelayMs: 5000 }));
    board.tick(1000);
    setCustomInput(board.connector, 0, "1");
    pulseStart(board.connector);
    board.tick(6000);
    const stale = board.latched;
    setCustomInput(board.connector, 0, "2");
    pulseEnd(board.connector, REASON_END);
    board.tick();
    // As if the power had failed before the values of the second trigger reached the flash.
    board.latched = stale;
    board.restart(60);
    board.tick();
    board.tick(6000);
    assert.equal(board.rows()[1]!.cells.get(1) ?? null, null);
  });
});

describe("a value of several keys", () => {
  it("of every length up to the longest is read back in pieces, also after longer and shorter ones", () => {
    const store = openKeyValueStore(createMockFlash(32768), createMockCrypto(), { address: 0, bytes: 32768 });
    for (const length of [0, 1, 239, 240, 241, 479, 480, 481, 1061, 3, 1200, 238]) {
      const value = "v".repeat(length);
      assert.equal(putValue(store, KEY_LATCHED, value), "stored");
      let read = "";
      for (let place = 0; place === 0 || place * 240 < length; place++) read += getValue(store, KEY_LATCHED + place) ?? "";
      assert.equal(read, value, String(length));
    }
  });
});
