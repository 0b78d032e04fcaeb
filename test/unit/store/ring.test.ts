/*
 * The ring while the power stays on, and over orderly restarts.
 *
 * Input: rows of the wallbox on a mock flash. Output: test results. Cuts are made in test/power.
 */
import assert from "node:assert/strict";
import { acknowledge, firstPending, nextPending, readPending, recordSequence, quarantine } from "../../../firmware/store/ring_pending";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import { createCursor } from "../../../firmware/store/ring_page";
import type { Ring } from "../../../firmware/store/ring_page";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { wallboxRow } from "./rows";

const crypto = createHostCrypto();

function open(flash: MockFlash, whenFull: "refuseNew" | "dropOldest" = "refuseNew"): Ring {
  flash.boot();
  return openRing(flash, crypto, { address: 0, bytes: flash.bytes.length }, whenFull);
}

function pendingSequences(ring: Ring): number[] {
  const list: number[] = [];
  const cursor = createCursor();
  for (let found = firstPending(ring, cursor); found; found = nextPending(ring, cursor)) {
    const payload = readPending(ring, cursor);
    assert.equal(payload, wallboxRow(cursor.sequence));
    list.push(cursor.sequence);
  }
  return list;
}

function fill(ring: Ring, count: number): void {
  for (let index = 0; index < count; index++) assert.equal(appendRecord(ring, wallboxRow(ring.nextSequence)), "stored");
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** Acknowledges everything that waits, up to and with this sequence. */
function acknowledgeUpTo(ring: Ring, last: number): void {
  const cursor = createCursor();
  while (firstPending(ring, cursor)) {
    const sequence = recordSequence(readPending(ring, cursor) ?? "");
    if (sequence > last) return;
    assert.equal(acknowledge(ring, cursor), "ok");
  }
}

for (const pageBytes of [4096, 1024]) {
  describe(`the ring with pages of ${String(pageBytes)} bytes`, () => {
    it("is empty in blank flash, and stays so over a restart", () => {
      const flash = createMockFlash(8 * pageBytes, { pageBytes });
      assert.deepEqual(pendingSequences(open(flash)), []);
      const ring = open(flash);
      assert.equal(ring.nextSequence, 1);
      assert.equal(ring.pending, 0);
    });

    it("gives back what was stored, oldest first, also after a restart", () => {
      const flash = createMockFlash(8 * pageBytes, { pageBytes });
      const ring = open(flash);
      fill(ring, 60);
      assert.deepEqual(pendingSequences(ring), range(1, 60));
      const again = open(flash);
      assert.equal(again.pending, 60);
      assert.equal(again.nextSequence, 61);
      assert.deepEqual(pendingSequences(again), range(1, 60));
    });

    it("never shows an acknowledged record again", () => {
      const flash = createMockFlash(8 * pageBytes, { pageBytes });
      fill(open(flash), 60);
      acknowledgeUpTo(open(flash), 45);
      const ring = open(flash);
      assert.deepEqual(pendingSequences(ring), range(46, 60));
      assert.equal(ring.pending, 15);
    });

    it("takes marks in any order", () => {
      const flash = createMockFlash(8 * pageBytes, { pageBytes });
      const ring = open(flash);
      fill(ring, 60);
      const cursor = createCursor();
      for (let found = firstPending(ring, cursor); found; found = nextPending(ring, cursor)) {
        readPending(ring, cursor);
        if (cursor.sequence % 3 === 0) acknowledge(ring, cursor);
        if (cursor.sequence % 3 === 1 && cursor.sequence > 50) quarantine(ring, cursor);
      }
      const left = range(1, 60).filter((n) => n % 3 !== 0 && !(n % 3 === 1 && n > 50));
      const again = open(flash);
      assert.deepEqual(pendingSequences(again), left);
      assert.equal(again.pending, left.length);
      assert.equal(again.quarantined, 3);
    });

    it("goes round the area many times and wears its pages alike", () => {
      const flash = createMockFlash(8 * pageBytes, { pageBytes });
      let ring = open(flash);
      for (let round = 0; round < 150; round++) {
        fill(ring, 37);
        acknowledgeUpTo(ring, ring.nextSequence - 5);
        if (round % 7 === 0) ring = open(flash);
        assert.equal(ring.nextSequence, 37 * (round + 1) + 1);
      }
      const rounds = pageBytes === 4096 ? 7 : 31;
      assert.deepEqual(flash.wear, [0, 1, 2, 3, 4, 5, 6, 7].map((page) => (page < 4 ? rounds + 1 : rounds)));
    });

    it("refuses new records when all are waiting, counts them, and goes on when there is room", () => {
      const flash = createMockFlash(4 * pageBytes, { pageBytes });
      let ring = open(flash);
      while (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored");
      const stored = ring.nextSequence - 1;
      for (let index = 0; index < 4; index++) assert.equal(appendRecord(ring, wallboxRow(ring.nextSequence)), "full");
      ring = open(flash);
      assert.equal(ring.lost, 5);
      assert.deepEqual(pendingSequences(ring), range(1, stored));
      acknowledgeUpTo(ring, Math.ceil(stored / 2));
      fill(ring, 10);
      assert.deepEqual(pendingSequences(ring), range(Math.ceil(stored / 2) + 1, stored + 10));
      assert.equal(ring.lost, 5);
    });

    it("drops the oldest page when told so, and counts every record of it", () => {
      const flash = createMockFlash(4 * pageBytes, { pageBytes });
      let ring = open(flash, "dropOldest");
      const cursor = createCursor();
      firstPending(ring, cursor);
      const total = Math.floor(pageBytes / 10);
      for (let index = 0; index < total; index++) assert.equal(appendRecord(ring, wallboxRow(ring.nextSequence)), "stored");
      ring = open(flash, "dropOldest");
      const left = pendingSequences(ring);
      assert.equal(ring.lost, total - left.length);
      assert.equal(ring.lost, Math.floor(96 / (4096 / pageBytes)), "a page of rows");
      assert.deepEqual(left, range(ring.lost + 1, total));
      assert.equal(ring.pending, left.length);
    });

    it("does not mark another record through a cursor whose record was dropped", () => {
      const flash = createMockFlash(3 * pageBytes, { pageBytes });
      const ring = open(flash, "dropOldest");
      fill(ring, 5);
      const cursor = createCursor();
      firstPending(ring, cursor);
      while (ring.lost === 0) fill(ring, 1);
      for (let index = 0; index < Math.floor(pageBytes / 20); index++) fill(ring, 1);
      const before = ring.pending;
      assert.equal(acknowledge(ring, cursor), "ok");
      assert.equal(ring.pending, before);
      assert.equal(pendingSequences(ring).length, before);
    });

    it("holds a payload of the greatest length", () => {
      const flash = createMockFlash(4 * pageBytes, { pageBytes });
      const payload = "\x00\xff".repeat(480);
      assert.equal(appendRecord(open(flash), payload), "stored");
      const ring = open(flash);
      const cursor = createCursor();
      assert.equal(firstPending(ring, cursor), true);
      assert.equal(readPending(ring, cursor), payload);
    });

    it("skips a page that will not erase, reports it, and keeps all other records", () => {
      const flash = createMockFlash(6 * pageBytes, { pageBytes });
      let ring = open(flash);
      fill(ring, Math.floor(pageBytes / 40) * 5);
      acknowledgeUpTo(ring, ring.nextSequence);
      flash.faults.stuckPages.push(2 * pageBytes);
      const first = ring.nextSequence;
      fill(ring, Math.floor(pageBytes / 50) * 4);
      assert.equal(ring.faults, 1);
      ring = open(flash);
      assert.deepEqual(pendingSequences(ring), range(first, ring.nextSequence - 1));
    });

    it("stores a record elsewhere when a write did nothing", () => {
      const flash = createMockFlash(6 * pageBytes, { pageBytes });
      let ring = open(flash);
      fill(ring, 3);
      flash.faults.silentWrites.push(flash.writes);
      fill(ring, 3);
      ring = open(flash);
      assert.deepEqual(pendingSequences(ring), range(1, 6));
    });

    it("continues the sequence after everything was acknowledged and reclaimed", () => {
      const flash = createMockFlash(3 * pageBytes, { pageBytes });
      let ring = open(flash);
      for (let round = 0; round < 100; round++) {
        fill(ring, 5);
        acknowledgeUpTo(ring, ring.nextSequence);
        ring = open(flash);
      }
      assert.equal(ring.nextSequence, 501);
      assert.equal(ring.pending, 0);
    });
  });
}

describe("the ring's capacity and cost", () => {
  function sessionsIn(areaBytes: number, firstSequence: number): number {
    const flash = createMockFlash(areaBytes);
    const ring = openRing(flash, crypto, { address: 0, bytes: areaBytes }, "refuseNew", firstSequence);
    const begun = ring.nextSequence;
    while (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored");
    return Math.floor((ring.nextSequence - begun) / 2);
  }

  it("is 751 sessions in 64 KiB, 712 with sequences of five bytes", () => {
    assert.deepEqual([sessionsIn(65536, 1), sessionsIn(65536, 70_001)], [751, 712]);
  });

  it("is 11,392 sessions in 1 MiB with sequences of five bytes", () => assert.equal(sessionsIn(1_048_576, 70_001), 11_392));

  it("writes at most 1.25 bytes for each byte of payload", () => {
    const flash = createMockFlash(65536);
    const ring = open(flash);
    let payload = 0;
    for (let index = 0; index < 1400; index++) {
      const row = wallboxRow(ring.nextSequence);
      assert.equal(appendRecord(ring, row), "stored");
      payload += row.length;
    }
    assert.ok(flash.bytesWritten / payload <= 1.25, String(flash.bytesWritten / payload));
  });

  it("starts with at most 100 flash reads, wherever in a full 1 MiB ring it stands", () => {
    const flash = createMockFlash(1_048_576);
    let ring = open(flash);
    while (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored");
    for (let step = 0; step < 40; step++) {
      acknowledgeUpTo(ring, ring.nextSequence - 22_000 + step * 7);
      fill(ring, 500);
      flash.resetStatistics();
      ring = open(flash);
      assert.ok(flash.reads <= 100, `${String(flash.reads)} reads`);
    }
  });
});
