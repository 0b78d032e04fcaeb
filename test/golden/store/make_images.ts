/*
 * Makes the golden images of today's formats, each with its number in its name: `npx tsx test/golden/store/make_images.ts FOLDER`.
 *
 * Input: the store as it is now. Output: ring_1.bin, ring_2.bin, state_1.bin, meter_2.bin, blob_1.bin. Invariant: the images of a
 * released format are never made again; test/unit/store/golden.test.ts reads them for ever.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openBlob } from "../../../firmware/store/blob";
import { appendBlob, beginBlob, commitBlob } from "../../../firmware/store/blob_write";
import { countPulse, openMeterPage } from "../../../firmware/store/meter_page";
import { appendRecord, openRing } from "../../../firmware/store/ring";
import { selectEndpoint } from "../../../firmware/store/ring_endpoints";
import { createCursor } from "../../../firmware/store/ring_page";
import { acknowledge, firstPending, nextPending, quarantine } from "../../../firmware/store/ring_pending";
import { openKeyValueStore, putValue } from "../../../firmware/store/key_value_store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash, PowerCut } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { wallboxRow } from "../../unit/store/rows";

const crypto = createHostCrypto();
export const GOLDEN_BYTES = 4096;

/** A ring that went round once: some rows acknowledged, one aside, the last append cut off. */
function ringImage(): MockFlash {
  const flash = createMockFlash(GOLDEN_BYTES, { pageBytes: 1024, faults: { seed: 3 } });
  const ring = openRing(flash, crypto, { address: 0, bytes: GOLDEN_BYTES }, "refuseNew");
  const cursor = createCursor();
  for (let row = 0; row < 120; row++) {
    appendRecord(ring, wallboxRow(ring.nextSequence));
    if (row > 29 && firstPending(ring, cursor)) acknowledge(ring, cursor);
  }
  firstPending(ring, cursor);
  nextPending(ring, cursor);
  quarantine(ring, cursor);
  flash.faults.cutStep = flash.steps + 21;
  try {
    appendRecord(ring, wallboxRow(ring.nextSequence));
  } catch (error) {
    if (!(error instanceof PowerCut)) throw error;
  }
  return flash;
}

/** A ring for two endpoints: the first has all but the last rows and refused one, the second some of them. */
function endpointsImage(): MockFlash {
  const flash = createMockFlash(GOLDEN_BYTES, { pageBytes: 1024, faults: { seed: 3 } });
  const ring = openRing(flash, crypto, { address: 0, bytes: GOLDEN_BYTES }, "refuseNew", 1, 2);
  const cursor = createCursor();
  for (let row = 0; row < 50; row++) appendRecord(ring, wallboxRow(ring.nextSequence));
  for (let row = 0; row < 40 && firstPending(ring, cursor); row++) (row === 4 ? quarantine : acknowledge)(ring, cursor);
  selectEndpoint(ring, 1);
  for (let row = 0; row < 22 && firstPending(ring, cursor); row++) acknowledge(ring, cursor);
  return flash;
}

function stateImage(): MockFlash {
  const flash = createMockFlash(GOLDEN_BYTES, { pageBytes: 1024 });
  const state = openKeyValueStore(flash, crypto, { address: 0, bytes: GOLDEN_BYTES });
  for (let round = 1; round <= 60; round++) {
    putValue(state, 1, `boot ${String(round)}`);
    putValue(state, 2, "session".repeat(round % 9));
  }
  return flash;
}

function meterImage(): MockFlash {
  const flash = createMockFlash(GOLDEN_BYTES, { pageBytes: 1024 });
  const area = { address: 0, bytes: GOLDEN_BYTES };
  const meter = openMeterPage(flash, crypto, area, 1600, 1000);
  for (let pulse = 0; pulse < 9000; pulse++) countPulse(meter);
  const corrected = openMeterPage(flash, crypto, area, 1600, 20000);
  for (let pulse = 0; pulse < 80; pulse++) countPulse(corrected);
  return flash;
}

function blobImage(): MockFlash {
  const flash = createMockFlash(GOLDEN_BYTES, { pageBytes: 1024 });
  const blob = openBlob(flash, crypto, { address: 0, bytes: GOLDEN_BYTES });
  for (const content of ["old", "The newer document. ".repeat(40)]) {
    beginBlob(blob);
    appendBlob(blob, content);
    commitBlob(blob);
  }
  return flash;
}

/** The images by file name. */
export function goldenImages(): Record<string, Uint8Array> {
  return { "ring_1.bin": ringImage().bytes, "ring_2.bin": endpointsImage().bytes, "state_1.bin": stateImage().bytes, "meter_2.bin": meterImage().bytes, "blob_1.bin": blobImage().bytes };
}

if (process.argv[2] !== undefined && process.argv[1]!.endsWith("make_images.ts")) {
  for (const [name, bytes] of Object.entries(goldenImages())) writeFileSync(join(process.argv[2], name), bytes);
}
