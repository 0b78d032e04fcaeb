/* A ring for several endpoints: each has its own place, and a page is free when all that it is for have decided it. */
import assert from "node:assert/strict";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import { neededPages, selectEndpoint, waitingRecords } from "../../../firmware/store/ring_endpoints";
import { createCursor, type Ring } from "../../../firmware/store/ring_page";
import { acknowledge, firstPending, nextPending, quarantine, readPending } from "../../../firmware/store/ring_pending";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash, type MockFlash } from "../../../hal/mock/flash";
import { wallboxRow } from "./rows";

const crypto = createHostCrypto();
const PAGE = 1024;

function open(flash: MockFlash, endpoints: number, whenFull: "refuseNew" | "dropOldest" = "refuseNew"): Ring {
  return openRing(flash, crypto, { address: 0, bytes: flash.bytes.length }, whenFull, 1, endpoints);
}

function add(ring: Ring, count: number): number {
  let stored = 0;
  for (let row = 0; row < count; row++) if (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored") stored++;
  return stored;
}

/** Sequences that wait for an endpoint, oldest first. */
function waiting(ring: Ring, endpoint: number): number[] {
  const cursor = createCursor();
  const found: number[] = [];
  selectEndpoint(ring, endpoint);
  for (let more = firstPending(ring, cursor); more; more = nextPending(ring, cursor)) {
    assert.equal(readPending(ring, cursor), wallboxRow(cursor.sequence));
    found.push(cursor.sequence);
  }
  selectEndpoint(ring, 0);
  return found;
}

function decide(ring: Ring, endpoint: number, count: number, how = acknowledge): void {
  selectEndpoint(ring, endpoint);
  for (let row = 0; row < count; row++) {
    const cursor = createCursor();
    assert.ok(firstPending(ring, cursor));
    assert.equal(how(ring, cursor), "ok");
  }
  selectEndpoint(ring, 0);
}

const range = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_none, index) => first + index);

describe("the ring for several endpoints", () => {
  it("shows each endpoint what that one has not decided, also after a start", () => {
    const flash = createMockFlash(8 * PAGE, { pageBytes: PAGE });
    let ring = open(flash, 3);
    add(ring, 40);
    decide(ring, 0, 30);
    decide(ring, 1, 5);
    decide(ring, 1, 1, quarantine);
    for (let start = 0; start < 2; start++) {
      assert.deepEqual([waiting(ring, 0), waiting(ring, 1), waiting(ring, 2)], [range(31, 40), range(7, 40), range(1, 40)]);
      assert.deepEqual([ring.pending, waitingRecords(ring), ring.quarantined], [10, 40, 1]);
      ring = open(flash, 3);
    }
  });

  it("frees a page only when all have decided it, and then for new records", () => {
    const flash = createMockFlash(3 * PAGE, { pageBytes: PAGE });
    const ring = open(flash, 2);
    const fits = add(ring, 200);
    assert.equal(ring.lost, 200 - fits);
    decide(ring, 0, fits);
    assert.equal(add(ring, 1), 0, "the second endpoint has none of them yet");
    assert.equal(neededPages(ring), 3);
    const first = waiting(ring, 1)[0];
    decide(ring, 1, fits);
    assert.equal(neededPages(ring), 0);
    assert.equal(first, 1);
    assert.ok(add(ring, fits) > fits / 2);
  });

  it("leaves the selected endpoint selected when a full ring drops records of all", () => {
    for (const selected of [0, 1]) {
      const flash = createMockFlash(3 * PAGE, { pageBytes: PAGE });
      const ring = open(flash, 2, "dropOldest");
      selectEndpoint(ring, selected);
      while (ring.lost === 0) add(ring, 1);
      assert.equal(ring.endpoint, selected);
      selectEndpoint(ring, 1 - selected);
      assert.deepEqual([waiting(ring, 0), waiting(ring, 1)], [range(ring.lost + 1, ring.nextSequence - 1), range(ring.lost + 1, ring.nextSequence - 1)]);
    }
  });

  it("keeps rows of one endpoint's pages when a second one comes, which gets those from then on", () => {
    const flash = createMockFlash(8 * PAGE, { pageBytes: PAGE });
    add(open(flash, 1), 10);
    const ring = open(flash, 2);
    assert.deepEqual([waiting(ring, 0), waiting(ring, 1)], [range(1, 10), []]);
    add(ring, 10);
    assert.deepEqual([waiting(ring, 0), waiting(ring, 1)], [range(1, 20), range(11, 20)]);
    const again = open(flash, 2);
    selectEndpoint(again, 1);
    assert.equal(again.pending, 10);
    selectEndpoint(again, 0);
    assert.equal(again.pending, 20);
  });

  it("gives up what an endpoint did not get that is no longer asked, and nothing of the others", () => {
    const flash = createMockFlash(8 * PAGE, { pageBytes: PAGE });
    const both = open(flash, 2);
    add(both, 60);
    decide(both, 0, 20);
    const alone = open(flash, 1);
    assert.deepEqual([waiting(alone, 0), alone.pending], [range(21, 60), 40]);
    add(alone, 100);
    decide(alone, 0, 140);
    assert.equal(neededPages(alone), 0);
    assert.ok(add(alone, 400) > 90, "its pages are free again");
    const cursor = createCursor();
    assert.ok(firstPending(alone, cursor));
    assert.notEqual(readPending(alone, cursor), undefined);
  });

  it("counts a record that dropOldest drops once, for one endpoint or for all", () => {
    const flash = createMockFlash(3 * PAGE, { pageBytes: PAGE });
    let ring = open(flash, 2, "dropOldest");
    add(ring, 60);
    const kept = waiting(ring, 0);
    assert.equal(ring.lost, 60 - kept.length);
    assert.deepEqual(waiting(ring, 1), kept);
    decide(ring, 0, kept.length);
    const before = ring.lost;
    add(ring, 60);
    const missing = kept.filter((sequence) => !waiting(ring, 1).includes(sequence)).length + range(61, 120).filter((sequence) => !waiting(ring, 1).includes(sequence)).length;
    assert.equal(ring.lost - before, missing);
    ring = open(flash, 2, "dropOldest");
    assert.equal(ring.lost - before, missing);
  });

  it("starts on a full ring of 1 MiB with three endpoints, each at another place, in at most 150 reads", () => {
    const flash = createMockFlash(1024 * 1024, {});
    const ring = open(flash, 3);
    while (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored");
    const all = ring.nextSequence - 1;
    decide(ring, 0, all);
    decide(ring, 1, Math.floor(all / 3));
    const before = flash.reads;
    const again = open(flash, 3);
    const reads = flash.reads - before;
    assert.deepEqual([again.pending, waitingRecords(again)], [0, all]);
    assert.ok(reads <= 150, `${String(reads)} reads`);
  });
});
