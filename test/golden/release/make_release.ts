/*
 * Makes the golden release, and what a board has in flash while it writes it: `npx tsx test/golden/release/make_release.ts FOLDER`.
 *
 * Input: the golden slot; a key that only tests have. Output: release_1.sdr, staging_1.bin. Invariant: the files of a released
 * format are never made again; test/unit/update/golden_release.test.ts reads them for ever.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readRelease, releaseBytes, type ReleaseImage } from "../../../exosphere/releases/release_file";
import { PROGRAM_PART, slotIndex, slotOf, slotParts } from "../../../tools/build/slot";
import { buildRelease } from "../../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../../tools/release/lms_signer";
import { root } from "../../../tools/root";
import { endpointOf, freshFlash, SECRET, SLOTS, update } from "../../unit/update/update_world";

/** Where the golden slot begins in its file. */
const SLOT_AT = 0x1e0;
const LEAF = 3;
const SEAL_BYTES = 48;
export const OFFER = 7;

const place = readFileSync(join(root, "test", "golden", "slot", "slot_2.bin"));
const index = slotIndex(place.subarray(SLOT_AT).toString("latin1"));
export const GOLDEN_SLOT = place.subarray(SLOT_AT, SLOT_AT + (index?.bytes ?? 0));
/** The release before: only its numbers differ. */
export const SLOT_BEFORE = ((): Buffer => {
  const { [PROGRAM_PART]: program, ...modules } = slotParts(GOLDEN_SLOT.toString("latin1"));
  return Buffer.from(slotOf({ family: "LINUX", board: "linux", version: "1.2.2", number: 16 }, program ?? "", modules), "latin1");
})();

export function goldenImage(): ReleaseImage {
  const image = readRelease(buildRelease([GOLDEN_SLOT]))[0]!;
  return { ...image, signature: lmsSign(SECRET, lmsTree(SECRET), LEAF, image.text) };
}

/** The staging pages of a board with pages of 4,096 bytes that has taken the release. */
export function stagedBytes(image: ReleaseImage): Buffer {
  const flash = freshFlash(SLOT_BEFORE, 4096);
  if (update(flash, endpointOf(image, SLOT_BEFORE), OFFER).state !== "done") throw new Error("the golden release is not taken");
  const at = SLOTS.other + SLOTS.otherBytes - 4096;
  return Buffer.from(flash.bytes.subarray(at, at + SEAL_BYTES + 8 + image.text.length + image.table.length));
}

const folder = process.argv[2];
if (folder !== undefined && process.argv[1]?.endsWith("make_release.ts") === true) {
  const image = goldenImage();
  writeFileSync(join(folder, "release_1.sdr"), releaseBytes([image]));
  writeFileSync(join(folder, "staging_1.bin"), stagedBytes(image));
}
