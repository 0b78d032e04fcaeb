/*
 * A document that comes while a session runs, on the real interpreter: its table and columns hold from the next session on.
 *
 * Input: the wallbox example; in mid-session a document with another table, other pulses per kWh and another price, over
 * the cable, which restarts the board. Output: what both tables hold. Invariant: the session that was running is whole in
 * the first table, and none of its energy is counted twice or by the wrong rate.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { createTable } from "../../exosphere/tables/table_store";
import { openGarage, TABLE_NAME, wallboxDocument } from "../../tools/world/garage";
import { configure, interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { CONTACT_PIN, rest, showCard, takeEnergy, wait } from "./driver";
import { forms } from "./interpreter";
import { lineAbsence, openLine } from "./line";

interface Changed { revision: number; table: { id: number; columns: unknown[] }; meters: { pulsesPerKwh: number }[] }

for (const { name, path } of forms()) {
  describe(`a document in mid-session on ${name}`, () => {
    it("leaves that session its table and what was metered, and rules from the next one on", async function () {
      if (path === "" || lineAbsence() !== "") this.skip();
      this.timeout(300000);
      const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
      const example = wallboxDocument();
      const columns = example.table.columns.slice(0, 5);
      await createTable(garage.server.database, { id: 2, name: "second", mode: "session", minorDigits: 2, timeZone: "Europe/Berlin", columns }, "test");
      const document = interpreterDocument(garage) as Changed;
      const board = await openInterpreterTestBoard(path, document);
      const line = await openLine(join(board.folder, "tty"));
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        await showCard(line);
        board.setPin(CONTACT_PIN, 0);
        await board.printed(" 1 start ");
        await takeEnergy(board, 4);
        await wait(500);
        await board.kill();
        configure(board, { ...document, revision: document.revision + 1, table: { ...document.table, id: 2, columns }, meters: document.meters.map((meter) => ({ ...meter, pulsesPerKwh: 500 })) });
        board.start();
        await board.printed("its table and columns from the next session on");
        await board.printed("sdc runs");
        await takeEnergy(board, 3);
        board.setPin(CONTACT_PIN, 1);
        await board.printed(" 1 end ");
        board.setPin(CONTACT_PIN, 0);
        await board.printed(" 2 start ");
        await takeEnergy(board, 2);
        board.setPin(CONTACT_PIN, 1);
        await board.printed(" 2 end ");
        for (let waitedMs = 0; waitedMs < 120000 && pendingRows(board) > 0; waitedMs += 200) await wait(200);
        const first = await garage.server.database.query(`SELECT _session::int AS session, energy_wh::int AS energy, reason FROM public.${TABLE_NAME} ORDER BY _session`);
        const second = await garage.server.database.query("SELECT _session::int AS session, energy_wh::int AS energy FROM public.second ORDER BY _session");
        // Four pulses of 1 Wh and three of 2 Wh; then two of 2 Wh.
        assert.deepEqual([first, second], [[{ session: 1, energy: 10, reason: "end" }], [{ session: 2, energy: 4 }]], board.log());
      } finally {
        await board.close();
        line.close();
        await garage.server.close();
      }
    });
  });
}
