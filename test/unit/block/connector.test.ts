/* What the connector does at its pins, with the rows and lines it leaves. */
import assert from "node:assert/strict";
import { KIND_END, KIND_START } from "../../../firmware/protocol";
import { pulseEnd, pulseStart, setUid } from "../../../firmware/block/pins";
import { REASON_END } from "../../../firmware/block/session";
import { Board, testConfiguration } from "./fixture";

describe("the connector", () => {
  it("writes one row at the start and completes it at the end", () => {
    const board = new Board(testConfiguration());
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
    assert.deepEqual([...rows[0].cells], [[1, { epochS: 1780000000 }], [3, new Uint8Array([4, 0xa1, 0xb2, 0xc3])]]);
    assert.deepEqual([...rows[1].cells], [[1, { epochS: 1780000000 }], [2, { epochS: 1780000090 }], [3, new Uint8Array([4, 0xa1, 0xb2, 0xc3])], [4, 7450], [5, 90], [6, "end"]]);
    assert.deepEqual(board.lines, [
      "2026-05-28T20:26:40Z garage-1 1 start start=2026-05-28T20:26:40Z card=04A1B2C3",
      "2026-05-28T20:28:10Z garage-1 1 end start=2026-05-28T20:26:40Z end=2026-05-28T20:28:10Z card=04A1B2C3 energy=7450 duration=90 reason=end",
    ]);
  });
});
