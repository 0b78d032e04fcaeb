/* API commands: every line of docs/API.md, chains, waits, and that nothing is half done. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { createChain } from "../../../firmware/commands/check";
import { chainStep } from "../../../firmware/commands/run";
import { KIND_END, KIND_START } from "../../../firmware/protocol";
import { ConnectorTestBoard, columnsOf, customInput, inputsOf, fromUtf8, testConfiguration, utf8 } from "../../boards/connector_board";
import { CHAIN_COMMANDS_MAX } from "../../../firmware/limits";

const page = readFileSync(new URL("../../../docs/API.md", import.meta.url), "utf8");

const board = (): ConnectorTestBoard => new ConnectorTestBoard(testConfiguration({
  customInputs: inputsOf([customInput(1, "number"), customInput(2, "integer"), customInput(3, "boolean"), customInput(4, "text")]),
  columns: columnsOf([{ name: "odometer", content: "ci1" }, { name: "note", content: "ci4" }]),
}));

/** Plays a call as the device does: one step a tick. Returns status and answer. */
function call(on: ConnectorTestBoard, text: string): { status: number; answer: string; ticks: number } {
  const chain = createChain(on.connector, utf8(text));
  let ticks = 0;
  while (chain.status === 200) {
    const done = chainStep(chain, on.connector, on.ms % 1073741824);
    on.tick();
    ticks++;
    if (done) break;
    assert.ok(ticks < 5000);
  }
  return { status: chain.status, answer: fromUtf8(chain.answer), ticks };
}

describe("API commands", () => {
  const errors = [...page.matchAll(/^\| `(.+?)` \| `(error: .+)` \|$/gm)];

  it("stand in docs/API.md with their errors", () => assert.equal(errors.length, 14));

  for (const [, text = "", answer] of errors) {
    it(`refuse ${text} as the page says, and do nothing`, () => {
      const on = board();
      const before = JSON.stringify(on.connector);
      assert.deepEqual(call(on, text), { status: 400, answer, ticks: 0 });
      assert.equal(JSON.stringify(on.connector), before);
    });
  }

  it("play the page's chain", () => {
    const on = board();
    const chain = /```\n(=SET.*)\n```\n\nanswers\n\n```\n([^`]+)\n```/.exec(page);
    assert.ok(chain !== null);
    assert.equal(call(on, chain[1]!).answer, chain[2]);
    assert.equal(on.rows()[0]!.cells.get(1), "123456789.123");
  });

  it("keep a number as every target writes it: each digit of it, and no zeros in front", () => {
    const on = board();
    const spellings = [["00012.500", "12.500"], ["-007.10", "-7.10"], ["-0.00", "0.00"], ["000", "0"], ["0.5", "0.5"], ["0000000000000000000000000000000000000001", "1"]];
    for (const [given, kept] of spellings) {
      assert.equal(call(on, `SET(SDC;CI1;${given})`).answer, "ok");
      assert.equal(call(on, "GETINPUT(SDC;CI1)").answer, kept);
    }
    for (const [given, kept] of [["007", "7"], ["-0", "0"], ["-012", "-12"]]) {
      assert.equal(call(on, `SET(SDC;CI2;${given})`).answer, "ok");
      assert.equal(call(on, "GETINPUT(SDC;CI2)").answer, kept);
    }
    assert.equal(call(on, "=SET(SDC;CI4;007)&GETINPUT(SDC;CI4)").answer, "ok\n007", "a text is no number");
  });

  it("take a card in any spelling for the card that a reader gives", () => {
    for (const typed of ["04f6d9f21f6880", "04:F6:D9:F2:1F:68:80", "04 f6 d9 f2 1f 68 80", "04-F6-D9-F2-1F-68-80"]) {
      const on = board();
      assert.equal(call(on, `=SET(SDC;Uid;${typed})&SET(SDC;SStart;pulse)&GETINPUT(SDC;Uid)`).answer, "ok\nok\n04F6D9F21F6880");
      assert.equal(on.connector.session.uid, "04F6D9F21F6880");
    }
    assert.equal(call(board(), "=SET(SDC;Uid;Anna-Lena)&GETINPUT(SDC;Uid)").answer, "ok\nAnna-Lena");
  });

  it("do nothing of a chain whose last command is wrong, and say which", () => {
    const on = board();
    const { status, answer } = call(on, "=SET(SDC;SStart;pulse)&SET(SDC;CI1;1)&SET(SDC;CI9;1)");
    assert.equal(status, 400);
    assert.match(answer, /^error: command 3, /);
    assert.equal(on.connector.session.active, false);
    assert.equal(on.ring.length, 0);
  });

  it("run a whole session, one GET after the other, as a Miniserver would", () => {
    const on = board();
    for (const text of ["SET(SDC;Uid;04A1B2C3)", "SET(SDC;CI4;\"Jürgen Müller, 5 €\")", "SET(SDC;SStart;pulse)", "SET(SDC;CI1;7.45)", "SET(SDC;SEnd;pulse)"]) {
      assert.deepEqual(call(on, text), { status: 200, answer: "ok", ticks: 1 });
    }
    assert.equal(call(on, "GETOUTPUT(SDC;Sa)").answer, "0");
    assert.equal(call(on, "GETINPUT(SDC;CI4)").answer, "\"Jürgen Müller, 5 €\"");
    assert.equal(call(on, "GETINPUT(SDC;CI1)").answer, "7.45");
    assert.equal(call(on, "GETINPUT(SDC;CI2)").answer, "");
    assert.equal(call(on, "GETOUTPUT(SDC;API)").answer, "1");
    assert.match(call(on, "GETOUTPUT(SDC;Log)").answer, /garage-1 1 end odometer=7\.45 note="Jürgen Müller, 5 €"$/);
    assert.deepEqual(on.rows().map((row) => [row.kind, row.cells.get(2)]), [[KIND_START, "Jürgen Müller, 5 €"], [KIND_END, "Jürgen Müller, 5 €"]]);
  });

  it("keep the order of pulses in a chain", () => {
    const on = board();
    call(on, "=SET(SDC;SStart;pulse)&SET(SDC;SEnd;pulse)&SET(SDC;SStart;pulse)");
    assert.deepEqual(on.rows().map((row) => [row.kind, row.session]), [[KIND_START, 1], [KIND_END, 1], [KIND_START, 2]]);
  });

  it("wait as long as WAIT says, while ticks go on", () => {
    const on = board();
    const { ticks, answer } = call(on, "=WAIT(500)&SET(SDC;SStart;pulse)&WAIT(100)");
    assert.equal(answer, "ok\nok\nok");
    assert.equal(ticks, 32, "600 ms are 30 ticks of 20 ms, and each command of the chain but the last WAIT takes one");
  });

  it("refuse to set an input that has a source of its own", () => {
    const on = new ConnectorTestBoard(testConfiguration({ customInputs: inputsOf([{ ...customInput(1, "number"), source: "analog" as const }]) }));
    assert.match(call(on, "SET(SDC;CI1;1)").answer, /CI1 is fed by its source analog and cannot be set$/);
  });

  it("refuse a text that is not UTF-8", () => {
    const on = board();
    const chain = createChain(on.connector, "SET(SDC;CI4;\xff)");
    assert.equal(chain.status, 400);
    assert.match(chain.answer, /the text is not UTF-8$/);
  });

  it("bound a chain's length", () => {
    assert.match(call(board(), `=${Array(CHAIN_COMMANDS_MAX + 1).fill("ECHO(SDC)").join("&")}`).answer, /a chain has at most 16 commands$/);
  });

  it("never crash at any text", () => {
    const pieces = fc.constantFrom("SET", "GETINPUT", "ECHO", "WAIT", "(", ")", ";", "&", "=", "\"", "\\", "SDC", "CI1", "CI4", "SStart", "pulse", "7", "ü", " ", "\n");
    fc.assert(fc.property(fc.oneof(fc.array(pieces, { maxLength: 20 }).map((list) => list.join("")), fc.string()), (text) => {
      const on = board();
      const chain = createChain(on.connector, utf8(text));
      if (chain.status === 400) assert.match(chain.answer, /^error: /);
      else for (let step = 0; step < 40 && !chainStep(chain, on.connector, step * 10000); step++) assert.ok(true);
    }), { numRuns: 1000 });
  });
});
