/*
 * Single records of the ring: the shortest, a torn one whose state flash does not take, and the sequence in a row's bytes.
 *
 * Input: records on a mock flash, bytes of rows. Output: test results.
 */
import assert from "node:assert/strict";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import { createCursor } from "../../../firmware/store/ring_page";
import type { Ring } from "../../../firmware/store/ring_page";
import { firstPending, nextPending, readPending, recordSequence } from "../../../firmware/store/ring_pending";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { wallboxRow } from "./rows";

const crypto = createHostCrypto();

function open(flash: MockFlash): Ring {
  flash.boot();
  return openRing(flash, crypto, { address: 0, bytes: flash.bytes.length }, "refuseNew");
}

/** Sequences of the pending records, undefined for a torn one. */
function sequences(ring: Ring): (number | undefined)[] {
  const cursor = createCursor();
  const found: (number | undefined)[] = [];
  for (let more = firstPending(ring, cursor); more; more = nextPending(ring, cursor)) found.push(readPending(ring, cursor) === undefined ? undefined : cursor.sequence);
  return found;
}

for (const pageBytes of [4096, 1024]) {
  describe(`a record in pages of ${String(pageBytes)} bytes`, () => {
    it("of one byte is read back", () => {
      const flash = createMockFlash(4 * pageBytes, { pageBytes });
      assert.equal(appendRecord(open(flash), "\x07"), "stored");
      const ring = open(flash);
      const cursor = createCursor();
      assert.equal(firstPending(ring, cursor), true);
      assert.equal(readPending(ring, cursor), "\x07");
    });

    it("that is torn and whose state flash does not take gives its sequence to the next, on another page", () => {
      const flash = createMockFlash(4 * pageBytes, { pageBytes });
      let ring = open(flash);
      const add = (): void => { assert.equal(appendRecord(ring, wallboxRow(ring.nextSequence)), "stored"); };
      for (let count = 0; count < 3; count++) add();
      flash.bytes[ring.headOffset - 1] = flash.bytes[ring.headOffset - 1]! ^ 0xff;
      flash.faults.silentWrites = Array.from({ length: 20 }, (_, index) => flash.writes + index);
      ring = open(flash);
      assert.deepEqual([ring.nextSequence, ring.head], [3, 0]);
      flash.faults.silentWrites = [];
      add();
      assert.deepEqual([ring.nextSequence, ring.head], [4, 1]);
      assert.deepEqual(sequences(open(flash)), [1, 2, undefined, 3]);
    });
  });
}

describe("a row's sequence", () => {
  for (const [payload, sequence] of [
    ["\x82\x01\x17", 23], ["\x82\x01\x18\xff", 255], ["\x82\x01\x19\x12\x34", 0x1234], ["\x97\x01\x1a\x12\x34\x56\x78", 0x12345678],
    ["\x82\x01", -1], ["\x81\x01\x17", -1], ["\x98\x01\x17", -1], ["\x82\x18\x17", -1], ["\x82\x01\x18", -1], ["\x82\x01\x19\x12", -1],
    ["\x82\x01\x1a\x12\x34\x56", -1], ["\x82\x01\x1b\0\0\0\0\0\0\0\x01", -1], ["\x82\x01\x20", -1],
  ] as [string, number][]) {
    it(`is ${String(sequence)} in ${Buffer.from(payload, "latin1").toString("hex")}`, () => { assert.equal(recordSequence(payload), sequence); });
  }
});
