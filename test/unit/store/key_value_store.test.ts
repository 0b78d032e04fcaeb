/*
 * Small values over restarts and page changes.
 *
 * Input: values of all kinds on a mock flash. Output: test results. Cuts are made in test/power.
 */
import assert from "node:assert/strict";
import { KEY_NEXT_TRUST } from "../../../firmware/store/keys";
import { KEY_VALUE_LARGE_BYTES, KEY_VALUE_SMALL_BYTES } from "../../../firmware/store/layout";
import { openKeyValueStore, getValue, putValue } from "../../../firmware/store/key_value_store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { KEYS_MAX, SESSION_BYTES_MAX, VALUE_BYTES_MAX } from "../../../firmware/limits";

const crypto = createHostCrypto();
const open = (flash: MockFlash) => {
  flash.start();
  return openKeyValueStore(flash, crypto, { address: 0, bytes: flash.bytes.length });
};

describe("the state pages", () => {
  it("know nothing in blank flash", () => {
    const state = open(createMockFlash(8192));
    for (let kind = 1; kind <= KEYS_MAX; kind++) assert.equal(getValue(state, kind), undefined);
  });

  it("keep the latest value of each kind over a restart, the empty value too", () => {
    const flash = createMockFlash(8192);
    const state = open(flash);
    assert.equal(putValue(state, 1, "first"), "stored");
    assert.equal(putValue(state, 2, "other"), "stored");
    assert.equal(putValue(state, 1, ""), "stored");
    const again = open(flash);
    assert.equal(getValue(again, 1), "");
    assert.equal(getValue(again, 2), "other");
    assert.equal(getValue(again, 3), undefined);
  });

  for (const pageBytes of [4096, 1024]) {
    it(`keep all kinds over thousands of writes in pages of ${String(pageBytes)} bytes`, () => {
      const flash = createMockFlash(8192, { pageBytes });
      let state = open(flash);
      const expected = new Map<number, string>();
      for (let index = 0; index < 3000; index++) {
        const kind = 1 + index * 7 % 9;
        const value = String(index).repeat(1 + index % 6);
        assert.equal(putValue(state, kind, value), "stored");
        expected.set(kind, value);
        if (index % 97 === 0) state = open(flash);
      }
      for (const [kind, value] of expected) assert.equal(getValue(open(flash), kind), value);
      assert.ok(Math.max(...flash.wear) - Math.min(...flash.wear) <= 1);
    });
  }

  it("hold the longest session beside all other kinds in a page of 1,024 bytes", () => {
    assert.ok(SESSION_BYTES_MAX <= VALUE_BYTES_MAX);
    const flash = createMockFlash(8192, { pageBytes: 1024 });
    const state = open(flash);
    for (let kind = 1; kind <= KEY_NEXT_TRUST; kind++) assert.equal(putValue(state, kind, "v".repeat(kind === 2 ? SESSION_BYTES_MAX : 36)), "stored");
    for (let index = 0; index < 50; index++) assert.equal(putValue(state, 2, "w".repeat(SESSION_BYTES_MAX)), "stored");
  });

  it("carry what a newer version stored under its own key from page to page", () => {
    const flash = createMockFlash(8192);
    const state = open(flash);
    assert.equal(putValue(state, KEYS_MAX, "of a newer version"), "stored");
    const before = state.page;
    while (state.page < before + 3) assert.equal(putValue(state, 1, "boot"), "stored");
    assert.equal(getValue(open(flash), KEYS_MAX), "of a newer version");
  });

  it("say fault, and keep the old values, when all kinds together exceed a page", () => {
    const flash = createMockFlash(8192, { pageBytes: 1024 });
    const state = open(flash);
    for (let kind = 1; kind <= 3; kind++) assert.equal(putValue(state, kind, "v".repeat(240)), "stored");
    assert.equal(putValue(state, 4, "v".repeat(240)), "stored");
    assert.equal(putValue(state, 5, "v".repeat(240)), "fault");
    assert.equal(getValue(open(flash), 5), undefined);
    assert.equal(getValue(open(flash), 4), "v".repeat(240));
  });

  it("store a value on the next page when a write did nothing or a page does not erase", () => {
    const flash = createMockFlash(16384, { faults: { stuckPages: [4096] } });
    const state = open(flash);
    flash.write(4096, "junk");
    putValue(state, 1, "a");
    flash.faults.silentWrites.push(flash.writes);
    assert.equal(putValue(state, 1, "b"), "stored");
    assert.equal(state.faults, 2);
    assert.equal(getValue(open(flash), 1), "b");
  });

  // A checkpoint a minute while a session is open, three more writes a session, 118 bytes: the uid of a wallbox card.
  for (const [bytes, hours] of [[KEY_VALUE_SMALL_BYTES, 12], [KEY_VALUE_LARGE_BYTES, 24]] as const) {
    it(`of ${String(bytes)} bytes reach no 100,000 erases in 20 years of 50 sessions and ${String(hours)} hours a day`, () => {
      const flash = createMockFlash(bytes);
      const state = open(flash);
      for (const kind of [1, 3, 4, 5, 6, 7, 8]) putValue(state, kind, "12345678");
      flash.resetStatistics();
      for (let day = 0; day < 30; day++) {
        for (let write = 0; write < hours * 60 + 150; write++) putValue(state, 2, "s".repeat(118));
      }
      assert.ok(Math.max(...flash.wear) / 30 * 365 * 20 < 100_000, String(Math.max(...flash.wear)));
    });
  }
});
