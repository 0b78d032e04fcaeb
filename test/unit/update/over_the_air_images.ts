/*
 * Releases for the tests of updates over the air.
 *
 * Input: a number. Output: a slot of board `linux`, and its signed image. Invariant: two of them differ in one line.
 */
import { readRelease, type ReleaseImage } from "../../../exosphere/releases/release_file";
import { slotOf } from "../../../tools/build/slot";
import { buildRelease } from "../../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../../tools/release/lms_signer";
import { SECRET } from "./update_world";

const TREE = lmsTree(SECRET);

/** A slot in six pages. */
export function slotFor(number: number): Buffer {
  const program = Array.from({ length: 90 }, (_, line) => `line ${String(line)} does ${String((line * 7919) % 1000003)}, and then ${String((line * 104729) % 999983)};`).join("\n");
  return Buffer.from(slotOf({ family: "LINUX", board: "linux", version: `1.${String(number)}.0`, number }, `release ${String(number)}\n${program}`, { row: "row" }), "latin1");
}

/** Signed with a leaf of its own. `keys`: those that boards shall know once it is confirmed. */
export function imageFor(number: number, leaf = number, keys: string[] = []): ReleaseImage {
  const [image] = readRelease(buildRelease([slotFor(number)], keys));
  return { ...image!, signature: lmsSign(SECRET, TREE, leaf, image!.text) };
}
