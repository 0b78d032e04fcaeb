/*
 * Flash of any content: the store starts on it and works, or says that it cannot.
 *
 * Input: random bytes, and images of a used store with random damage; FUZZ_IMAGES (20,000 by default) and
 * FUZZ_SEED choose how many and which. Output: test results. Invariant: nothing throws, nothing loops.
 */
import assert from "node:assert/strict";
import { openBlob, readBlob } from "../../firmware/store/blob";
import { appendBlob, beginBlob, commitBlob } from "../../firmware/store/blob_write";
import { verifyWord, countPulse, openMeterPage } from "../../firmware/store/meter_page";
import { appendRecord, openRing } from "../../firmware/store/ring";
import { createCursor } from "../../firmware/store/ring_page";
import { acknowledge, firstPending, nextPending, readPending, quarantine } from "../../firmware/store/ring_pending";
import { openKeyValueStore, getValue, putValue } from "../../firmware/store/key_value_store";
import { createHostCrypto } from "../../hal/host/crypto";
import { createMockFlash } from "../../hal/mock/flash";
import type { MockFlash } from "../../hal/mock/flash";
import { createRandom, pick } from "../../hal/mock/random";
import type { Random } from "../../hal/mock/random";
import { ringDump } from "../../tools/ring/image";

const PAGE = 1024;
const SIZE = 10 * PAGE;
const crypto = createHostCrypto();
const images = Number(process.env.FUZZ_IMAGES ?? "20000");
const seed = Number(process.env.FUZZ_SEED ?? "1");

/** Everything a device does with its store, in little. */
function useStore(flash: MockFlash, seedOfRun: number): void {
  const random = createRandom(seedOfRun);
  flash.start();
  const ring = openRing(flash, crypto, { address: 0, bytes: 3 * PAGE }, pick(random, 0, 1) === 0 ? "refuseNew" : "dropOldest");
  const cursor = createCursor();
  let shown = 0;
  for (let found = firstPending(ring, cursor); found; found = nextPending(ring, cursor)) {
    readPending(ring, cursor);
    assert.ok(++shown <= 3 * 32, "more rows than numbers");
    if (pick(random, 0, 3) === 0) acknowledge(ring, cursor);
    else if (pick(random, 0, 9) === 0) quarantine(ring, cursor);
  }
  for (let row = 0; row < 4; row++) appendRecord(ring, "r".repeat(pick(random, 1, 300)));
  assert.ok(ring.nextSequence >= 1 && ring.pending >= 0);
  const state = openKeyValueStore(flash, crypto, { address: 3 * PAGE, bytes: 2 * PAGE });
  for (let kind = 1; kind <= 15; kind++) getValue(state, kind);
  if (putValue(state, 3, "value") === "stored") assert.equal(getValue(state, 3), "value");
  const meter = openMeterPage(flash, crypto, { address: 5 * PAGE, bytes: 2 * PAGE }, 1000, 5);
  const before = meter.energyWh;
  assert.equal(countPulse(meter), "stored");
  verifyWord(meter);
  assert.equal(meter.energyWh, before + 1);
  const blob = openBlob(flash, crypto, { address: 7 * PAGE, bytes: 2 * PAGE });
  readBlob(blob, 0, 2000);
  if (pick(random, 0, 3) > 0) return;
  assert.equal(beginBlob(blob), "ok");
  appendBlob(blob, "d".repeat(400));
  assert.equal(commitBlob(blob), "stored");
  assert.equal(readBlob(blob, 0, 2000), "d".repeat(400));
}

/** An image of a store in use, and its damage. */
function damaged(base: Uint8Array, random: Random): Uint8Array {
  const bytes = base.slice();
  const kind = pick(random, 0, 5);
  const start = pick(random, 0, SIZE - 1);
  if (kind === 0) for (let at = 0; at < SIZE; at++) bytes[at] = pick(random, 0, 255);
  else if (kind === 1) bytes.copyWithin(pick(random, 0, SIZE - 1), start, start + pick(random, 1, 3 * PAGE));
  else if (kind === 2) bytes.fill(pick(random, 0, 1) * 255, start, start + pick(random, 1, 2 * PAGE));
  else for (let count = pick(random, 1, 40); count > 0; count--) bytes[pick(random, 0, SIZE - 1)]! ^= 2 ** pick(random, 0, 7);
  return bytes;
}

describe(`flash of any content (${String(images)} images, FUZZ_SEED=${String(seed)})`, function () {
  this.timeout(0);
  it("never stops the store", () => {
    const random = createRandom(seed);
    let flash = createMockFlash(SIZE, { pageBytes: PAGE });
    for (let count = 0; count < images; count++) {
      const seedOfRun = pick(random, 0, 2147483646);
      try {
        if (count % 50 === 0) for (let use = 0; use < 6; use++) useStore(flash, seedOfRun + use);
        const image = damaged(flash.bytes, random);
        if (count % 10 === 0) ringDump(image.slice(0, 3 * PAGE), { pageBytes: PAGE });
        const other = createMockFlash(SIZE, { pageBytes: PAGE, content: image });
        useStore(other, seedOfRun);
        if (count % 500 === 0) flash = other;
      } catch (error) {
        throw new Error(`image ${String(count)} of FUZZ_SEED=${String(seed)}: ${String(error)}`, { cause: error });
      }
    }
  });
});
