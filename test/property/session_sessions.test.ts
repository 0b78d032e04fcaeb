/* Sessions against a table: for all inputs in every order, the rows are those of a model of a few lines. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { KIND_END, KIND_START } from "../../firmware/protocol";
import { pulseEnd, pulseStart, setUid } from "../../firmware/session/pins";
import { REASON_END, REASON_NAMES } from "../../firmware/session/session_record";
import { ConnectorTestBoard, PowerCut, testConfiguration } from "../boards/connector_board";

interface ModelRow {
  kind: number;
  session: number;
  uid: string;
  energyWh: number;
  durationS: number;
  reason: string;
}

/** The block as a table of sessions: no delay, no flash, no cut. */
class Model {
  rows: ModelRow[] = [];
  active = false;
  session = 0;
  uid = "";
  pin = "";
  startWh = 0;
  startS = 0;

  private end(reason: string, wh: number, s: number): void {
    this.rows.push({ kind: KIND_END, session: this.session, uid: this.uid, energyWh: wh - this.startWh, durationS: s - this.startS, reason });
    this.active = false;
    if (reason !== "superseded" && this.pin === this.uid) this.pin = "";
  }

  triggers(start: boolean, end: boolean, restarts: boolean, wh: number, s: number): void {
    if (end && this.active) this.end("end", wh, s);
    if (!start || (this.active && !restarts)) return;
    if (this.active) this.end("superseded", wh, s);
    this.session++;
    this.active = true;
    this.uid = this.pin;
    this.startWh = wh;
    this.startS = s;
    this.rows.push({ kind: KIND_START, session: this.session, uid: this.uid, energyWh: 0, durationS: 0, reason: "" });
  }

  card(uid: string): void {
    this.pin = uid;
    if (this.active && this.uid === "") this.uid = uid;
  }
}

const uids = ["04A1B2C3", "04D4E5F6", "0700000001"];
const actions = fc.array(fc.record({
  start: fc.boolean(), end: fc.boolean(), card: fc.option(fc.nat({ max: 2 }), { freq: 3 }), wh: fc.integer({ min: 0, max: 5000 }), seconds: fc.integer({ min: 1, max: 900 }),
  jumpS: fc.option(fc.integer({ min: -100000, max: 100000 }), { freq: 5 }), cut: fc.boolean(),
}), { maxLength: 40 });

const hex = (value: unknown): string => value instanceof Uint8Array ? Buffer.from(value).toString("hex").toUpperCase() : "";

function rowsOf(board: ConnectorTestBoard): ModelRow[] {
  return board.rows().map((row) => ({
    kind: row.kind, session: row.session, uid: hex(row.cells.get(3)), energyWh: Number(row.cells.get(4) ?? 0), durationS: Number(row.cells.get(5) ?? 0), reason: String(row.cells.get(6) ?? ""),
  }));
}

describe("sessions", () => {
  it("are those of the model, and a clock that jumps changes none of them", () => {
    fc.assert(fc.property(actions, fc.boolean(), (list, restarts) => {
      const board = new ConnectorTestBoard(testConfiguration({ onRestart: restarts ? "restart" : "ignore" }));
      const model = new Model();
      let s = 0;
      for (const action of list) {
        const c = board.connector;
        if (action.card !== null) {
          setUid(c, uids[action.card]!, true);
          model.card(uids[action.card]!);
        }
        if (action.start) pulseStart(c);
        if (action.end) pulseEnd(c, REASON_END);
        board.energyWh += action.wh;
        if (action.jumpS !== null) board.epochS += action.jumpS;
        s += action.seconds;
        board.tick(action.seconds * 1000);
        model.triggers(action.start, action.end, restarts, board.energyWh, s);
        assert.equal(c.session.active, model.active);
      }
      assert.deepEqual(rowsOf(board), model.rows);
    }), { numRuns: 500 });
  });

  it("are the same with any trigger delay, only later", () => {
    fc.assert(fc.property(actions, fc.integer({ min: 0, max: 600000 }), (list, triggerDelayMs) => {
      const boards = [0, triggerDelayMs].map((delay) => new ConnectorTestBoard(testConfiguration({ triggerDelayMs: delay })));
      for (const board of boards) {
        for (const action of list) {
          if (action.card !== null && !board.connector.session.active) setUid(board.connector, uids[action.card]!, true);
          if (action.start) pulseStart(board.connector);
          if (action.end) pulseEnd(board.connector, REASON_END);
          board.energyWh += action.wh;
          board.tick(action.seconds * 1000);
        }
        board.tick(600000);
      }
      assert.deepEqual(rowsOf(boards[1]!), rowsOf(boards[0]!));
    }), { numRuns: 200 });
  });

  it("come through power cuts at arbitrary flash writes: numbers rise, no row twice, every end has its reason", () => {
    fc.assert(fc.property(actions, fc.integer({ min: 0, max: 2000 }), fc.array(fc.tuple(fc.nat({ max: 6 }), fc.boolean()), { maxLength: 40 }), (list, triggerDelayMs, cuts) => {
      const board = new ConnectorTestBoard(testConfiguration({ triggerDelayMs }));
      for (const [index, action] of list.entries()) {
        const cut = cuts[index];
        if (action.cut && cut !== undefined) [board.cutAfter, board.cutKeepsLast] = cut;
        if (action.card !== null) setUid(board.connector, uids[action.card]!, true);
        if (action.start) pulseStart(board.connector);
        if (action.end) pulseEnd(board.connector, REASON_END);
        board.energyWh += action.wh;
        try {
          board.tick(action.seconds * 1000);
        } catch (error) {
          if (!(error instanceof PowerCut)) throw error;
          board.restart(action.seconds);
          board.tick(20);
        }
      }
      board.cutAfter = -1;
      board.tick(10000);
      const rows = rowsOf(board);
      const keys = rows.map((row) => `${row.session}/${row.kind}`);
      assert.equal(new Set(keys).size, keys.length);
      const sorted = [...rows].sort((a, b) => a.session - b.session || a.kind - b.kind);
      assert.deepEqual(rows, sorted);
      for (const row of rows) {
        if (row.kind !== KIND_END) continue;
        assert.ok(REASON_NAMES.includes(row.reason) && row.reason !== "");
        assert.ok(keys.includes(`${row.session}/${KIND_START}`), "an end without its start");
        assert.ok(row.energyWh >= 0 && row.durationS >= 0);
      }
      for (let session = 1; session < board.connector.session.number; session++) assert.ok(keys.includes(`${session}/${KIND_END}`), `session ${session} has no end`);
    }), { numRuns: 400 });
  });
});
