/*
 * The forms of an API call over HTTP, against the shipped program on the real interpreter.
 *
 * Input: the table of test/contract/http_forms.ts, byte by byte over a socket. Output: test results. Invariant: what the
 * command has set is asked for in a call of its own.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Garage } from "../../tools/world/garage";
import { interpreterDocument, openInterpreterTestBoard } from "../boards/interpreter_board";
import { FORMS_TOKEN, HTTP_FORMS } from "../contract/http_forms";
import { rest } from "./driver";
import { forms } from "./interpreter";
import { freePort } from "./remote_port";

/** Status line and body of the answer to `request`. */
function ask(port: number, request: string): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () => { socket.write(Buffer.from(request, "latin1")); });
    socket.on("data", (piece: Buffer) => { text += piece.toString("latin1"); });
    socket.on("error", reject);
    socket.on("close", () => { resolve({ status: Number(text.split(" ")[1]), body: text.substring(text.indexOf("\r\n\r\n") + 4) }); });
  });
}

for (const { name, path } of forms()) {
  describe(`the forms of an API call on ${name}`, () => {
    it("are understood as on every other board", async function () {
      if (path === "") this.skip();
      this.timeout(180000);
      const port = await freePort();
      const document = interpreterDocument({ server: { url: "http://127.0.0.1:9" }, keyId: "garage-1", keyHex: "00".repeat(32) } as unknown as Garage) as { [name: string]: unknown };
      document.api = { token: FORMS_TOKEN, port };
      document.customInputs = [{ index: 4, name: "text", type: "text" }];
      const board = await openInterpreterTestBoard(path, document);
      rest(board);
      try {
        board.start();
        await board.printed("sdc runs");
        for (const { words, request, chain, status, refusedByCommands } of HTTP_FORMS) {
          const answer = await ask(port, request);
          assert.equal(answer.status, status !== 0 ? status : refusedByCommands ? 400 : 200, `${words}: ${answer.body}`);
          if (status !== 0) assert.equal(answer.body, chain, words);
          if (status !== 0 || refusedByCommands) continue;
          const value = chain.substring(chain.lastIndexOf(";") + 1, chain.length - 1);
          const kept = await ask(port, `GET /api?token=${FORMS_TOKEN}&GETINPUT(SDC;CI4) HTTP/1.1\r\nHost: b\r\n\r\n`);
          assert.equal(kept.body, value.includes(" ") ? `"${value}"` : value, words);
        }
      } finally {
        await board.close();
      }
    });
  });
}
