/*
 * Commands typed at the locked console of a running board, on the real interpreter.
 *
 * Input: the shipped program with a configuration, its console over TCP. Output: answers of `sdc api`, and the state
 * of the doors. Invariant: skips with its reason where there is no interpreter, or its one port is taken.
 */
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ConsoleError } from "../../console/console_line";
import { callBoard } from "../../tools/board/board_call";
import { lockBoard, unlockBoard } from "../../tools/board/doors";
import { openBoard } from "../../tools/board/open_board";
import { root } from "../../tools/root";
import { wallboxDocument } from "../../tools/world/garage";
import { openInterpreterTestBoard } from "../boards/interpreter_board";
import { rest } from "../espruino/driver";
import { forms, type Interpreter } from "../espruino/interpreter";
import { CONSOLE_PORT as PORT, startListening, consoleTurn, TURN_MS } from "../espruino/telnet";

const TOKEN = "0123456789abcdef";
const PASSWORD = "door key";
const OPTIONS = { port: PORT, password: PASSWORD, token: TOKEN };

describe("commands typed at a board's console", function () {
  let board: Interpreter | undefined;
  let giveBack: (() => void) | undefined;

  before(async function () {
    this.timeout(TURN_MS + 60000);
    giveBack = await consoleTurn();
    if (giveBack === undefined) this.skip();
    const document = wallboxDocument() as unknown as Record<string, unknown> & { device: Record<string, unknown>; readers: { port: number }[] };
    document.readers[0]!.port = 1;
    document.device.password = PASSWORD;
    // No endpoint, no network: nothing but the block.
    for (const name of ["endpoint", "network"]) delete document[name];
    document.api = { token: TOKEN, port: 0 };
    board = await openInterpreterTestBoard(forms()[0]!.path, document);
    // No car is plugged in, so nothing else can have begun what a refused call must not begin.
    rest(board);
    await startListening(board);
    await board.printed("sdc runs");
  });
  after(async () => {
    await board?.close();
    giveBack?.();
  });

  const locked = async (): Promise<void> => {
    await assert.rejects(openBoard(PORT, ""), (error) => error instanceof ConsoleError && /asks for its password/.test(error.message));
  };

  it("runs a session by a chain, waits within it while the program goes on, and leaves the doors closed", async () => {
    const chain = "=SET(SDC;Uid;04A1B2C3)&SET(SDC;SStart;pulse)&WAIT(300)&GETOUTPUT(SDC;Sa)&GETINPUT(SDC;Uid)";
    assert.deepEqual(await callBoard(OPTIONS, chain), { lines: ["ok", "ok", "ok", "1", "04A1B2C3"], exitCode: 0 });
    await locked();
    const ended = (await callBoard(OPTIONS, "=SET(SDC;SEnd;pulse)&WAIT(500)&GETOUTPUT(SDC;Sa)&GETOUTPUT(SDC;Log)")).lines;
    assert.equal(ended[2], "0");
    assert.match(ended[3]!, / end .*card=04A1B2C3 .*reason=command$/);
    await locked();
  });

  it("refuses a wrong token, none, and a chain that is wrong anywhere, and does nothing of it", async () => {
    assert.deepEqual(await callBoard({ ...OPTIONS, token: "" }, "SET(SDC;SStart;pulse)"), { lines: ["the call needs a token; add --token with api.token of the configuration"], exitCode: 2 });
    for (const token of ["0123456789abcdeg", TOKEN.slice(1)]) {
      const answer = await callBoard({ ...OPTIONS, token }, "SET(SDC;SStart;pulse)");
      assert.deepEqual(answer, { lines: ["error: wrong token; send api.token of the configuration"], exitCode: 1 });
    }
    const wrong = await callBoard(OPTIONS, "=SET(SDC;SStart;pulse)&SET(SDC;CI99;1)");
    assert.equal(wrong.exitCode, 1);
    assert.match(wrong.lines.join(), /^error: command 2, SET\(SDC;CI99;1\): there is no such input/);
    assert.match((await callBoard(OPTIONS, `=${"x".repeat(600)}`)).lines.join(), /^error: too long: at most 512 bytes/);
    assert.deepEqual((await callBoard(OPTIONS, "GETOUTPUT(SDC;Sa)")).lines, ["0"]);
    await assert.rejects(callBoard({ ...OPTIONS, password: "wrong" }, "ECHO(SDC)"), /this is not the board's password/);
    await locked();
  });

  it("closes the doors before the chain begins: a line that breaks in the middle finds them closed, and the chain is carried out", async () => {
    const desk = await openBoard(PORT, PASSWORD);
    void desk.askLocked((done) => `part("api").call("${TOKEN}","=WAIT(1500)&SET(SDC;Uid;BROKEN)",function(s,b){${done}(b)})`, 5000).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    await desk.close();
    await locked();
    let seen = "";
    for (let tries = 0; seen !== "BROKEN" && tries < 40; tries++) {
      seen = (await callBoard(OPTIONS, "GETINPUT(SDC;Uid)")).lines[0]!;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    assert.equal(seen, "BROKEN");
  });

  it("tells a second typed call to wait, takes a person's own words after login, and leaves nothing in memory", async () => {
    const desk = await openBoard(PORT, PASSWORD);
    try {
      const before = Number(await desk.ask("process.memory().usage"));
      desk.order(`part("api").call("${TOKEN}","=WAIT(900)&ECHO(SDC)")`);
      desk.order(`part("api").call("${TOKEN}","ECHO(SDC)")`);
      await desk.printed(["another typed call is under way"], 5000);
      await desk.printed(["api 200\r\nok\nSDC", "api 200\nok\nSDC", "api 200\r\nok\r\nSDC"], 10000);
      await new Promise((resolve) => setTimeout(resolve, 200));
      const after = Number(await desk.ask("process.memory().usage"));
      // The module takes some 50; a second on the clock or a line of the console one or two.
      assert.ok(after - before < 25, `${String(before)} variables before, ${String(after)} after`);
    } finally {
      await desk.close();
    }
  });

  it("does not carry out a chain that arrived damaged", async () => {
    const desk = await openBoard(PORT, PASSWORD);
    await assert.rejects(desk.askLocked(() => `var t="${TOKEN}",c="SET(SDC;Uid;WRONG)";if(E.CRC32(t+c)!==1)throw"that the call arrived damaged; send it again"`, 5000), /the board says that the call arrived damaged/);
    await desk.close();
    await locked();
  });

  it("is locked again by 'sdc lock', which needs no password and says what it found", async () => {
    await unlockBoard(PORT, PASSWORD);
    assert.deepEqual(await lockBoard(PORT), { lines: [`${PORT}: the console is locked`], exitCode: 0 });
    await locked();
    assert.deepEqual(await lockBoard(PORT), { lines: [`${PORT}: the console is locked already`], exitCode: 0 });
  });

  it("is locked behind a person who typed the password in 'sdc console', also with a half-typed line", async function () {
    this.timeout(120000);
    const child = spawn(process.execPath, [join(root, "tools", "sdc.mjs"), "console", "--port", PORT]);
    let text = "";
    const said = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(text)) await new Promise((resolve) => child.stdout.once("data", resolve));
    };
    child.stdout.on("data", (data: Buffer) => { text += data.toString(); });
    let told = "";
    child.stderr.on("data", (data: Buffer) => { told += data.toString(); });
    child.stdin.write("\n");
    await said(/password>/);
    child.stdin.write(`${PASSWORD}\n`);
    await said(/Logged in\./);
    child.stdin.write("print('op'+'en')\n");
    await said(/open\r?\n/);
    child.stdin.write("global.halfTyped=1\x1d");
    assert.equal(await new Promise((resolve) => child.once("close", resolve)), 0);
    assert.match(told, /the console is locked again/);
    await locked();
    const desk = await openBoard(PORT, PASSWORD);
    assert.equal(await desk.ask("typeof global.halfTyped"), "undefined");
    await desk.close();
  });

  it("is a verb of the command line, with the answer on stdout and 1 for a refusal", async () => {
    const sdc = (...words: string[]): Promise<[number | null, string]> => new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, "tools", "sdc.mjs"), "api", "--port", PORT, ...words], { env: { ...process.env, SDC_PASSWORD: PASSWORD, SDC_TOKEN: TOKEN } });
      let text = "";
      child.stdout.on("data", (data: Buffer) => { text += data.toString(); });
      child.stdin.end("ECHO(SDC)\n\nECHO(Garage)\n");
      child.on("close", (status) => resolve([status, text]));
    });
    assert.deepEqual(await sdc("--command", "=ECHO(SDC)&ECHO(SDC)"), [0, "SDC\nSDC\n"]);
    assert.deepEqual(await sdc(), [1, "SDC\nerror: command 1, ECHO(Garage): there is no block of that name here; write SDC\n"]);
  });
});
