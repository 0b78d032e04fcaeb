/*
 * A value typed into a command is the value in the database and in the CSV: every digit and every byte.
 *
 * Input: SET commands over the board's API. Output: compared in SQL and in both CSV flavours. Invariant:
 * the whole way is real: command, connector, ring, signed upload over a socket, SQL, download.
 */
import assert from "node:assert/strict";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { createDevice as registerDevice } from "../../exosphere/devices/device_store";
import { startServer, type RunningServer } from "../../exosphere/start_server";
import { createTable } from "../../exosphere/tables/table_store";
import { tick } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { createHostHttp } from "../../hal/host/http";
import { settlingHttp } from "../../tools/world/settling_http";
import { createBlankTestBoard, bytesOf, exampleDocument } from "../boards/device_board";

const NUMBERS = ["7.45", "0.1", "123456789.123", "9007199254740991", "-0.001"];
const TEXTS = ["Jürgen Müller, 5 €", "O'Brien \"Bob\",\nGarage; left", "=cmd|' /C calc'!A0", "😀 charged"];
const COLUMNS = [
  { id: 1, name: "amount", type: "number", content: "ci1" }, { id: 2, name: "label", type: "text", content: "ci2" },
  { id: 3, name: "amount_text", type: "text", content: "ci1" },
];

function inQuotes(text: string): string {
  return `"${text.replace(/["\\]/g, (char) => `\\${char}`)}"`;
}

describe("values from the command to SQL and CSV", () => {
  let server: RunningServer;
  before(async () => { server = await startServer({ port: 0 }); });
  after(() => server.close());

  it("arrive as they were typed", async () => {
    const key = await registerDevice(server.database, server.secret, "exact-1", "Exact", "test");
    await createTable(server.database, { id: 1, name: "exact", mode: "event", minorDigits: 2, timeZone: "UTC", columns: COLUMNS }, "test");
    const desk = createBlankTestBoard();
    const document = exampleDocument();
    Object.assign(document, {
      endpoint: { url: server.url, keyId: key.keyId, key: key.keyHex },
      table: { id: 1, rowMode: "event", writeAt: "start", columns: COLUMNS },
      customInputs: [{ index: 1, name: "amount", type: "number" }, { index: 2, name: "label", type: "text" }],
    });
    assert.equal(provision(desk.board, desk.description, bytesOf(document)), "");
    const http = settlingHttp(createHostHttp());
    const device = createDevice({ ...desk.board, http }, desk.description);
    assert.ok(device !== undefined);
    const pass = async (ticks: number): Promise<void> => {
      for (let count = 0; count < ticks; count++) {
        desk.board.clock.advance(100);
        tick(device);
        await http.settled();
      }
    };
    const expected: [string, string][] = [];
    for (let index = 0; index < Math.max(NUMBERS.length, TEXTS.length); index++) {
      const number = NUMBERS[index % NUMBERS.length]!;
      const text = TEXTS[index % TEXTS.length]!;
      expected.push([number, text]);
      const chain = `=SET(SDC;CI1;${number})&SET(SDC;CI2;${inQuotes(text)})&SET(SDC;SStart;pulse)`;
      const id = desk.board.calls.arrive("http", "0123456789abcdef", Buffer.from(chain, "utf8").toString("latin1"));
      await pass(10);
      assert.deepEqual(desk.board.calls.answers.get(id), [200, "ok\nok\nok"]);
    }
    for (let turns = 0; device.ring.pending > 0 && turns < 100; turns++) await pass(10);

    const rows = await server.database.query<{ amount: string; label: string; amount_text: string }>(
      "SELECT amount::text AS amount, label, amount_text FROM public.exact ORDER BY _sequence");
    assert.deepEqual(rows.map((row) => [row.amount, row.label]), expected);
    assert.deepEqual(rows.map((row) => row.amount_text), expected.map(([number]) => number));

    await saveAccount(server.database, "reader", "a long enough password", "viewer", "test");
    const token = await issueSecret(server.database, "reader", "token", "", server.context.nowS(), 3600);
    const csv = await (await fetch(`${server.url}/api/v1/tables/1/rows.csv`, { headers: { authorization: `Bearer ${token}` } })).text();
    for (const [number, text] of expected) {
      const field = /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
      assert.ok(csv.includes(`${number},${field},${number}`), `${number} and ${text} in\n${csv}`);
    }
  });
});
