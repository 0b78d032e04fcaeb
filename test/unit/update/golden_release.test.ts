/*
 * The golden release and the golden staging pages: what was released once is read for ever, and the documents show its bytes.
 *
 * Input: files of test/golden/release, dumps of docs/UPDATE.md, docs/STORAGE.md and docs/PROTOCOL.md. Output: test results.
 * Invariant: the dumps are parsed from the pages, so that neither these nor the code can change alone.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { instructionsFrom } from "../../../exosphere/releases/instructions";
import { isSignedBy, readRelease, releaseBytes } from "../../../exosphere/releases/release_file";
import { PIECE_BYTES } from "../../../firmware/update/manifest";
import { root } from "../../../tools/root";
import { goldenImage, GOLDEN_SLOT, OFFER, SLOT_BEFORE, stagedBytes } from "../../golden/release/make_release";
import { KEY, OTHER_KEY } from "./update_world";

const golden = (name: string): Buffer => readFileSync(join(root, "test", "golden", "release", name));

/** Bytes by offset of the dump behind a sentence of a document. */
function dump(document: string, sentence: string): Map<number, number> {
  const text = readFileSync(join(root, "docs", document), "utf8");
  const at = text.indexOf(sentence);
  assert.ok(at >= 0, `${document}: ${sentence}`);
  const block = text.slice(at).split("```\n")[1]!;
  const bytes = new Map<number, number>();
  for (const line of block.trimEnd().split("\n")) {
    const [, offset, hex] = /^([0-9a-f]{3})  ((?:[0-9a-f]{2} ?)+)/.exec(line)!;
    hex!.trim().split(" ").forEach((byte, index) => bytes.set(parseInt(offset!, 16) + index, parseInt(byte, 16)));
  }
  return bytes;
}

function assertShown(shown: Map<number, number>, bytes: Buffer, least: number): void {
  assert.ok(shown.size >= least, String(shown.size));
  for (const [offset, byte] of shown) assert.equal(byte, bytes[offset], `offset 0x${offset.toString(16)}`);
}

describe("the golden release", () => {
  const file = golden("release_1.sdr");
  const [image] = readRelease(file);

  it("is read and believed, and is what is made of its slot today", () => {
    assert.ok(isSignedBy(image!, KEY));
    assert.ok(!isSignedBy(image!, OTHER_KEY));
    assert.deepEqual(image!.slot, GOLDEN_SLOT);
    assert.deepEqual(releaseBytes([goldenImage()]), file);
  });

  it("leaves the golden staging pages on a board", () => {
    assert.deepEqual(stagedBytes(image!), golden("staging_1.bin"));
  });

  it("stands in the documents byte for byte, with the staging pages and an answer of the endpoint", () => {
    assertShown(dump("UPDATE.md", "`test/golden/release/release_1.sdr`"), file, 128);
    assertShown(dump("STORAGE.md", "`test/golden/release/staging_1.bin`"), golden("staging_1.bin"), 96);
    const frame = Buffer.alloc(12);
    [OFFER, GOLDEN_SLOT.length, 0].forEach((value, index) => frame.writeUInt32BE(value, 4 * index));
    const answer = Buffer.concat([frame, instructionsFrom(GOLDEN_SLOT, PIECE_BYTES, 0, SLOT_BEFORE, 4096 + 32)]);
    const shown = dump("PROTOCOL.md", "The body of an answer with the only piece of");
    assert.equal(shown.size, answer.length);
    assertShown(shown, answer, answer.length);
  });
});
