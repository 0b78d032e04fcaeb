/*
 * Values typed into commands arrive in SQL as they were typed, through the shipped program on the real
 * interpreter: over the board's own HTTP server, its ring, its signed upload, the real endpoint.
 *
 * Input: the interpreters that this machine has. Output: test results. Invariant: every number and text of
 * the list is compared with what plain SQL returns, digit for digit and byte for byte.
 */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { createDevice } from "../../exosphere/devices/device_store";
import { startServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { wallboxDocument } from "../../tools/world/garage";
import { openInterpreterTestBoard } from "../boards/interpreter_board";
import { forms } from "./interpreter";

const TOKEN = "0123456789abcdef";
const VALUES: [string, string][] = [
  ["7.45", "Jürgen Müller, 5 €"], ["0.1", "\"quoted\", with commas"], ["123456789.123", "=cmd|' /C calc'!A0"],
  ["9007199254740991", "😀 charged"], ["-0.001", "two\nlines"],
];
const COLUMNS = [
  { id: 1, name: "amount", type: "number", content: "ci1" }, { id: 2, name: "label", type: "text", content: "ci2" },
];

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

function command(number: string, text: string): string {
  const quoted = `"${text.replace(/["\\]/g, (char) => `\\${char}`)}"`;
  return encodeURIComponent(`=SET(SDC;CI1;${number})&SET(SDC;CI2;${quoted})&SET(SDC;SStart;pulse)`);
}

for (const { name, path } of forms()) {
  describe(`typed values on ${name}`, () => {
    before(function () {
      if (path === "") this.skip();
    });

    it("are the same in SQL", async () => {
      const server = await startServer({ port: 0 });
      const key = await createDevice(server.database, server.secret, "exact-1", "Exact", "test");
      await createTable(server.database, { id: 1, name: "exact", mode: "event", minorDigits: 2, timeZone: "UTC", columns: COLUMNS }, "test");
      const port = await freePort();
      const document = wallboxDocument() as unknown as Record<string, unknown>;
      Object.assign(document, {
        endpoint: { url: server.url, keyId: key.keyId, key: key.keyHex }, api: { token: TOKEN, port },
        table: { id: 1, rowMode: "event", writeAt: "start", columns: COLUMNS },
        customInputs: [{ index: 1, name: "amount", type: "number" }, { index: 2, name: "label", type: "text" }],
      });
      for (const part of ["network", "readers", "meters", "tariff", "inputs", "outputs"]) delete document[part];
      const board = await openInterpreterTestBoard(path, document);
      try {
        board.start();
        await board.printed("sdc runs");
        for (const [number, text] of VALUES) {
          const answer = await fetch(`http://127.0.0.1:${port}/api?token=${TOKEN}&${command(number, text)}`);
          assert.deepEqual([answer.status, await answer.text()], [200, "ok\nok\nok"], board.log());
        }
        const read = () => server.database.query<{ amount: string; label: string }>("SELECT amount::text AS amount, label FROM public.exact ORDER BY _sequence");
        let rows = await read();
        for (let waitedMs = 0; waitedMs < 60000 && rows.length < VALUES.length; waitedMs += 100) {
          await wait(100);
          rows = await read();
        }
        assert.deepEqual(rows.map((row) => [row.amount, row.label]), VALUES, board.log());
      } finally {
        await board.close();
        await server.close();
      }
    });
  });
}
