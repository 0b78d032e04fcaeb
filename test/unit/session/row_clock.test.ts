/*
 * Column 0: how good the time of a row is, told by each row whose time is not synchronised.
 *
 * Input: a connector with and without columns of moments, a clock that is known, unknown or contradicted. Output: cells of
 * rows, Log lines, JSON of a webhook. Invariant: a row tells its quality once, and nothing when it is "synced".
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { pulseEnd, pulseStart, setUid } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { createWall } from "../../../firmware/base/wall_clock";
import { webhookBody } from "../../../firmware/uplink/webhook";
import { ConnectorTestBoard, columnsOf, type TestColumn, testConfiguration } from "../../boards/connector_board";

const ENERGY: TestColumn = { name: "energy", content: "session.energy" };
const START: TestColumn = { name: "start", content: "session.start", at: "start" };
const END: TestColumn = { name: "end", content: "session.end" };
const CLOCK: TestColumn = { name: "clock", content: "session.clock" };

interface Moment { synced: boolean; contradicted: boolean }

/** A session whose clock is so at its start and so at its end. */
function session(columns: TestColumn[], start: Moment, end: Moment, uid = ""): ConnectorTestBoard {
  const board = new ConnectorTestBoard(testConfiguration({ columns: columnsOf(columns), deviceId: "box" }));
  const become = ({ synced, contradicted }: Moment): void => { board.synced = synced; board.connector.clockContradicted = contradicted; };
  become(start);
  board.tick(1000);
  if (uid !== "") setUid(board.connector, uid, true);
  pulseStart(board.connector);
  board.tick(9000);
  become(end);
  pulseEnd(board.connector, REASON_END);
  board.tick(1000);
  return board;
}
const SYNCED: Moment = { synced: true, contradicted: false };
const UNKNOWN: Moment = { synced: false, contradicted: false };
const CONTRADICTED: Moment = { synced: true, contradicted: true };
const told = (board: ConnectorTestBoard): unknown[] => board.rows().map(({ cells }) => cells.get(0));
const AT_START = { bootUptime: [1, 10] };
const AT_END = { bootUptime: [1, 11] };

describe("column 0 of a row", () => {
  for (const [name, columns, start, end, expected] of [
    ["is left out while the clock is synchronised", [ENERGY], SYNCED, SYNCED, [undefined, undefined]],
    ["says that the clock is contradicted, where no column does", [ENERGY, START, END], SYNCED, CONTRADICTED, [undefined, "contradicted"]],
    ["is left out where a column says so", [CLOCK], CONTRADICTED, CONTRADICTED, [undefined, undefined]],
    ["has the moment that decides, where the row has no moment", [ENERGY], UNKNOWN, SYNCED, [AT_START, AT_START]],
    ["is left out where the row has that moment", [START, END], SYNCED, UNKNOWN, [undefined, undefined]],
    ["has the worse moment of two when only the other is in the row", [START, END], UNKNOWN, UNKNOWN, [undefined, AT_START]],
    ["has the end's moment when only that is unknown", [START], SYNCED, UNKNOWN, [undefined, AT_END]],
  ] as [string, TestColumn[], Moment, Moment, unknown[]][]) {
    it(name, () => { assert.deepEqual(told(session(columns, start, end)), expected); });
  }

  it("is not hidden by a card or a constant that spells the same word", () => {
    assert.deepEqual(told(session([{ name: "card", content: "uid" }, ENERGY], CONTRADICTED, CONTRADICTED, "contradicted")), ["contradicted", "contradicted"]);
  });

  it("tells of every row what a column made for it would have said", () => {
    const moment = fc.constantFrom(SYNCED, UNKNOWN, CONTRADICTED);
    fc.assert(fc.property(fc.subarray([ENERGY, START, END]), moment, moment, (columns, start, end) => {
      const truth = session([CLOCK], start, end).rows().map(({ cells }) => cells.get(1));
      const found = session(columns, start, end).rows().map(({ cells }) => cells.get(0) ?? [...cells.values()].find((cell) => typeof cell === "object" && cell !== null && "bootUptime" in cell) ?? "synced");
      assert.deepEqual(found, truth);
    }));
  });

  it("is in the Log as _clock, and in the JSON of a webhook, dated or not", () => {
    const board = session([ENERGY], UNKNOWN, CONTRADICTED);
    board.lines.splice(0);
    const other = session([ENERGY], SYNCED, CONTRADICTED);
    assert.ok(other.lines.some((line) => line.endsWith(" end energy=0 _clock=contradicted")), other.lines.join("\n"));
    const values = (offsetS: number, rows: ConnectorTestBoard): unknown[] => {
      const wall = createWall(1, 0, 0);
      wall.offsetS = offsetS;
      return (JSON.parse(webhookBody(rows.configuration, wall, rows.ring.join(""))) as { rows: { values: { _clock?: unknown } }[] }).rows.map(({ values: { _clock } }) => _clock);
    };
    assert.deepEqual([values(0, board), values(1_780_000_000, board), values(0, other)], [[null, null], ["backfilled", "backfilled"], [undefined, "contradicted"]]);
    const column = session([CLOCK], UNKNOWN, UNKNOWN);
    const bodies = JSON.parse(webhookBody(column.configuration, Object.assign(createWall(1, 0, 0), { offsetS: 1_780_000_000 }), column.ring.join(""))) as { rows: { values: { clock: unknown } }[] };
    assert.deepEqual(bodies.rows.map(({ values: { clock } }) => clock), ["backfilled", "backfilled"]);
  });

  it("has a name of its own in the JSON of a webhook, also beside columns that are called like it", () => {
    const board = session([{ name: "_clock", content: "session.energy" }, { name: "__clock", content: "uid" }], CONTRADICTED, CONTRADICTED);
    const body = webhookBody(board.configuration, createWall(1, 0, 0), board.ring.join(""));
    const names = [...body.matchAll(/"(_+clock)":/g)].map(([, name]) => name);
    assert.deepEqual(names, ["__clock", "___clock", "_clock", "___clock"], body);
    assert.deepEqual((JSON.parse(body) as { rows: { values: unknown }[] }).rows[1]!.values, { ___clock: "contradicted", _clock: 0 });
  });
});
