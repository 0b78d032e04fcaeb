/* Columns: what may fill what, what a row holds at each event, and rows of every content at once. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { CONTENTS, DECLARED_FILLS, KIND_END, KIND_EVENT, KIND_START, USER_FIELDS } from "../../../firmware/protocol";
import type { Datatype } from "../../../firmware/protocol";
import { TEXT_BYTES_MAX } from "../../../firmware/limits";
import { pulseEnd, pulseStart, setCustomInput, setUid } from "../../../firmware/session/pins";
import { withReadingsNow } from "../../../firmware/session/readings";
import { REASON_END } from "../../../firmware/session/session_record";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { u8 } from "../../../firmware/base/bytes";
import { ConnectorTestBoard, columnsOf, customInput, inputsOf, testConfiguration, utf8 } from "../../boards/connector_board";
import type { TestColumn } from "../../boards/connector_board";

const example = JSON.parse(readFileSync(new URL("../../../docs/examples/wallbox.json", import.meta.url), "utf8")) as { [name: string]: unknown; meters: { [name: string]: unknown }[] };
const DATATYPES: Datatype[] = ["text", "number", "integer", "boolean", "datetime"];
const VALUES: { [type: string]: string } = { text: "a", number: "7.45", integer: "7", boolean: "true", datetime: "2026-11-23T00:31:09Z" };

/** The errors of the example with this one column. */
function judge(content: string, type: string, inputType: string): string[] {
  const constant = content === "constant" ? { value: type === "boolean" ? true : VALUES[type] } : {};
  const document = {
    ...example, meters: [example.meters[0], { ...example.meters[0], pin: 27 }], customInputs: Array.from({ length: 16 }, (_, index) => ({ index: index + 1, type: inputType })),
    table: { id: 1, columns: [{ id: 1, name: "x", type, content, ...constant }] },
  };
  return readConfiguration(utf8(JSON.stringify(document))).errors.map(({ path, what, remedy }) => `${path}: ${what}; ${remedy}`);
}

describe("columns", () => {
  for (const content of CONTENTS) {
    it(`of every datatype are judged by the table for ${content.name}`, () => {
      for (const type of DATATYPES) {
        for (const inputType of content.name.startsWith("ci") ? ["number", "integer", "text", "boolean"] : ["text"]) {
          const fills = content.name === "constant" ? DATATYPES : content.type === "declared" ? DECLARED_FILLS[inputType]! : content.fills;
          const errors = judge(content.name, type, inputType);
          if (fills.includes(type)) assert.deepEqual(errors, []);
          else {
            const from = content.type === "declared" ? inputType : content.type;
            assert.deepEqual(errors, [`table.columns[0].type: ${content.name} (${from}) cannot fill a column of type ${type}; write one of: ${fills.join(", ")}`]);
          }
        }
      }
    });
  }

  it("hold all contents of the table in one row of 32 columns, and in a second for the rest", () => {
    const all = CONTENTS.filter(({ name }) => name !== "constant").map(({ name }): TestColumn => ({ name, content: name }));
    let seen = 0;
    for (const part of [all.slice(0, 32), all.slice(32)]) {
      const customInputs = Array.from({ length: 16 }, (_, index) => customInput(index + 1, (["number", "integer", "text", "boolean"] as const)[index % 4]!));
      const tariff = { minorDigits: 2, utcOffsetMin: 0, daylightSaving: "none" as const, fromMin: [0], pricePerKwhMilli: [25500], feePerHourMilli: 0 };
      const board = new ConnectorTestBoard(testConfiguration({ columns: columnsOf(part), customInputs: inputsOf(customInputs), tariff, minEnergyWh: 5000 }));
      board.users = () => ({ state: "known", id: 8, fields: USER_FIELDS.map((name, index) => u8(index) + u8(name.length) + name).join("") });
      board.senses = () => { board.connector.readings = withReadingsNow(board.connector.readings, [board.energyWh, 2 * board.energyWh], [board.energyWh, 2 * board.energyWh]); };
      setUid(board.connector, "04A1B2C3", true);
      for (const [place, input] of customInputs.entries()) setCustomInput(board.connector, place, { number: "7.45", integer: "42", text: "a", boolean: "1" }[input.type]);
      pulseStart(board.connector);
      board.tick(1000);
      setUid(board.connector, "04D4E5F6", true);
      board.energyWh += 4321;
      board.tick(60000);
      pulseEnd(board.connector, REASON_END);
      board.tick(20);
      const merged = new Map([...board.rows()[0]!.cells, ...board.rows()[1]!.cells]);
      const wanted: { [name: string]: unknown } = {
        "session.start": { epochS: 1780000001 }, "session.end": { epochS: 1780000061 }, "trigger.time": { epochS: 1780000061 }, "session.duration": 60, "session.number": 1,
        "session.energy": 4321, "meter.start": 1000, "meter.end": 5321, "session.cost": 110, "session.active": false, "session.short": true, "session.endReason": "end",
        "meter1.energy": 4321, "meter1.start": 1000, "meter1.end": 5321, "meter2.energy": 8642, "meter2.start": 2000, "meter2.end": 10642,
        "session.clock": "synced", "device.id": "garage-1", "device.name": "Garage", uid: new Uint8Array([4, 0xa1, 0xb2, 0xc3]), "session.lastUid": new Uint8Array([4, 0xd4, 0xe5, 0xf6]),
      };
      for (const [index, { content }] of part.entries()) {
        const number = Number(content.substring(2)) - 1;
        const value = content.startsWith("user.") ? content.substring(5) : content.startsWith("ci") ? ["7.45", 42, "a", true][number % 4] : wanted[content];
        assert.deepEqual(merged.get(index + 1), value, content);
        seen++;
      }
    }
    assert.equal(seen, CONTENTS.length - 1);
  });

  it("are empty, never zero, where a value is not known", () => {
    const names = ["session.energy", "meter.start", "meter.end", "session.cost", "uid", "session.lastUid", "user.name", "ci1"];
    const board = new ConnectorTestBoard(testConfiguration({ rowMode: "event", columns: columnsOf(names.map((name) => ({ name, content: name }))), customInputs: inputsOf([customInput(1, "number")]) }));
    board.energyWh = -1;
    pulseStart(board.connector);
    board.tick();
    pulseEnd(board.connector, REASON_END);
    board.tick();
    for (const row of board.rows()) {
      assert.equal(row.kind, KIND_EVENT);
      for (const value of row.cells.values()) assert.equal(value, null);
    }
    assert.equal(board.rows()[1]!.cells.size, names.length);
  });

  it("have no energy when the meter's register went backwards", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    pulseStart(board.connector);
    board.tick();
    board.energyWh = 5;
    pulseEnd(board.connector, REASON_END);
    board.tick();
    assert.equal(board.rows()[1]!.cells.get(4), null);
  });

  it("are not taken away by an end row that does not know them any more", () => {
    const board = new ConnectorTestBoard(testConfiguration({ columns: columnsOf([{ name: "name", content: "user.name" }, { name: "card", content: "uid" }]) }));
    board.users = () => ({ state: "known", id: 8, fields: u8(0) + u8(3) + "Ada" });
    setUid(board.connector, "04A1B2C3", true);
    pulseStart(board.connector);
    board.tick();
    board.users = () => ({ state: "unknown", id: 0, fields: "" });
    pulseEnd(board.connector, REASON_END);
    board.tick();
    assert.deepEqual(board.rows().map((row) => [row.kind, row.cells.get(1)]), [[KIND_START, "Ada"], [KIND_END, undefined]]);
  });

  it("carry the raw uid of an unknown or expired card, empty user fields, and a line in the Log", () => {
    for (const [state, word] of [["unknown", "unknown"], ["expired", "expired"], ["early", "not valid yet"]] as const) {
      const board = new ConnectorTestBoard(testConfiguration({ columns: columnsOf([{ name: "name", content: "user.name" }, { name: "card", content: "uid" }]) }));
      board.users = () => ({ state, id: 0, fields: "" });
      setUid(board.connector, "04A1B2C3", true);
      pulseStart(board.connector);
      board.tick();
      assert.deepEqual([...board.rows()[0]!.cells.values()], [null, new Uint8Array([4, 0xa1, 0xb2, 0xc3])]);
      assert.ok(board.lines.some((line) => line.endsWith(`card 04A1B2C3 is ${word}`)), board.lines.join());
    }
  });

  it("read a custom input when the row is written, or at the trigger when it is latched", () => {
    const board = new ConnectorTestBoard(testConfiguration({
      triggerDelayMs: 1000, customInputs: inputsOf([customInput(1, "number"), customInput(2, "number", true)]), columns: columnsOf([{ name: "a", content: "ci1" }, { name: "b", content: "ci2" }]),
    }));
    setCustomInput(board.connector, 0, "1");
    setCustomInput(board.connector, 1, "1");
    pulseStart(board.connector);
    board.tick();
    setCustomInput(board.connector, 0, "2");
    setCustomInput(board.connector, 1, "2");
    board.tick(1000);
    assert.deepEqual([...board.rows()[0]!.cells.values()], [2, 1]);
  });

  it("are cut evenly rather than lost when a row of long texts would not fit", () => {
    const inputs = Array.from({ length: 16 }, (_, index) => customInput(index + 1, "text"));
    const columns = columnsOf([...inputs.map(({ index }) => ({ name: `t${index}`, content: `ci${index}` })), ...Array.from({ length: 15 }, (_, index) => ({ name: `u${index}`, content: `user.${USER_FIELDS[index]}` }))]);
    const board = new ConnectorTestBoard(testConfiguration({ customInputs: inputsOf(inputs), columns }));
    board.users = () => ({ state: "known", id: 8, fields: USER_FIELDS.map((_, index) => u8(index) + u8(64) + utf8("ü".repeat(32))).join("") });
    setUid(board.connector, "04A1B2C3", true);
    for (let place = 0; place < 16; place++) {
      setCustomInput(board.connector, place, utf8("€".repeat(30)));
      board.tick();
    }
    pulseStart(board.connector);
    board.tick();
    assert.equal(board.ring.length, 1);
    assert.equal(board.ring[0]!.length, 557);
    assert.equal(board.rows()[0]!.cells.get(1), "€".repeat(5));
    assert.ok(board.lines.some((line) => line.includes("cut texts to 16 bytes")));
    assert.ok(board.lines.some((line) => line.includes("cut CI1 to 63 bytes")));
    assert.equal(TEXT_BYTES_MAX, 64);
  });

  it("feed a tariff into a custom input, in major or minor units", () => {
    const tariff = { minorDigits: 2, utcOffsetMin: 0, daylightSaving: "none" as const, fromMin: [0], pricePerKwhMilli: [25500], feePerHourMilli: 0 };
    const customInputs = [{ ...customInput(1, "number"), source: "tariff" as const }, { ...customInput(2, "integer"), source: "tariff" as const }];
    const board = new ConnectorTestBoard(testConfiguration({ tariff, customInputs: inputsOf(customInputs), columns: columnsOf([{ name: "major", content: "ci1" }, { name: "minor", content: "ci2" }, { name: "cost", content: "session.cost" }]) }));
    pulseStart(board.connector);
    board.tick();
    board.energyWh += 29216;
    board.tick();
    pulseEnd(board.connector, REASON_END);
    board.tick();
    assert.deepEqual([...board.rows()[1]!.cells.values()], ["7.45", 745, 745]);
    assert.deepEqual([...board.rows()[0]!.cells.values()], ["0.00", 0]);
  });
});
