/*
 * A time server (`network.ntp`) beside the endpoint, with the shipped program on the real interpreter.
 *
 * Input: the wallbox example; a time server of real datagrams; an endpoint that is away at first, and six hours slow then.
 * Output: test results. Invariant: the board's clock is the time server's, which it heard first, and nothing of the endpoint moves it.
 */
import assert from "node:assert/strict";
import { openGarage, TABLE_NAME } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { openNtpServer } from "../boards/ntp_server";
import { charge, rest, wait } from "./driver";
import { openGate } from "./gate";
import { forms } from "./interpreter";

/** Far from the computer's clock, so that what comes from it is seen: 2030-01-01T00:00:00Z. */
const T = 1_893_456_000;
const SLOW_S = 6 * 3600;

for (const { name, path } of forms()) {
  describe(`a time server on ${name}`, () => {
    it("dates a session whose endpoint is away, and is not outweighed by one that is six hours slow", async function () {
      if (path === "") this.skip();
      this.timeout(300000);
      const begunMs = Date.now();
      const nowS = (): number => T + Math.floor((Date.now() - begunMs) / 1000);
      const garage = await openGarage({ nowS: () => nowS() - SLOW_S, drivers: [] });
      const gate = await openGate(Number(new URL(garage.server.url).port));
      const server = await openNtpServer(nowS);
      const document = interpreterDocument(garage) as { [name: string]: unknown };
      document.network = { ssid: "house", password: "a password", ntp: `127.0.0.1:${String(server.port)}` };
      document.endpoint = { ...document.endpoint as object, url: gate.url };
      const board = await openInterpreterTestBoard(path, document);
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        for (let waitedMs = 0; waitedMs < 60000 && server.asked === 0; waitedMs += 20) await wait(20);
        assert.equal(server.asked, 1, board.log());
        await wait(2000);
        await charge(board, 1, 0);
        assert.match(board.log(), /^2030-01-01T00:0\d:\d\dZ garage-1 1 start /m);
        gate.isOpen = true;
        for (let waitedMs = 0; waitedMs < 120000 && pendingRows(board) > 0; waitedMs += 200) await wait(200);
        const before = nowS();
        await charge(board, 2, 0);
        for (let waitedMs = 0; waitedMs < 120000 && pendingRows(board) > 0; waitedMs += 200) await wait(200);
        const rows = await garage.server.database.query(`SELECT _session::int AS session, extract(epoch FROM "start")::int AS start_s, _clock AS clock FROM public.${TABLE_NAME} ORDER BY _session`);
        assert.deepEqual(rows.map(({ session, clock }) => [session, clock]), [[1, "synced"], [2, "contradicted"]], board.log());
        for (const { start_s } of rows as { start_s: number }[]) assert.ok(start_s >= T && start_s <= nowS(), String(start_s));
        assert.ok((rows[1] as { start_s: number }).start_s >= before - 2, "the slow endpoint has moved the clock");
        assert.equal(server.asked, 1, "it is asked once an hour");
        assert.ok(!/restart:|OUT OF MEMORY/.test(board.log()), board.log());
      } finally {
        await board.close();
        server.close();
        gate.close();
        await garage.server.close();
      }
    });
  });
}
