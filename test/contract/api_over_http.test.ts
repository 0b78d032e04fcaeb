/*
 * A Miniserver drives a board: plain HTTP GETs, as virtual outputs send them, against a real socket.
 */
import assert from "node:assert/strict";
import { tick } from "../../firmware/device";
import { createDevice } from "../../firmware/boot";
import { provision } from "../../firmware/configuration/provision";
import { createHostCalls } from "../../hal/host/calls";
import { createBlankTestBoard, bytesOf, exampleDocument } from "../boards/device_board";

/** Asks the way that hal/host/calls understands any free port. */
const ANY_PORT = 65536;

describe("the API over HTTP", () => {
  it("lets plain GETs with percent-coded commands run a whole session", async () => {
    const desk = createBlankTestBoard();
    assert.equal(provision(desk.board, desk.description, bytesOf(exampleDocument())), "");
    const calls = createHostCalls();
    const ports = { ...desk.board, calls: { ...calls, open: () => calls.open(ANY_PORT) } };
    const device = createDevice(ports, desk.description);
    assert.ok(device !== undefined);
    const get = async (command: string, token: string): Promise<[number, string]> => {
      for (let turns = 0; calls.listening() === 0 && turns < 1000; turns++) await new Promise((resolve) => setImmediate(resolve));
      let answer: [number, string] | undefined;
      const url = `http://127.0.0.1:${calls.listening()}/api?token=${token}&${encodeURIComponent(command)}`;
      const asked = fetch(url).then(async (response) => { answer = [response.status, await response.text()]; });
      while (answer === undefined) {
        desk.board.clock.advance(20);
        tick(device);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await asked;
      return answer;
    };
    const token = "0123456789abcdef";
    try {
      assert.deepEqual(await get("SET(SDC;Uid;01000734E0)", token), [200, "ok"]);
      assert.deepEqual(await get("=SET(SDC;CI1;7.45)&SET(SDC;SStart;pulse)&WAIT(100)&GETOUTPUT(SDC;Sa)", token), [200, "ok\nok\nok\n1"]);
      assert.deepEqual(await get("SET(SDC;SEnd;pulse)", token), [200, "ok"]);
      assert.deepEqual(await get("GETOUTPUT(SDC;Sa)", token), [200, "0"]);
      assert.equal((await get("SET(SDC;SStart;pulse)", "wrong"))[0], 401);
      const [status, text] = await get("SET(SDC;CI9;1)", token);
      assert.equal(status, 400);
      assert.match(text, /there is no such input; known are SStart, SEnd, Uid, CI1/);
      assert.equal(device.connector.session.number, 1);
    } finally {
      calls.close();
    }
  });
});
