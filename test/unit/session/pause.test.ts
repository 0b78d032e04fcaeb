/*
 * A pause is not an end: a contact that opens for less than `pauseS` leaves session and user as they are.
 *
 * Input: a contact that opens and closes, power that fails. Output: rows. Invariant: a session that ends in a pause ends
 * when the contact opened; one that goes on has lost nothing by the pause.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { setContact, setUid } from "../../../firmware/session/pins";
import { REASON_END } from "../../../firmware/session/session_record";
import { ConnectorTestBoard, columnsOf, testConfiguration } from "../../boards/connector_board";
import type { Configuration } from "../../../firmware/configuration/configuration";

const COLUMNS = columnsOf([
  { name: "start", content: "session.start" }, { name: "end", content: "session.end" }, { name: "card", content: "uid" }, { name: "energy", content: "session.energy" },
  { name: "duration", content: "session.duration" }, { name: "reason", content: "session.endReason" }, { name: "cost", content: "session.cost" }, { name: "at end", content: "meter.end" },
]);
const CARD = "04A1B2C3";
/** A cent per Wh, so that each shows. */
const TARIFF: Configuration["tariff"] = { minorDigits: 2, utcOffsetMin: 0, daylightSaving: "none", fromMin: [0], pricePerKwhMilli: [1_000_000], feePerHourMilli: 0 };

function create(changes: Partial<Configuration> = {}): ConnectorTestBoard {
  const board = new ConnectorTestBoard(testConfiguration({ columns: COLUMNS, pauseS: 60, tariff: TARIFF, ...changes }));
  board.tick(1000);
  return board;
}

function contact(board: ConnectorTestBoard, on: boolean): void {
  setContact(board.connector, on, REASON_END);
  board.tick();
}

/** Lets seconds pass, in each of which `wattHours` are metered. */
function pass(board: ConnectorTestBoard, seconds: number, wattHours = 0): void {
  for (let second = 0; second < seconds; second++) {
    board.energyWh += wattHours;
    board.tick(1000);
  }
}

const ends = (board: ConnectorTestBoard): unknown[][] => board.rows().filter((row) => row.kind === 2).map((row) => [4, 5, 6, 7, 8].map((id) => row.cells.get(id)));

describe("a pause", () => {
  it("of a contactor that switches forty times makes one session of one user", () => {
    const board = create();
    setUid(board.connector, CARD, true);
    for (let cycle = 0; cycle < 40; cycle++) {
      contact(board, true);
      pass(board, 60, 1);
      contact(board, false);
      pass(board, 20);
    }
    pass(board, 60);
    // 79 edges took a tick of 20 ms each.
    assert.deepEqual(ends(board), [[2400, 40 * 80 - 20 + 1, "end", 2400, 3400]]);
    assert.deepEqual(board.rows().map((row) => row.session), [1, 1]);
    assert.deepEqual(board.rows()[1]!.cells.get(3), new Uint8Array([4, 0xa1, 0xb2, 0xc3]));
  });

  it("as long as pauseS ends the session when the contact opened, with the registers of then", () => {
    const board = create();
    contact(board, true);
    pass(board, 100, 1);
    const endS = board.epochS;
    contact(board, false);
    pass(board, 61, 1);
    assert.deepEqual(ends(board), [[100, 100, "end", 100, 1100]]);
    assert.deepEqual(board.rows()[1]!.cells.get(2), { epochS: endS });
    contact(board, true);
    assert.equal(board.connector.session.number, 2);
  });

  it("that the power fails in ends on time when the clock is known", () => {
    for (const [offS, isOpen] of [[20, true], [120, false]] as const) {
      const board = create();
      contact(board, true);
      pass(board, 100, 1);
      contact(board, false);
      pass(board, 10);
      board.restart(offS);
      setContact(board.connector, false, REASON_END);
      pass(board, 2);
      assert.equal(board.connector.session.active, isOpen, `${offS} s without power`);
      if (isOpen) {
        contact(board, true);
        pass(board, 50, 1);
        contact(board, false);
        pass(board, 61);
        assert.deepEqual(ends(board), [[150, 100 + 10 + 20 + 2 + 50, "end", 150, 1150]]);
      } else assert.deepEqual(ends(board), [[100, 100, "end", 100, 1100]]);
    }
  });

  it("ends for another person, who has a session of their own", () => {
    const board = create();
    setUid(board.connector, CARD, true);
    contact(board, true);
    pass(board, 100, 1);
    contact(board, false);
    pass(board, 10);
    setUid(board.connector, "04D4E5F6", true);
    board.tick();
    contact(board, true);
    pass(board, 30, 2);
    contact(board, false);
    pass(board, 61);
    assert.deepEqual(ends(board), [[100, 100, "end", 100, 1100], [60, 30, "end", 60, 1160]]);
    assert.deepEqual(board.rows().filter((row) => row.kind === 2).map((row) => row.cells.get(3)), [new Uint8Array([4, 0xa1, 0xb2, 0xc3]), new Uint8Array([4, 0xd4, 0xe5, 0xf6])]);
  });

  it("of a session without a user ends for the person whose card is shown in it, who pays for nothing from before", () => {
    for (const [byCard, lateUid] of [[true, true], [true, false], [false, true]] as const) {
      const board = create({ lateUid });
      contact(board, true);
      pass(board, 100, 1);
      contact(board, false);
      pass(board, 10);
      setUid(board.connector, CARD, byCard);
      board.tick();
      contact(board, true);
      pass(board, 30, 2);
      contact(board, false);
      pass(board, 61);
      assert.deepEqual(ends(board), [[100, 100, "end", 100, 1100], [60, 30, "end", 60, 1160]]);
      assert.deepEqual(board.rows().filter((row) => row.kind === 2).map((row) => row.cells.get(3)), [undefined, new Uint8Array([4, 0xa1, 0xb2, 0xc3])]);
    }
  });

  it("joins exactly what is interrupted for less than pauseS, at any intervals", () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 90 }), fc.array(fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })), { minLength: 1, maxLength: 12 }), (pauseS, intervals) => {
      const board = create({ pauseS });
      const expected: [number, number][] = [];
      let joins = false;
      for (const [onS, offS] of intervals) {
        contact(board, true);
        pass(board, onS, 1);
        contact(board, false);
        pass(board, offS);
        const last = expected[expected.length - 1]!;
        if (joins) expected[expected.length - 1] = [last[0] + onS, last[1] + onS];
        else expected.push([onS, onS]);
        joins = offS < pauseS;
        if (joins) expected[expected.length - 1]![1] += offS;
      }
      if (joins) expected[expected.length - 1]![1] -= intervals[intervals.length - 1]![1];
      pass(board, pauseS);
      assert.deepEqual(ends(board).map((end) => [end[0], end[1]]), expected);
    }), { numRuns: 60 });
  });
});

describe("a Uid set by command", () => {
  it("is the user of every session until it is set again, also over a power cut in one of them", () => {
    const board = create({ pauseS: 0 });
    setUid(board.connector, CARD, false);
    for (let session = 0; session < 3; session++) {
      contact(board, true);
      pass(board, 10, 1);
      if (session === 1) board.restart(60);
      contact(board, false);
      pass(board, 10);
    }
    setUid(board.connector, "", false);
    contact(board, true);
    const key = new Uint8Array([4, 0xa1, 0xb2, 0xc3]);
    assert.deepEqual(board.rows().filter((row) => row.kind === 1).map((row) => row.cells.get(3)), [key, key, key, null]);
  });

  it("gives way to a card, which stands for one session", () => {
    const board = create({ pauseS: 0 });
    setUid(board.connector, CARD, true);
    for (let session = 0; session < 2; session++) {
      contact(board, true);
      contact(board, false);
    }
    assert.deepEqual(board.rows().filter((row) => row.kind === 1).map((row) => row.cells.get(3)), [new Uint8Array([4, 0xa1, 0xb2, 0xc3]), null]);
  });
});
