/*
 * Rows for two endpoints, from the shipped program on the real interpreter.
 *
 * Input: the wallbox example with a second endpoint; two servers with databases of their own, the second away at first.
 * Output: test results. Invariant: each database has each session once, and the board's ring is free when both have it.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { openGarage, type Garage } from "../../tools/world/garage";
import { readReport } from "../../tools/world/report";
import { interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { charge, rest, showCard, wait } from "./driver";
import { openGate } from "./gate";
import { forms } from "./interpreter";
import { lineAbsence, openLine } from "./line";

/** Energies of the sessions in a database, in Wh. */
async function sessions(garage: Garage): Promise<(number | null)[]> {
  return (await readReport(garage.server.database)).rows.map(({ energyWh }) => energyWh);
}

for (const { name, path } of forms()) {
  describe(`two endpoints on ${name}`, () => {
    it("get every session once each, also the one that was away, over a restart", async function () {
      if (path === "" || lineAbsence() !== "") this.skip();
      this.timeout(300000);
      const nowS = (): number => Math.floor(Date.now() / 1000);
      const garages = [await openGarage({ nowS, drivers: [] }), await openGarage({ nowS, drivers: [] })] as const;
      const gate = await openGate(Number(new URL(garages[1].server.url).port));
      const document = interpreterDocument(garages[0]) as { [name: string]: unknown };
      document.endpoint2 = { url: gate.url, keyId: garages[1].keyId, key: garages[1].keyHex };
      const board = await openInterpreterTestBoard(path, document);
      const line = await openLine(join(board.folder, "tty"));
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        await showCard(line);
        await charge(board, 1, 3);
        // The start's row comes first, without an energy.
        for (let waitedMs = 0; waitedMs < 60000 && typeof (await sessions(garages[0]))[0] !== "number"; waitedMs += 200) await wait(200);
        assert.deepEqual([await sessions(garages[0]), await sessions(garages[1])], [[3], []], board.log());
        assert.ok(pendingRows(board) > 0, "the second endpoint has nothing yet");
        await board.kill();
        gate.isOpen = true;
        board.start();
        await board.printed("sdc runs");
        for (let waitedMs = 0; waitedMs < 120000 && pendingRows(board) > 0; waitedMs += 200) await wait(200);
        assert.deepEqual([await sessions(garages[0]), await sessions(garages[1]), pendingRows(board)], [[3], [3], 0], board.log());
        assert.ok(!/restart:|OUT OF MEMORY/.test(board.log()), board.log());
      } finally {
        await board.close();
        line.close();
        gate.close();
        for (const garage of garages) await garage.server.close();
      }
    });
  });
}
