/*
 * The shipped program and an endpoint behind TLS: from a contact into SQL, and past an impostor.
 *
 * Input: the interpreter; a certificate made by openssl. Output: test results. Invariant: the TLS server in front
 * either hands every byte on to the real endpoint, or answers itself and knows no key.
 */
import assert from "node:assert/strict";
import { createServer as createHttpsServer } from "node:https";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { openGarage } from "../../tools/world/garage";
import { readReport } from "../../tools/world/report";
import { tlsAbsence } from "../../tools/test_runner/interpreter_tls";
import { certificateAbsence, makeIdentity } from "./certificates";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { forms } from "./interpreter";
import { patience } from "./patience";

const CONTACT = 26;
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

// The 64-bit form takes TLS's two buffers of 17 kB out of the program's own memory, each in one piece, and the process
// dies where there is none; the 32-bit form of docs/PLATFORMS.md takes them from outside, as a board does.
for (const { name, path } of forms().slice(1)) {
  describe(`a session over HTTPS on ${name}`, () => {
    before(async function () {
      const absence = certificateAbsence() || await tlsAbsence(name, path);
      if (absence !== "") process.stderr.write(`SKIPPED: ${absence}\n`);
      if (path === "" || absence !== "") this.skip();
    });

    it("stays on the board while a server without the key says that it has it, and then goes into the endpoint's SQL, once", async () => {
      const { key, certificate: cert } = makeIdentity("127.0.0.1", "rsa:2048");
      const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
      const endpointPort = Number(new URL(garage.server.url).port);
      let claimed = 0;
      const impostor = createHttpsServer({ key, cert }, (request, response) => {
        request.resume().on("end", () => {
          claimed++;
          response.writeHead(200, { "Content-Type": "application/cbor" }).end("\xa0");
        });
      });
      const front = createTlsServer({ key, cert }, (from) => {
        const to = connect(endpointPort, "127.0.0.1");
        from.on("error", () => to.destroy());
        to.on("error", () => from.destroy());
        from.pipe(to).pipe(from);
      });
      await new Promise<void>((resolve) => impostor.listen(0, "127.0.0.1", resolve));
      const port = (impostor.address() as AddressInfo).port;
      const document = interpreterDocument(garage) as Record<string, unknown> & { endpoint: { url: string }; table: { columns: { content: string }[] } };
      // Only what the contact needs.
      for (const part of ["readers", "meters", "tariff", "customInputs", "outputs"]) delete document[part];
      document.table.columns = document.table.columns.filter((column) => ["session.start", "session.end", "session.endReason"].includes(column.content));
      document.endpoint.url = `https://127.0.0.1:${String(port)}`;
      const board = await openInterpreterTestBoard(path, document);
      try {
        board.setPin(CONTACT, 1);
        board.start();
        await board.printed("sdc runs");
        await wait(200);
        board.setPin(CONTACT, 0);
        await board.printed(" 1 start ");
        board.setPin(CONTACT, 1);
        await board.printed(" 1 end ");
        for (let waitedMs = 0; waitedMs < patience(60000) && claimed === 0; waitedMs += 50) await wait(50);
        assert.ok(claimed > 0, "the board asked nothing: " + board.log());
        impostor.closeAllConnections();
        await new Promise<void>((resolve) => impostor.close(() => resolve()));
        await new Promise<void>((resolve) => front.listen(port, "127.0.0.1", resolve));
        let report = await readReport(garage.server.database);
        for (let waitedMs = 0; waitedMs < patience(60000) && !report.rows.some((row) => row.endS !== null); waitedMs += 100) {
          await wait(100);
          report = await readReport(garage.server.database);
        }
        assert.deepEqual(report.rows.map((row) => row.reason), ["end"], board.log());
        assert.ok(!board.log().includes("restart:"), board.log());
      } finally {
        await board.close();
        front.close();
        impostor.close();
        await garage.server.close();
      }
    });
  });
}
