/*
 * Files that `sdc deploy` takes for a board: a signed release, or a build only where the board trusts no key.
 *
 * Input: releases of a small slot, keys. Output: test results. Invariant: each refusal is asked for with its own words.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { releaseBytes } from "../../../exosphere/releases/release_file";
import { formFor } from "../../../tools/board/deploy";
import { checkSource, type DeploySource, sourceFiles } from "../../../tools/board/deploy_source";
import { buildRelease } from "../../../tools/release/build_release";
import { KEY, OTHER_KEY, signedImage, testSlot } from "../update/update_world";

const [ours, foreign] = [KEY, OTHER_KEY].map((key) => key.toString("hex").toUpperCase()) as [string, string];

describe("sdc deploy takes", function () {
  this.timeout(60000);
  const folder = mkdtempSync(join(tmpdir(), "sdc-source-"));
  const file = join(folder, "garage.sdr");
  const unsignedFile = join(folder, "unsigned.sdr");
  const source = (more: Partial<DeploySource>): DeploySource => ({ release: "", from: "", unsigned: false, ...more });

  before(() => {
    writeFileSync(file, releaseBytes([signedImage(testSlot(2))]));
    writeFileSync(unsignedFile, buildRelease([testSlot(2)]));
    mkdirSync(join(folder, "espruino"));
    writeFileSync(join(folder, "espruino", "loader.js"), "loader");
    writeFileSync(join(folder, "espruino", "linux.slot"), "slot");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("nothing without a word of what", () => {
    assert.throws(() => checkSource(source({})), /give --release FILE with a signed release, or --unsigned/);
    assert.throws(() => checkSource(source({ release: file, unsigned: true })), /give either/);
    assert.throws(() => checkSource(source({ release: file, from: folder })), /give either/);
    assert.throws(() => checkSource(source({ release: join(folder, "none.sdr") })), /none\.sdr is not there/);
    assert.throws(() => checkSource(source({ unsigned: true, from: tmpdir() })), /holds no build/);
    checkSource(source({ unsigned: true, from: folder }));
    checkSource(source({ release: file }));
  });

  it("a build without a signature for a board without a key, and for no other", async () => {
    assert.deepEqual(await sourceFiles(source({ unsigned: true, from: folder }), "linux", "", 2029, []), { loader: "loader", slot: "slot" });
    await assert.rejects(sourceFiles(source({ unsigned: true, from: folder }), "linux", "", 2029, [ours]), /the board trusts a key, so it takes no build without a signature/);
  });

  it("the form of a build that has room: parts on demand beside Bluetooth and on a PC's 32-bit interpreter, else the board's own", async () => {
    mkdirSync(join(folder, "espruino", "parts"), { recursive: true });
    writeFileSync(join(folder, "espruino", "parts", "linux.slot"), "parts");
    for (const [build, bluetooth, slot] of [["LINUX", false, "slot"], ["LINUX32", false, "parts"], ["ESP32", true, "parts"], ["ESP32", false, "slot"]] as const) {
      assert.equal((await sourceFiles(source({ unsigned: true, from: folder }), "linux", formFor(build, bluetooth), 2029, [])).slot, slot, build);
    }
  });

  it("the slot of a release that one of the board's keys signed, with today's loader", async () => {
    for (const keys of [[], [ours], [foreign, ours]]) {
      const { loader, slot } = await sourceFiles(source({ release: file }), "linux", "", 2029, keys);
      assert.equal(slot, testSlot(2).toString("latin1"));
      assert.ok(loader.length > 500 && loader.length <= 2048, String(loader.length));
    }
  });

  it("no release that is foreign, unsigned, damaged, for other boards or other interpreters", async () => {
    const refused = (release: string, words: RegExp, board = "linux", interpreter = 2029, keys = [ours]): Promise<void> => assert.rejects(sourceFiles(source({ release }), board, "", interpreter, keys), words);
    await refused(file, /signed by none of the keys/, "linux", 2029, [foreign]);
    await refused(unsignedFile, /the release is not signed: sdc release sign/);
    await refused(unsignedFile, /the release is not signed/, "linux", 2029, []);
    await refused(file, /no image for board esp32_devkit; it has those for linux/, "esp32_devkit");
    await refused(file, /tested with Espruino 2v27 to 2v29, the board has 2v30/, "linux", 2030);
    await refused(file, /tested with Espruino 2v27 to 2v29, the board has 2v26/, "linux", 2026, []);
    const damaged = join(folder, "damaged.sdr");
    const bytes = releaseBytes([signedImage(testSlot(2))]);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(damaged, bytes);
    await refused(damaged, /damaged\.sdr: image 1: piece 4 is damaged/);
  });
});
