/*
 * A board that trusts a key gets by cable only what the key signed.
 *
 * Input: an interpreter that listens on its Telnet port, the shipped program with the parts for updates, as a build and as
 * signed releases. Output: what runs afterwards. Invariant: skips with its reason where there is no interpreter, or where
 * its one port is taken.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRelease, releaseBytes } from "../../exosphere/releases/release_file";
import { deploy } from "../../tools/board/deploy";
import { openBoard } from "../../tools/board/open_board";
import { installKeys } from "../../tools/board/install_keys";
import { PROGRAM_PART, slotOf, slotParts } from "../../tools/build/slot";
import { buildRelease } from "../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../tools/release/lms_signer";
import { LINUX_PINS, LINUX_RELEASE, twoSlotFiles } from "../boards/interpreter_board";
import { forms, Interpreter } from "../espruino/interpreter";
import { CONSOLE_PORT as PORT, consoleTurn, startListening, TURN_MS } from "../espruino/telnet";
import { KEY, OTHER_KEY, SECRET } from "../unit/update/update_world";

describe("a board that trusts a key", () => {
  const folder = mkdtempSync(join(tmpdir(), "sdc-signed-"));
  const signed = join(folder, "signed.sdr");
  let board: Interpreter;
  let giveBack: (() => void) | undefined;

  before(async function () {
    this.timeout(TURN_MS + 200_000);
    giveBack = await consoleTurn();
    if (giveBack === undefined) this.skip();
    const { loader, slot } = await twoSlotFiles();
    mkdirSync(join(folder, "espruino"));
    writeFileSync(join(folder, "espruino", "loader.js"), loader, "latin1");
    writeFileSync(join(folder, "espruino", "linux.slot"), slot, "latin1");
    const { [PROGRAM_PART]: program, ...modules } = slotParts(slot);
    const image = readRelease(buildRelease([Buffer.from(slotOf({ ...LINUX_RELEASE, number: 2, version: "9.9.9" }, program!, modules), "latin1")]))[0]!;
    writeFileSync(signed, releaseBytes([{ ...image, signature: lmsSign(SECRET, lmsTree(SECRET), 1, image.text) }]));
    board = new Interpreter(forms()[0]!.path);
    board.wirePins(LINUX_PINS);
    await startListening(board);
  });
  after(async () => {
    await board?.close();
    giveBack?.();
    rmSync(folder, { recursive: true, force: true });
  });

  it("gets by cable only a release that the key signed, and a build again when it trusts none of ours", async function () {
    this.timeout(400_000);
    const common = { port: PORT, board: "linux", password: "", bluetooth: false, store: "" } as const;
    const put = async (release: string): Promise<string> => (await deploy({ ...common, release, unsigned: release === "", from: release === "" ? folder : "" }, () => undefined)).join("\n");
    // The tests' own way of asking waits for a program of theirs; this board is asked over its console.
    const running = async (): Promise<unknown> => {
      const desk = await openBoard(PORT, "");
      try {
        return await desk.ask(`require("Storage").read("sdc_"+String.fromCharCode(slot),base*4+56,8)`);
      } finally {
        await desk.close();
      }
    };
    assert.match(await put(""), /2 of 2 files sent/);
    assert.deepEqual(await installKeys(PORT, [OTHER_KEY.toString("hex").toUpperCase()], ""), [`${PORT}: the board trusts ${OTHER_KEY.toString("hex").toUpperCase()}`]);
    await assert.rejects(put(""), /the board trusts a key, so it takes no build without a signature/);
    await assert.rejects(put(signed), /signed by none of the keys that the board trusts/);
    assert.match(String(await running()), /^0\.0\./);
    await installKeys(PORT, [KEY.toString("hex").toUpperCase()], "");
    assert.match(await put(signed), /1 of 2 files sent[^]*the program runs and waits/);
    assert.match(String(await running()), /^9\.9\.9/);
    // The keys lie in flash, and stay.
    assert.deepEqual(await installKeys(PORT, [], ""), [`${PORT}: the board trusts ${KEY.toString("hex").toUpperCase()}`]);
    assert.match(await put(signed), /0 of 2 files sent/);
  });
});
