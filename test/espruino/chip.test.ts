/*
 * The part of hal/espruino that depends on the chip itself, on the interpreter's own build for the ESP32: pulls, pins that
 * cannot be watched, edges, the access point, random numbers.
 *
 * Input: the emulated ESP32 (docs/PLATFORMS.md section 8); the built ports, put into its Storage over the line. Output: test
 * results. Invariant: registers are read as the hardware has them; the interpreter's own words are not believed.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { ESP32_NOISE } from "../../boards/espruino_noise";
import type { BoardConsole } from "../../console/board_console";
import { uploadFile } from "../../console/storage_upload";
import { buildBundle } from "../../tools/build/bundle";
import { openBoard } from "../../tools/board/open_board";
import { root } from "../../tools/root";
import { CHIP, CHIP_MS, Chip, SLOWNESS } from "./chip";

/** The pad of GPIO 5; bit 7 is the pull-down, bit 8 the pull-up. */
const PAD_5 = 0x3ff4906c;
const PULLS = 0x180;
const PULL_DOWN = 0x80;

describe("hal/espruino on an emulated ESP32", function () {
  this.timeout(CHIP_MS);
  let pins = "";
  let crypto = "";
  let chip: Chip | undefined;
  let line: BoardConsole | undefined;

  before(async function () {
    if (CHIP === "") {
      process.stderr.write("no emulated ESP32: set ESPRUINO_ESP32 as docs/PLATFORMS.md section 8 says; what depends on the chip is not tested\n");
      this.skip();
    }
    process.env.SDC_SLOWNESS = String(SLOWNESS);
    pins = await buildBundle(join(root, "hal/espruino/pins.ts"), { kind: "module", minified: true });
    crypto = await buildBundle(join(root, "hal/espruino/crypto.ts"), { kind: "module", minified: true });
  });
  afterEach(async () => {
    await line?.close();
    await chip?.close();
    line = undefined;
    chip = undefined;
  });

  async function started(mac?: string): Promise<BoardConsole> {
    chip = new Chip(mac);
    await chip.start();
    line = await openBoard(chip.port, "");
    return line;
  }

  it("keeps the pull that is configured, refuses a pin that cannot be watched, and takes edges from outside in order", async () => {
    const board = await started();
    await uploadFile(board, "pins", pins, () => undefined);
    await board.ask(`(P=require("pins").pins,0)`);
    assert.equal(await board.ask(`P.open(5,"inputPulldown")`), "ok");
    assert.equal(Number(await board.ask(`peek32(${String(PAD_5)})`)) & PULLS, PULL_DOWN);
    assert.equal(await board.ask(`P.open(12,"inputPullup")`), "absent");
    for (const level of [1, 0, 1]) {
      chip!.setPin(5, level);
      await board.ask("1+1");
    }
    assert.deepEqual(await board.ask(`(function(){var e={},l=[];while(P.take(e))l.push([e.pin,e.level]);return l;})()`), [[5, 1], [5, 0], [5, 1]]);
    assert.equal(await board.ask("P.overflows()"), 0);
  });

  it("gives other random numbers on two boards, where the interpreter's own are the same", async () => {
    const numbers: unknown[][] = [];
    for (const mac of ["24:0a:c4:00:00:01", "24:0a:c4:00:00:02"]) {
      const board = await started(mac);
      await uploadFile(board, "crypto_port", crypto, () => undefined);
      const own = await board.ask("E.hwRand()");
      numbers.push([own, await board.ask(`(C=require("crypto_port"),C.useNoise(${String(ESP32_NOISE)}),C.crypto.seed("key"),btoa(C.crypto.random(16)))`)]);
      await board.close();
      await chip!.close();
    }
    assert.deepEqual(numbers.map(([own]) => own), [2002641757, 2002641757], "the interpreter has a generator of its own now: change docs/PLATFORMS.md");
    assert.notEqual(numbers[0]![1], numbers[1]![1]);
  });
});
