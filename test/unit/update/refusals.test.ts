/*
 * Releases that a board refuses: each kind with its own reason, and what it has written by then.
 *
 * Input: signed releases, changed on their way or made for another board. Output: test results. Invariants: nothing is written
 * before the signature was found right; the slot that runs is never touched; the other one is not whole. What concerns the whole
 * device is in over_the_air.test.ts (answers that the device's key did not sign) and over_the_air_trial.test.ts (what was tried).
 */
import { strict as assert } from "node:assert";
import { readRelease, type ReleaseImage } from "../../../exosphere/releases/release_file";
import { PIECE_BYTES } from "../../../firmware/update/manifest";
import { buildRelease } from "../../../tools/release/build_release";
import { lmsSign, lmsTree } from "../../../tools/release/lms_signer";
import { endpointOf, freshFlash, KEY, literals, OTHER_KEY, SECRET, signedImage, SLOTS, testSlot, update, wholeSlot } from "./update_world";

const OLD = testSlot(1);
const NEW = testSlot(2);
type Spoil = NonNullable<Parameters<typeof update>[1]["spoil"]>;

describe("a release is refused", function () {
  this.timeout(600000);
  const image = signedImage(NEW);

  /** The reason; nothing was written. */
  function refused(spoilt: Parameters<typeof update>[1], keys = KEY, target = {}): string {
    const flash = freshFlash(OLD);
    const install = update(flash, spoilt, 7, keys, target);
    assert.equal(install.state, "refused");
    assert.equal(flash.steps, 0, "nothing is written");
    return install.reason;
  }
  /** The reason when the document is changed on its way. */
  const changed = (spoil: Spoil): string => refused({ ...endpointOf(image, OLD), spoil });
  /** The reason when the pieces are changed on their way; the slot that was begun is not whole, the running one as it was. */
  function failed(spoil: Spoil): string {
    const flash = freshFlash(OLD);
    const install = update(flash, { ...endpointOf(image, OLD), spoil });
    assert.equal(wholeSlot(flash, SLOTS.other), "");
    assert.equal(wholeSlot(flash, SLOTS.running), OLD.toString("latin1"));
    return install.reason;
  }
  /** An image whose manifest says something else, signed as it is. */
  function resigned(from: string, to: string): ReleaseImage {
    const made = readRelease(buildRelease([NEW]))[0]!;
    const text = Buffer.from(made.text.toString("latin1").replace(from, to), "latin1");
    assert.notDeepEqual(text, made.text);
    return { ...made, text, signature: lmsSign(SECRET, lmsTree(SECRET), 9, text) };
  }
  const spoilt = (what: "document" | "pieces", from: number, at: (text: Buffer) => number): Spoil => (wanted, bytes, text) => {
    const wrong = Buffer.from(text);
    if (wanted.what === what && wanted.from >= from) wrong[at(text)]! ^= 1;
    return { bytes, text: wrong };
  };

  it("by a board of another family", () => assert.equal(refused(endpointOf(image, OLD), KEY, { family: "ESP32" }), "family"));
  it("by another board of the family", () => assert.equal(refused(endpointOf(image, OLD), KEY, { board: "wallbox_addon" }), "board"));
  it("of another product", () => assert.equal(refused(endpointOf(resigned("product session-database-connector", "product toaster"), OLD)), "product"));
  it("with an older number than the one that runs, and with the same", () => {
    assert.equal(refused(endpointOf(image, OLD), KEY, { release: 3 }), "older");
    assert.equal(refused(endpointOf(image, OLD), KEY, { release: 2 }), "older");
  });
  it("by an interpreter outside the tested range", () => assert.equal(refused(endpointOf(image, OLD), KEY, { interpreter: 2030 }), "interpreter"));
  it("for a store that this board does not write", () => assert.equal(refused(endpointOf(resigned("store 1 2", "store 3 4"), OLD)), "store"));
  it("for another protocol", () => assert.equal(refused(endpointOf(resigned("protocol 1", "protocol 2"), OLD)), "protocol"));
  it("with a slot that is too long for its place", () => assert.equal(refused(endpointOf(signedImage(testSlot(2, 40000)), OLD)), "room"));
  it("without a signature", () => assert.equal(refused(endpointOf({ ...image, signature: Buffer.alloc(0) }, OLD)), "unsigned"));
  it("by a board without a key", () => assert.equal(refused(endpointOf(image, OLD), Buffer.alloc(0)), "noKey"));
  it("with a foreign signature", () => assert.equal(refused(endpointOf(image, OLD), OTHER_KEY), "signature"));
  it("with a signature that was made for another release", () => assert.equal(refused(endpointOf({ ...image, signature: signedImage(testSlot(3)).signature }, OLD)), "signature"));
  it("with a leaf that the key has not", () => {
    for (const leaf of [32, 33, 0x7fffffff, 0xffffffff]) {
      const signature = Buffer.from(image.signature);
      signature.writeUInt32BE(leaf, 0);
      assert.equal(refused(endpointOf({ ...image, signature }, OLD)), "leaf", String(leaf));
    }
  });
  it("with a manifest of 1 MB, unread", () => {
    assert.equal(changed((_, bytes, text) => { const long = Buffer.from(text); long.writeUInt32BE(1048576, 0); return { bytes, text: long }; }), "length");
  });
  it("with a manifest of another format", () => assert.equal(changed(spoilt("document", 0, () => 8)), "manifest"));
  it("with a document that was cut", () => assert.equal(changed(({ from }, bytes, text) => ({ bytes, text: text.subarray(0, Math.max(0, 300 - from)) })), "cut"));
  it("with a document that is longer than its parts", () => assert.equal(changed((_, bytes, text) => ({ bytes: bytes + 1, text })), "length"));
  it("with any byte of lengths, manifest or signature changed", () => {
    const bytes = 8 + image.text.length + image.signature.length;
    for (let at = 0; at < bytes; at++) assert.notEqual(changed((_, all, text) => { const wrong = Buffer.from(text); wrong[at]! ^= 1; return { bytes: all, text: wrong }; }), "", `byte ${String(at)}`);
  });

  it("with a table that is not the signed one", () => {
    for (const at of [0, 5, 127]) assert.equal(failed(spoilt("document", 1, () => at)), "table", String(at));
  });
  it("with a damaged piece", () => assert.equal(failed(spoilt("pieces", 0, (text) => text.length - 1)), "piece"));
  it("with a damaged byte in any of its pieces, at its beginning, in its middle or at its end", () => {
    const pieces = Math.ceil(NEW.length / PIECE_BYTES);
    for (let piece = 0; piece < pieces; piece++) {
      for (const share of [0, 0.5, 1]) {
        const wrong: Spoil = (wanted, bytes, text) => {
          if (wanted.what !== "pieces" || wanted.from > piece) return { bytes, text };
          const slot = Buffer.from(NEW);
          const end = Math.min(NEW.length, (piece + 1) * PIECE_BYTES) - 1;
          slot[piece * PIECE_BYTES + Math.floor(share * (end - piece * PIECE_BYTES))]! ^= 0x80;
          return { bytes, text: literals(slot.subarray(wanted.from * PIECE_BYTES, (wanted.from + 1) * PIECE_BYTES)) };
        };
        assert.equal(failed(wrong), "piece", `piece ${String(piece)} at ${String(share)}`);
      }
    }
  });
  it("with a piece of another release", () => {
    const other = signedImage(testSlot(3)).slot;
    assert.equal(failed((wanted, bytes, text) => ({ bytes, text: wanted.what === "pieces" ? literals(other.subarray(wanted.from * PIECE_BYTES, (wanted.from + 1) * PIECE_BYTES)) : text })), "piece");
  });
  it("with no pieces", () => assert.equal(failed((wanted, bytes, text) => ({ bytes, text: wanted.what === "pieces" ? Buffer.alloc(0) : text })), "piece"));
  it("from an endpoint that changes its mind half way", () => {
    assert.equal(failed((wanted, bytes, text) => ({ bytes: wanted.what === "pieces" ? bytes + 1 : bytes, text })), "changed");
    assert.equal(failed((wanted, bytes, text) => ({ bytes: wanted.what === "document" && wanted.from > 0 ? bytes + 32 : bytes, text })), "changed");
  });
});
