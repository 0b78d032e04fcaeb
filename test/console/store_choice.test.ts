/*
 * The choice of a board's flash area for rows and people, over the console of the real interpreter.
 *
 * Input: an interpreter without a program; two areas within its image in the place of a chip's. Output: what is chosen, refused
 * and written down. Invariant: where something is stored the choice stays; skips with its reason where there is no interpreter.
 */
import assert from "node:assert/strict";
import type { Board } from "../../boards/board";
import { LARGE_STORE, STORE_FILE } from "../../boards/espruino_files";
import { LINUX_AREA_ADDRESS } from "../../boards/espruino_flash";
import { BOARDS } from "../../boards/index";
import type { BoardConsole } from "../../console/board_console";
import { openBoard } from "../../tools/board/open_board";
import { chooseStore, storeFor } from "../../tools/board/store_choice";
import { forms, Interpreter } from "../espruino/interpreter";
import { CONSOLE_PORT, consoleTurn, startListening, TURN_MS } from "../espruino/telnet";

const SMALL = LINUX_AREA_ADDRESS;
const AREA_BYTES = 0x4000;
const LARGE = SMALL + AREA_BYTES;
const chip: Board = {
  ...BOARDS.find((board) => board.name === "esp32_devkit")!,
  areas: [{ name: "small", address: SMALL, bytes: AREA_BYTES }, { name: "large", address: LARGE, bytes: AREA_BYTES }],
};

describe("the choice of a board's store", () => {
  let board: Interpreter | undefined;
  let giveBack: (() => void) | undefined;
  let desk: BoardConsole;

  before(async function () {
    this.timeout(TURN_MS + 60_000);
    giveBack = await consoleTurn();
    if (giveBack === undefined) this.skip();
  });
  beforeEach(async () => {
    board = new Interpreter(forms()[0]!.path);
    board.install({});
    await startListening(board);
    desk = await openBoard(CONSOLE_PORT, "");
  });
  afterEach(async () => {
    await desk?.close();
    await board?.close();
  });
  after(() => giveBack?.());

  const choice = (): Promise<unknown> => desk.ask(`require("Storage").read("${STORE_FILE}")`);
  const write = (text: string, address: number): Promise<unknown> => desk.ask(`(require("Flash").write(${JSON.stringify(text)},${String(address)}),1)`);

  it("is small unless another is asked for, and is written down once", async () => {
    assert.equal(await storeFor(desk, "desk", chip, ""), "small");
    assert.equal(await storeFor(desk, "desk", chip, "large"), "large");
    await chooseStore(desk, chip, "large");
    assert.equal(await choice(), LARGE_STORE);
    assert.equal(await storeFor(desk, "desk", chip, ""), "large");
    await chooseStore(desk, chip, "small");
    assert.equal(await choice(), undefined);
  });

  it("stays where something is stored, at any request", async () => {
    await write("SDS\x01", SMALL + 0x3000);
    assert.equal(await storeFor(desk, "desk", chip, "small"), "small");
    await assert.rejects(storeFor(desk, "desk", chip, "large"), /^Error: desk: the board keeps rows, counts and its configuration in its small store, .* docs\/INSTALL\.md shows$/);
  });

  it("is not large where the flash may hold another interpreter", async () => {
    await write("\xe9app", LARGE);
    assert.equal(await storeFor(desk, "desk", chip, ""), "small");
    await assert.rejects(storeFor(desk, "desk", chip, "large"), /may hold another interpreter; erase the whole chip .* or deploy with --store small$/);
  });

  it("is found again by what is stored when Storage was erased", async () => {
    await write("SDS\x01", LARGE + 0x1000);
    assert.equal(await storeFor(desk, "desk", chip, ""), "large");
    await assert.rejects(storeFor(desk, "desk", chip, "small"), /in its large store/);
    await chooseStore(desk, chip, await storeFor(desk, "desk", chip, ""));
    assert.equal(await choice(), LARGE_STORE);
  });

  it("is none on a board with one area", async () => {
    const linux = BOARDS.find((one) => one.name === "linux")!;
    assert.equal(await storeFor(desk, "desk", linux, ""), "small");
    await assert.rejects(storeFor(desk, "desk", linux, "large"), /a linux has one flash area only; deploy without --store/);
  });
});
