/*
 * Images of every released format are read as they were meant.
 *
 * Input: test/golden/store. Output: test results. Invariant: the images are read from the repository, never
 * made here; that today's store still writes the newest format the same way is a test of its own.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { openBlob, readBlob } from "../../../firmware/store/blob";
import { countPulse, openMeterPage } from "../../../firmware/store/meter_page";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import { selectEndpoint } from "../../../firmware/store/ring_endpoints";
import { createCursor } from "../../../firmware/store/ring_page";
import { firstPending, nextPending, readPending } from "../../../firmware/store/ring_pending";
import { openKeyValueStore, getValue } from "../../../firmware/store/key_value_store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { root } from "../../../tools/root";
import { goldenImages } from "../../golden/store/make_images";
import { wallboxRow } from "./rows";

const crypto = createHostCrypto();
const area = { address: 0, bytes: 4096 };

function golden(name: string): MockFlash {
  return createMockFlash(4096, { pageBytes: 1024, content: new Uint8Array(readFileSync(join(root, "test", "golden", "store", name))) });
}

describe("images of released formats", () => {
  it("of the ring: rows, marks and the torn end", () => {
    const ring = openRing(golden("ring_1.bin"), crypto, area, "refuseNew");
    const cursor = createCursor();
    const waiting: number[] = [];
    for (let found = firstPending(ring, cursor); found; found = nextPending(ring, cursor)) {
      const payload = readPending(ring, cursor);
      assert.equal(payload, wallboxRow(cursor.sequence));
      waiting.push(cursor.sequence);
    }
    assert.deepEqual(waiting, [91, ...Array.from({ length: 28 }, (_, index) => 93 + index)]);
    assert.deepEqual([ring.nextSequence, ring.pending, ring.quarantined, ring.lost], [121, 29, 1, 0]);
    assert.equal(appendRecord(ring, wallboxRow(121)), "stored");
  });

  it("of the ring for two endpoints: what waits for each, and for one of them alone", () => {
    const waiting = (endpoints: number, endpoint: number): number[] => {
      const ring = openRing(golden("ring_2.bin"), crypto, area, "refuseNew", 1, endpoints);
      const cursor = createCursor();
      const found: number[] = [];
      selectEndpoint(ring, endpoint);
      for (let more = firstPending(ring, cursor); more; more = nextPending(ring, cursor)) {
        assert.equal(readPending(ring, cursor), wallboxRow(cursor.sequence));
        found.push(cursor.sequence);
      }
      assert.deepEqual([ring.pending, ring.quarantined, ring.nextSequence], [found.length, 1, 51]);
      return found;
    };
    const from = (first: number): number[] => Array.from({ length: 51 - first }, (_none, index) => first + index);
    assert.deepEqual([waiting(2, 0), waiting(2, 1), waiting(1, 0)], [from(41), from(23), from(41)]);
  });

  it("of the state, the meter and the document", () => {
    const state = openKeyValueStore(golden("state_1.bin"), crypto, area);
    assert.deepEqual([getValue(state, 1), getValue(state, 2), getValue(state, 3)], ["boot 60", "session".repeat(60 % 9), undefined]);
    const meter = openMeterPage(golden("meter_1.bin"), crypto, area, 1600, 1000);
    assert.deepEqual([meter.energyWh, meter.remainderMilli, meter.correctedWh], [1000 + 9000 * 1000 / 1600, 0, 0]);
    const corrected = openMeterPage(golden("meter_2.bin"), crypto, area, 1600, 20000);
    assert.deepEqual([corrected.energyWh, corrected.remainderMilli, corrected.correctedWh], [20000 + 50, 0, 20000 - 6625]);
    const blob = openBlob(golden("blob_1.bin"), crypto, area);
    assert.equal(readBlob(blob, 0, 4096), "The newer document. ".repeat(40));
  });

  it("of a meter of format 1 whose register is corrected in the update: what was metered goes on", () => {
    const flash = golden("meter_1.bin");
    const meter = openMeterPage(flash, crypto, area, 1600, 12345678);
    assert.deepEqual([meter.energyWh, meter.energyWh - meter.correctedWh], [12345678, 6625]);
    countPulse(meter);
    countPulse(meter);
    const again = openMeterPage(flash, crypto, area, 1600, 12345678);
    assert.deepEqual([again.energyWh, again.energyWh - again.correctedWh], [12345679, 6626]);
  });

  it("are what the store writes today, byte for byte", () => {
    for (const [name, bytes] of Object.entries(goldenImages())) {
      assert.ok(Buffer.from(bytes).equals(readFileSync(join(root, "test", "golden", "store", name))), name);
    }
  });
});
