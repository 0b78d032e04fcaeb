/*
 * The store on the real interpreter, killed again and again while it writes.
 *
 * Input: the interpreters that are here; without one the test skips, and says so. Output: test results.
 * Invariant: what the program said is stored is compared with what a start finds in the image; KILLS (100, on each interpreter)
 * and SEED choose how often and when. Times between kills are random, so the seed repeats delays, not moments.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMeterPage } from "../../firmware/store/meter_page";
import { openRing } from "../../firmware/store/ring";
import { createCursor } from "../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../firmware/store/ring_pending";
import { createHostCrypto } from "../../hal/host/crypto";
import { createRandom, pick } from "../../hal/mock/random";
import { createImageFlash } from "../../tools/ring/image_flash";
import { interpreters } from "../bundle/interpreter";
import { flashImage, install, numbersOf, runAndKill } from "./killing";
import { METER_AT, METER_BYTES, RING_AT, RING_BYTES, ringProgram } from "./store_programs";

const KILLS = Number(process.env.KILLS ?? "100");
const SEED = Number(process.env.SEED ?? "7");
const crypto = createHostCrypto();

interface Told {
  waiting: Set<number>;
  acknowledged: Set<number>;
  pulses: number;
}

/** Compares one image with what was said; returns the waiting sequences. */
function compare(image: Uint8Array, told: Told, inDoubt: number[]): void {
  const ring = openRing(createImageFlash(image.slice(RING_AT), 1024), crypto, { address: 0, bytes: RING_BYTES }, "refuseNew");
  const cursor = createCursor();
  const found: number[] = [];
  for (let more = firstPending(ring, cursor); more; more = nextPending(ring, cursor)) {
    assert.notEqual(readPending(ring, cursor), undefined);
    found.push(cursor.sequence);
  }
  assert.deepEqual(found, [...new Set(found)].sort((one, other) => one - other), "once each, in order");
  for (const sequence of told.waiting) {
    if (!inDoubt.includes(sequence)) assert.ok(found.includes(sequence), `row ${String(sequence)} was stored and is gone`);
  }
  for (const sequence of found) assert.ok(!told.acknowledged.has(sequence), `row ${String(sequence)} was acknowledged and waits again`);
  const extra = found.filter((sequence) => !told.waiting.has(sequence));
  assert.ok(extra.length <= 1, `rows that were never begun: ${String(extra)}`);
  told.waiting = new Set(found);
  const meter = openMeterPage(createImageFlash(image.slice(METER_AT), 1024), crypto, { address: 0, bytes: METER_BYTES }, 1000, 0);
  assert.ok(meter.energyWh >= told.pulses && meter.energyWh <= told.pulses + 1, `${String(meter.energyWh)} pulses, ${String(told.pulses)} were said`);
  told.pulses = meter.energyWh;
}

describe("the store on the real interpreter", function () {
  this.timeout(600_000);
  for (const { name, path } of interpreters()) {
    it(`loses and doubles no row and no pulse in ${String(KILLS)} kills on ${name}`, async function () {
      if (path === "") {
        this.skip();
        return;
      }
      const folder = mkdtempSync(join(tmpdir(), "store-"));
      const random = createRandom(SEED);
      const told: Told = { waiting: new Set(), acknowledged: new Set(), pulses: 0 };
      let rows = 0;
      try {
        install(path, folder, await ringProgram());
        for (let kill = 0; kill < KILLS; kill++) {
          const lines = await runAndKill(path, folder, pick(random, 1, 60));
          const stored = numbersOf(lines, "S");
          assert.ok(lines.length > 0, "the program said nothing");
          for (const sequence of stored) told.waiting.add(sequence);
          const begun = numbersOf(lines, "A");
          for (const sequence of numbersOf(lines, "B")) {
            told.waiting.delete(sequence);
            told.acknowledged.add(sequence);
          }
          told.pulses = Math.max(told.pulses, ...numbersOf(lines, "P"));
          rows += stored.length;
          compare(flashImage(folder), told, begun.slice(-1));
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
      assert.ok(rows > KILLS, `only ${String(rows)} rows in ${String(KILLS)} runs`);
    });
  }
});
