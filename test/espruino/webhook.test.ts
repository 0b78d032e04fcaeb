/*
 * Rows as JSON to any web server, from the shipped program on the real interpreter.
 *
 * Input: the wallbox example with a webhook in the place of the endpoint; a server that keeps what it gets and fails once.
 * Output: test results. Invariant: the server is Node's own, the bodies are read by Node's JSON.parse.
 */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Garage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard, pendingRows } from "../boards/interpreter_board";
import { CARD, charge, rest, showCard, wait } from "./driver";
import { forms } from "./interpreter";
import { lineAbsence, openLine } from "./line";

const KEY = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

interface Seen { rows: { [name: string]: unknown }[] }

for (const { name, path } of forms()) {
  describe(`a webhook on ${name}`, () => {
    it("gets each row as JSON, again after an answer that was none, and the board lets go of them", async function () {
      if (path === "" || lineAbsence() !== "") this.skip();
      this.timeout(120000);
      const bodies: string[] = [];
      const server = createServer((request, response) => {
        let body = "";
        request.on("data", (piece: Buffer) => { body += piece.toString("latin1"); });
        request.on("end", () => {
          bodies.push(Buffer.from(body, "latin1").toString("utf8"));
          response.statusCode = bodies.length === 1 ? 503 : 200;
          response.setHeader("Retry-After", "1");
          response.end("{}");
        });
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/hook`;
      const document = interpreterDocument({ server: { url }, keyId: "garage-1", keyHex: KEY } as unknown as Garage) as { endpoint: { [name: string]: unknown } };
      document.endpoint.target = "webhook";
      const board = await openInterpreterTestBoard(path, document);
      const line = await openLine(join(board.folder, "tty"));
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        await showCard(line);
        await charge(board, 1, 3);
        for (let waitedMs = 0; waitedMs < 90000 && (pendingRows(board) > 0 || bodies.length < 2); waitedMs += 200) await wait(200);
        assert.equal(pendingRows(board), 0, board.log());
        const rows = (JSON.parse(bodies[bodies.length - 1]!) as Seen).rows;
        assert.ok(JSON.stringify(rows).includes(CARD), bodies.join("\n"));
        assert.ok(bodies.length >= 2, "the refused body was not sent again");
        assert.ok(!/restart:|OUT OF MEMORY/.test(board.log()), board.log());
      } finally {
        await board.close();
        line.close();
        server.close();
      }
    });
  });
}
