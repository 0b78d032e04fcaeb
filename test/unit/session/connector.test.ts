/* The connector at its pins, with the rows and lines it leaves. */
import assert from "node:assert/strict";
import { KIND_END, KIND_START } from "../../../firmware/protocol";
import { pulseEnd, pulseStart, setUid } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { ConnectorTestBoard, columnsOf, testConfiguration } from "../../boards/connector_board";

describe("the connector", () => {
  it("writes one row at the start and completes it at the end", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    setUid(board.connector, "04A1B2C3", true);
    pulseStart(board.connector);
    board.tick();
    assert.equal(board.connector.session.active, true);
    board.tick(90000);
    board.energyWh += 7450;
    pulseEnd(board.connector, REASON_END);
    board.tick();
    const rows = board.rows();
    assert.deepEqual(rows.map((row) => [row.kind, row.sequence, row.table, row.session]), [[KIND_START, 1, 1, 1], [KIND_END, 2, 1, 1]]);
    assert.deepEqual([...rows[0]!.cells], [[1, { epochS: 1780000000 }], [3, new Uint8Array([4, 0xa1, 0xb2, 0xc3])]]);
    assert.deepEqual([...rows[1]!.cells], [[1, { epochS: 1780000000 }], [2, { epochS: 1780000090 }], [3, new Uint8Array([4, 0xa1, 0xb2, 0xc3])], [4, 7450], [5, 90], [6, "end"]]);
    assert.deepEqual(board.lines, [
      "2026-05-28T20:26:40Z garage-1 1 start start=2026-05-28T20:26:40Z card=04A1B2C3",
      "2026-05-28T20:28:10Z garage-1 1 end start=2026-05-28T20:26:40Z end=2026-05-28T20:28:10Z card=04A1B2C3 energy=7450 duration=90 reason=end",
    ]);
  });

  it("dates the start anew when the clock was set back behind it, and keeps the duration", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    pulseStart(board.connector);
    board.tick();
    board.epochS -= 86400;
    board.tick(3600000);
    const endS = board.epochS;
    pulseEnd(board.connector, REASON_END);
    board.tick();
    const end = board.rows()[1]!.cells;
    assert.deepEqual([end.get(1), end.get(2), end.get(5)], [{ epochS: endS - 3600 }, { epochS: endS }, 3600]);
    assert.ok(board.lines.some((line) => line.endsWith("the clock was corrected: the start is dated anew")));
  });

  it("marks short sessions and writes them all the same", () => {
    for (const [changes, short] of [[{ minDurationS: 61 }, true], [{ minDurationS: 60 }, false], [{ minEnergyWh: 101 }, true], [{ minEnergyWh: 100 }, false]] as const) {
      const board = new ConnectorTestBoard(testConfiguration({ ...changes, columns: columnsOf([{ name: "short", content: "session.short" }]) }));
      pulseStart(board.connector);
      board.tick(1000);
      board.energyWh += 100;
      board.tick(60000);
      pulseEnd(board.connector, REASON_END);
      board.tick(20);
      assert.equal(board.rows()[1]!.cells.get(1), short);
    }
  });

  it("carries boot and uptime while the time is unknown, and both boots of a session that a power cut divides", () => {
    const board = new ConnectorTestBoard(testConfiguration());
    board.synced = false;
    board.tick(5000);
    pulseStart(board.connector);
    board.tick(1000);
    board.restart(60);
    board.tick(7000);
    pulseEnd(board.connector, REASON_END);
    board.tick(20);
    assert.deepEqual([board.rows()[1]!.cells.get(1), board.rows()[1]!.cells.get(2)], [{ bootUptime: [1, 6] }, { bootUptime: [2, 7] }]);
    assert.match(board.lines[0]!, /^boot 1 \+6 s garage-1 1 start /);
  });
});
