/*
 * Documents in two generations: settings, and the list of users.
 *
 * Input: documents of many lengths on a mock flash. Output: test results.
 */
import assert from "node:assert/strict";
import { openBlob, readBlob } from "../../../firmware/store/blob";
import { appendBlob, beginBlob, commitBlob } from "../../../firmware/store/blob_write";
import { openSettings, readSettings, writeSettings } from "../../../firmware/configuration/store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";

const crypto = createHostCrypto();
const area = (flash: MockFlash) => ({ address: 0, bytes: flash.bytes.length });
const text = (length: number, seed = 0): string => Array.from({ length }, (_, index) => String.fromCharCode((index * 31 + seed) % 256)).join("");

describe("settings", () => {
  it("are absent in blank flash", () => {
    const flash = createMockFlash(8192);
    assert.equal(readSettings(openSettings(flash, crypto, area(flash))), undefined);
  });

  for (const bytes of [8192, 16384]) {
    it(`of every length up to the longest are read back from ${String(bytes)} bytes`, () => {
      const flash = createMockFlash(bytes);
      const settings = openSettings(flash, crypto, area(flash));
      assert.equal(settings.lengthMax, bytes === 8192 ? 4016 : 8048);
      for (const length of [0, 1, 251, 252, 253, 504, 2300, 4000, 4015, 4016, 8000, settings.lengthMax]) {
        if (length > settings.lengthMax) continue;
        assert.equal(writeSettings(settings, text(length, length)), "stored");
        assert.equal(readSettings(settings), text(length, length));
        assert.equal(readSettings(openSettings(flash, crypto, area(flash))), text(length, length));
      }
    });
  }

  it("of the longest length follow one another where a half has three pages", () => {
    const flash = createMockFlash(24576);
    const settings = openSettings(flash, crypto, area(flash));
    assert.equal(settings.lengthMax, 12080);
    for (let seed = 1; seed <= 4; seed++) {
      assert.equal(writeSettings(settings, text(12080, seed)), "stored");
      assert.equal(readSettings(openSettings(flash, crypto, area(flash))), text(12080, seed));
    }
  });

  it("that are too long change nothing", () => {
    const flash = createMockFlash(8192);
    const settings = openSettings(flash, crypto, area(flash));
    writeSettings(settings, "old");
    assert.equal(writeSettings(settings, text(settings.lengthMax + 1)), "tooLong");
    assert.equal(readSettings(openSettings(flash, crypto, area(flash))), "old");
  });

  it("stay as they were when flash fails while new ones are written", () => {
    const flash = createMockFlash(8192);
    const settings = openSettings(flash, crypto, area(flash));
    writeSettings(settings, "old");
    flash.faults.silentWrites.push(flash.writes);
    assert.equal(writeSettings(settings, "new"), "fault");
    flash.write(0, "junk");
    flash.faults.stuckPages.push(0);
    assert.equal(writeSettings(settings, "new"), "fault");
    assert.equal(readSettings(openSettings(flash, crypto, area(flash))), "old");
  });
});

describe("the blob", () => {
  it("written in pieces of any size reads back in pieces of any size", () => {
    const flash = createMockFlash(65536);
    const blob = openBlob(flash, crypto, area(flash));
    const content = text(30_000);
    assert.equal(beginBlob(blob), "ok");
    for (let at = 0, size = 1; at < content.length; at += size, size = size * 3 % 1009 + 1) {
      assert.equal(appendBlob(blob, content.slice(at, at + size)), "ok");
      content.slice(at, at + size);
    }
    assert.equal(readBlob(blob, 0, 10), "");
    assert.equal(commitBlob(blob), "stored");
    const again = openBlob(flash, crypto, area(flash));
    for (let at = 0; at < content.length + 500; at += 137) assert.equal(readBlob(again, at, 300), content.slice(at, at + 300));
  });

  it("that was begun and not committed leaves the old one in force", () => {
    const flash = createMockFlash(16384);
    const blob = openBlob(flash, crypto, area(flash));
    beginBlob(blob);
    appendBlob(blob, "one");
    commitBlob(blob);
    beginBlob(blob);
    appendBlob(blob, text(5000));
    assert.equal(readBlob(blob, 0, 3), "one");
    assert.equal(readBlob(openBlob(flash, crypto, area(flash)), 0, 3), "one");
  });

  it("refuses pieces beyond its area, and commit without begin", () => {
    const flash = createMockFlash(8192);
    const blob = openBlob(flash, crypto, area(flash));
    assert.equal(commitBlob(blob), "fault");
    beginBlob(blob);
    assert.equal(appendBlob(blob, text(blob.lengthMax)), "ok");
    assert.equal(appendBlob(blob, "x"), "tooLong");
    assert.equal(commitBlob(blob), "fault");
  });

  it("gives nothing out of a block whose CRC does not hold", () => {
    const flash = createMockFlash(8192);
    const blob = openBlob(flash, crypto, area(flash));
    beginBlob(blob);
    appendBlob(blob, text(1000));
    commitBlob(blob);
    flash.bytes[4096 + 16 + 256 + 9]! ^= 4;
    assert.equal(readBlob(blob, 0, 252), text(1000).slice(0, 252));
    assert.equal(readBlob(blob, 250, 10), undefined);
    assert.equal(blob.faults, 1);
  });
});

describe("the header of a document", () => {
  it("is written once more at the start, so that bits which a cut left weak become firm", () => {
    const flash = createMockFlash(8192);
    const blob = openBlob(flash, crypto, area(flash));
    beginBlob(blob);
    appendBlob(blob, "abc");
    commitBlob(blob);
    const before = flash.writes;
    const content = flash.bytes.slice();
    assert.equal(readBlob(openBlob(flash, crypto, area(flash)), 0, 3), "abc");
    assert.equal(flash.writes, before + 1);
    assert.deepEqual(flash.bytes, content);
  });
});
