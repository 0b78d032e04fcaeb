/*
 * The control socket of a host board: what each line does, and that wrong ones do nothing.
 *
 * Input: lines, once directly and once over a real socket. Output: test results. Invariant: nothing sleeps.
 */
import assert from "node:assert/strict";
import { connect, type AddressInfo } from "node:net";
import { createHostCalls } from "../../hal/host/calls";
import { createHostClock } from "../../hal/host/clock";
import { control, openControl, type Controlled } from "../../hal/host/control";
import { createHostLink } from "../../hal/host/link";
import { createHostPins } from "../../hal/host/pins";
import { createHostSerial } from "../../hal/host/serial";

function board(answers: string[] = []): Controlled {
  const made = { pins: createHostPins(createHostClock({ source: () => 0 })), serial: createHostSerial(), link: createHostLink(), calls: createHostCalls({ write: (line) => answers.push(line) }) };
  made.pins.open(4, "input");
  made.pins.open(34, "analog");
  made.serial.open(0, 9600);
  return made;
}

describe("the control socket of a host board", () => {
  it("moves pins, feeds bytes, moves the link and passes calls on", () => {
    const answers: string[] = [];
    const one = board(answers);
    for (const line of ["pin 4 1", "analog 34 500", "bytes 0 0230FF", "link down", "call secret =ECHO(Block)"]) assert.equal(control(one, line), "ok", line);
    assert.equal(one.pins.read(4), 1);
    assert.equal(one.pins.read(34), 500);
    assert.equal(one.serial.take(0), "\x02\x30\xff");
    assert.equal(one.link.state(), "down");
    const call = { id: 0, origin: "http" as const, token: "", text: "" };
    assert.equal(one.calls.take(call), true);
    assert.deepEqual([call.origin, call.token, call.text], ["console", "secret", "=ECHO(Block)"]);
    one.calls.answer(call.id, 200, "Block");
    assert.deepEqual(answers, ["200 Block"]);
  });

  for (const line of ["", "pin", "pin 4", "pin 4 2", "pin x 1", "pin -4 1", "analog 34 1001", "bytes 0 023", "bytes 0 zz", "link sideways", "call secret", "sudo"]) {
    it(`does nothing but complain about "${line}"`, () => {
      const one = board();
      assert.match(control(one, line), /^error: /);
      assert.equal(one.pins.take({ pin: 0, level: 0, atMs: 0 }), false);
      assert.equal(one.serial.take(0), "");
      assert.equal(one.link.state(), "up");
    });
  }

  it("answers each line over a real socket", async () => {
    const one = board();
    const server = openControl(one, 0);
    await new Promise((resolve) => server.once("listening", resolve));
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1");
    socket.write("pin 4 1\nnonsense\n");
    let answer = "";
    socket.setEncoding("latin1");
    await new Promise<void>((resolve) => socket.on("data", (piece: string) => {
      answer += piece;
      if (answer.split("\n").length === 3) resolve();
    }));
    socket.destroy();
    server.close();
    assert.match(answer, /^ok\nerror: .*\n$/);
    assert.equal(one.pins.read(4), 1);
  });
});
