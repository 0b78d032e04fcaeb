/*
 * A session from wires to SQL: card bytes on a serial line, contacts and pulses as levels of pins, the
 * shipped program on the real interpreter, real HTTP, the real endpoint.
 *
 * Input: the interpreters that this machine has. Output: test results. Invariant: the board gets what a
 * real board gets and nothing else; rows are read back from the database by plain SQL.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { rdm6300Frame } from "../../tools/emulator/rdm6300";
import { openGarage } from "../../tools/world/garage";
import { readReport } from "../../tools/world/report";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { takeEnergy } from "./driver";
import { forms } from "./interpreter";
import type { Interpreter } from "./interpreter";
import { lineAbsence, openLine } from "./line";
import type { Line } from "./line";

const CARD = "1A2B3C4D5E";
const NAME = "J\u00fcrgen Gr\u00fcn";
const CONTACT = 26;
const METER = 25;
const PULSES = 7;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A session of a driver: card, contact on, pulses, contact off. */
async function charge(board: Interpreter, line: Line): Promise<void> {
  const frame = rdm6300Frame(CARD);
  // Noise, then the frame in two pieces with a pause between them.
  line.send("\x00\xff\x02" + "12");
  await wait(100);
  line.send(frame.substring(0, 5));
  await wait(30);
  line.send(frame.substring(5) + frame);
  await wait(300);
  board.setPin(CONTACT, 0);
  await board.printed(" 1 start ");
  await takeEnergy(board, PULSES);
  board.setPin(CONTACT, 1);
  await board.printed(" 1 end ");
}

for (const { name, path } of forms()) {
  describe(`a session on ${name}`, () => {
    before(function () {
      if (path === "" || lineAbsence() !== "") this.skip();
    });

    it("goes from card bytes, contact and pulses into the endpoint's SQL, once", async () => {
      const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [{ uid: CARD, name: NAME }] });
      const board = await openInterpreterTestBoard(path, interpreterDocument(garage));
      const line = await openLine(join(board.folder, "tty"));
      try {
        board.setPin(CONTACT, 1);
        board.setPin(METER, 1);
        board.start();
        await board.printed("sdc runs");
        await charge(board, line);
        let report = await readReport(garage.server.database);
        for (let waitedMs = 0; waitedMs < 60000 && !report.rows.some((row) => row.endS !== null); waitedMs += 100) {
          await wait(100);
          report = await readReport(garage.server.database);
        }
        assert.equal(report.rows.length, 1, board.log());
        const row = report.rows[0]!;
        assert.deepEqual([row.card, row.energyWh, row.reason], [CARD, PULSES, "end"], board.log());
        assert.ok(row.startS !== null && row.endS !== null && row.endS >= row.startS);
      } finally {
        await board.close();
        line.close();
        await garage.server.close();
      }
    });
  });
}
