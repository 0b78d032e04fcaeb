/*
 * A board that has a program already gets another one: two slots where there is room, else one; cut off at any moment.
 *
 * Input: an interpreter that listens on its Telnet port, small builds of which two fit, and the shipped one. Output: what
 * runs afterwards. Invariant: skips with its reason where there is no interpreter, or where its one port is taken.
 */
import { strict as assert } from "node:assert";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import type { AddressInfo, Server, Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildEspruino } from "../../tools/build/espruino";
import { PROGRAM_PART, slotParts } from "../../tools/build/slot";
import { deploy } from "../../tools/board/deploy";
import { LINUX_BOARD, LINUX_PINS, flashOf, shippedParts } from "../boards/interpreter_board";
import { forms, Interpreter } from "../espruino/interpreter";
import { smallBuild, smallSlot } from "../espruino/small_build";
import { CONSOLE_PORT as PORT, startListening, TELNET, consoleTurn, TURN_MS } from "../espruino/telnet";

const quiet = (): void => undefined;

/** A line that ends, the board's power with it, when `text` has gone to the board for the n-th time. */
function cutLine(text: RegExp, count: number, cut: () => void): Promise<{ server: Server; port: string }> {
  let seen = 0;
  const server = createServer((near: Socket) => {
    const far = connect(TELNET, "127.0.0.1");
    near.on("data", (data: Buffer) => {
      if (text.test(data.toString("latin1")) && ++seen === count) {
        cut();
        near.destroy();
      } else far.write(data);
    });
    far.on("data", (data: Buffer) => near.write(data));
    for (const [one, other] of [[near, far], [far, near]] as const) one.on("error", () => other.destroy()).on("close", () => other.destroy());
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve({ server, port: `tcp://127.0.0.1:${String((server.address() as AddressInfo).port)}` }));
  });
}

describe("a board gets another version", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdc-versions-"));
  const build = (word: string): string => join(folder, word);
  let board: Interpreter;
  let giveBack: (() => void) | undefined;

  before(async function () {
    this.timeout(TURN_MS + 100_000);
    giveBack = await consoleTurn();
    if (giveBack === undefined) this.skip();
    await buildEspruino(folder);
    for (const word of ["one", "two", "three"]) await smallBuild(build(word), join(folder, "espruino", "loader.js"), word);
  });
  beforeEach(async () => {
    board = new Interpreter(forms()[0]!.path);
    board.wirePins(LINUX_PINS);
    await startListening(board);
  });
  afterEach(() => board.close());
  after(() => { giveBack?.(); rmSync(folder, { recursive: true, force: true }); });

  const put = async (from: string, port = PORT): Promise<string> => (await deploy({ port, board: "linux", from, release: "", unsigned: true, password: "", bluetooth: false, store: "" }, quiet)).join("\n");

  /** The board says `words` after the power was off. */
  async function restarts(words: string): Promise<void> {
    await board.kill();
    board.start();
    await board.printed(words);
  }

  it("in the slot that does not run, in turn, and only what is new goes over the line", async () => {
    assert.match(await put(build("one")), /2 of 2 files sent[^]*slot a\)/);
    const second = await put(build("two"));
    assert.match(second, /1 of 2 files sent, (\d+) bytes[^]*slot b\)/);
    const sentBytes = Number(/sent, (\d+) bytes/.exec(second)?.[1]);
    const part = slotParts(readFileSync(join(build("two"), "espruino", "linux.slot"), "latin1")).part!;
    assert.ok(part.length > 2100);
    assert.equal(sentBytes, (await smallSlot("two")).length - part.length, "the module is copied on the board: " + second);
    assert.match(await put(build("two")), /0 of 2 files sent, 0 bytes[^]*slot b\)/);
    assert.match(await put(build("three")), /1 of 2 files sent[^]*slot a\)/);
    assert.match(await put(build("two")), /0 of 2 files sent, 0 bytes[^]*slot b\)/);
    await restarts("sdc runs two 2100");
  });

  it("or keeps the old one, wherever the power fails on the way", async () => {
    await put(build("one"));
    for (const [text, count] of [[/\.write\("sdc_b"/, 1], [/\.write\("sdc_b"/, 2], [/\.write\("sdc_b"/, 4], [/write\("SDLb"/, 1]] as const) {
      const line = await cutLine(text, count, () => { void board.kill(); });
      await assert.rejects(put(build("two"), line.port));
      line.server.close();
      await restarts("sdc runs one 2100");
      await board.kill();
      await startListening(board);
    }
    assert.match(await put(build("two")), /slot b\)/);
    const line = await cutLine(/\.write\("sdc_a"/, 1, () => { void board.kill(); });
    await assert.rejects(put(build("three"), line.port));
    line.server.close();
    await restarts("sdc runs two 2100");
  });

  it("in its only slot, and runs nothing when that is cut off, until it is done again; what is stored stays", async function () {
    this.timeout(180000);
    assert.match(await put(folder), /2 of 2 files sent[^]*slot a, the only one\)/);
    await board.kill();
    const flash = flashOf(board);
    const place = LINUX_BOARD.areas[0]!.address + 0x8000;
    flash.write(place, "rows");
    flash.close();
    await startListening(board);
    await assert.doesNotReject(put(build("one")));
    const line = await cutLine(/\.write\("sdc_a"/, 100, () => { void board.kill(); });
    await assert.rejects(put(folder, line.port));
    line.server.close();
    await restarts("sdc: neither slot holds a whole program");
    await board.kill();
    await startListening(board);
    assert.match(await put(folder), /1 of 2 files sent[^]*slot a, the only one\)[^]*waits for its configuration/);
    await board.kill();
    const after = flashOf(board);
    assert.equal(after.read(place, 4), "rows");
    after.close();
  });

  it("over one that came as single files, and leaves a maker's own file there", async function () {
    this.timeout(120000);
    await board.kill();
    const names = Object.keys(slotParts(readFileSync(join(folder, "espruino", "linux.slot"), "latin1"))).filter((name) => name !== PROGRAM_PART);
    const old = await shippedParts();
    const files = [".bootcde", ...names.map((name) => `sdc_${name}`).filter((name) => old[name] !== undefined)];
    assert.ok(files.length > 10, files.join());
    board.install({ ...Object.fromEntries(files.map((name) => [name, old[name]!])), sdc_mine: "exports.x=1;" });
    await startListening(board);
    assert.match(await put(folder), /2 of 2 files sent[^]*waits for its configuration/);
    await board.kill();
    board.start();
    await board.printed("sdc waits");
    assert.deepEqual(board.ask("require('Storage').list(/^sdc_/).sort()"), ["sdc_a", "sdc_mine"]);
  });
});
