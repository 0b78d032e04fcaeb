/*
 * Log and database say the same of every value.
 *
 * Input: a session of a device whose table has each content of a number, a cost or a boolean in each type that it may
 * fill. Output: test results. Invariant: `name=value` in the Log is the text of the value that the endpoint stores.
 */
import assert from "node:assert/strict";
import { convertCell } from "../../exosphere/ingest/cell";
import type { Cell } from "../../exosphere/ingest/batch";
import type { Column } from "../../exosphere/tables/table_documents";
import { createChain } from "../../firmware/commands/check";
import { chainStep } from "../../firmware/commands/run";
import type { Connector } from "../../firmware/session/connector";
import { createDeviceTestBoard, plug, pulses, rows, run } from "../boards/device_board";

const FILLS: [string, Column["type"][]][] = [
  ["session.cost", ["integer", "number", "text"]], ["session.energy", ["integer", "number", "text"]], ["session.number", ["integer", "number", "text"]],
  ["session.active", ["boolean", "integer", "number", "text"]], ["session.short", ["boolean", "integer", "number", "text"]],
  ["ci1", ["boolean", "integer", "number", "text"]], ["ci2", ["integer", "number", "text"]], ["ci3", ["number", "text"]],
];
const COLUMNS = FILLS.flatMap(([content, types]) => types.map((type) => ({ content, type }))).map((column, index) => ({ id: index + 1, name: `c${index + 1}`, ...column }));
/** Values that commands may write, and the decimals of the currency. */
const VALUES: { bool: string; int: string; num: string; minorDigits: number }[] = [
  { bool: "1", int: "007", num: "00012.500", minorDigits: 2 }, { bool: "false", int: "-0", num: "-0.0", minorDigits: 0 },
  { bool: "true", int: "-12", num: "0.1", minorDigits: 3 }, { bool: "0", int: "0", num: "7", minorDigits: 4 },
];

/** Sets a custom input as a command does. */
function set(connector: Connector, pin: string, value: string): void {
  const chain = createChain(connector, `SET(${connector.configuration.blockName};${pin};${value})`);
  assert.equal(chain.status, 200, chain.answer);
  chainStep(chain, connector, 0);
}

describe("a value in the Log", () => {
  for (const { bool, int, num, minorDigits } of VALUES) {
    it(`is the one in the database: ${bool}, ${int}, ${num}, ${minorDigits} decimals of the currency`, () => {
      const desk = createDeviceTestBoard((document) => {
        document.table = { id: 1, columns: COLUMNS };
        document.customInputs = [{ index: 1, type: "boolean" }, { index: 2, type: "integer" }, { index: 3, type: "number" }];
        document.tariff = { minorDigits, prices: [{ from: "00:00", perKwh: "1.8" }] };
      });
      run(desk, 1000);
      set(desk.device.connector, "CI1", bool);
      set(desk.device.connector, "CI2", int);
      set(desk.device.connector, "CI3", num);
      plug(desk, true);
      pulses(desk, 10);
      plug(desk, false);
      run(desk, 1000);
      const lines = desk.board.system.lines.filter((line) => / \d+ (start|end) c\d/.test(line));
      const found = rows(desk).filter((row) => row[0] === 1 || row[0] === 2);
      assert.equal(found.length, 2);
      for (const row of found) {
        const line = lines.find((candidate) => candidate.includes(row[0] === 1 ? " start c" : " end c"))!;
        const told = new Map([...line.matchAll(/ (c\d+)=(\S*)/g)].map((match) => [match[1], match[2]]));
        for (const [id, cell] of row[4] as Map<number, Cell>) {
          if (id === 0) {
            // The board has no time, and no column says so.
            assert.match(line, / _clock="boot \d+ \+\d+ s"$/);
            continue;
          }
          const column = COLUMNS[id - 1]!;
          const converted = convertCell(cell, column as unknown as Column, minorDigits);
          assert.ok("value" in converted, JSON.stringify(converted));
          assert.equal(told.get(`c${id}`), converted.value === null ? "" : String(converted.value), `${column.content} in ${column.type}`);
        }
      }
    });
  }
});
