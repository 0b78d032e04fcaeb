/*
 * The shipped program, which restarts inside a session, and SStart pressed while that session is active.
 *
 * Input: the interpreters that this machine has. Output: test results. Invariant: the program restarts as it does in
 * service (an uncaught error, hal/espruino/faults.ts), and the endpoint's SQL has each session once, with
 * every pulse in the one in which it was counted.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openGarage } from "../../tools/world/garage";
import { readReport } from "../../tools/world/report";
import { interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { CARD, METER_PIN, rest, setSeen, showCard, takeEnergy, wait } from "./driver";
import { END_PIN, START_PIN } from "./full_document";
import { forms } from "./interpreter";
import type { Interpreter } from "./interpreter";
import { lineAbsence, openLine } from "./line";

/** Long enough for a machine that does other things too; what was counted this long ago is in flash. */
const PULSE_MS = 150;
const COUNTED_MS = 600;

async function press(board: Interpreter, pin: number, printed: string): Promise<void> {
  await setSeen(board, pin, 0);
  await wait(150);
  await setSeen(board, pin, 1);
  await board.printed(printed);
}

/** An error inside the program, the end of its process as a reboot ends it, and the next start. */
async function breakAndStart(board: Interpreter): Promise<void> {
  // Neither an upload nor a timer runs in the same pass, whose `catch` would take the error (docs/PLATFORMS.md).
  for (let waitedMs = 0; waitedMs < 60000 && pendingRows(board) > 0; waitedMs += 100) await wait(100);
  assert.equal(pendingRows(board), 0, board.log());
  await wait(1000);
  board.ask("setTimeout(function(){clearTimeout();throw new Error(\"broken on purpose\");},0)");
  for (let waitedMs = 0; board.running() && waitedMs < 20000; waitedMs += 20) await wait(20);
  assert.match(board.log(), /restart: Error: broken on purpose/);
  assert.equal(board.ending(), "status 1");
  board.start();
  await board.printed("resumed after a restart");
}

for (const { name, path } of forms()) {
  describe(`a session on ${name} that is interrupted`, function () {
    this.timeout(180000);

    before(function () {
      if (path === "" || lineAbsence() !== "") this.skip();
    });

    it("goes on over restarts of the program, and is closed as superseded by SStart, each pulse in its own session", async () => {
      const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [{ uid: CARD, name: "Anna" }] });
      const button = { pull: "up", activeLevel: 0 };
      const inputs = { sStart: { ...button, pin: START_PIN }, sEnd: { ...button, pin: END_PIN } };
      const board = await openInterpreterTestBoard(path, { ...interpreterDocument(garage) as object, inputs });
      const line = await openLine(join(board.folder, "tty"));
      try {
        rest(board, [START_PIN, END_PIN, METER_PIN]);
        board.start();
        await board.printed("sdc runs");
        await showCard(line);
        await press(board, START_PIN, " 1 start ");
        await takeEnergy(board, 3, PULSE_MS);
        await wait(COUNTED_MS);
        await breakAndStart(board);
        await takeEnergy(board, 2, PULSE_MS);
        await press(board, START_PIN, " 2 start ");
        assert.match(board.log(), / 1 end [^\n]*superseded/);
        await takeEnergy(board, 4, PULSE_MS);
        await wait(COUNTED_MS);
        await breakAndStart(board);
        await press(board, END_PIN, " 2 end ");
        let report = await readReport(garage.server.database);
        for (let waitedMs = 0; waitedMs < 60000 && report.rows.filter((row) => row.endS !== null).length < 2; waitedMs += 100) {
          await wait(100);
          report = await readReport(garage.server.database);
        }
        assert.deepEqual(report.rows.map((row) => [row.card, row.energyWh, row.reason]), [[CARD, 5, "superseded"], [CARD, 4, "end"]], board.log());
      } finally {
        await board.close();
        line.close();
        await garage.server.close();
      }
    });
  });
}
