/*
 * LMS signatures: the published ones, and what differs from them in one place.
 *
 * Input: the test cases of RFC 8554. Output: test results. Invariant: every byte of one signature of the parameters in
 * use is changed once, so that none is without meaning.
 */
import { strict as assert } from "node:assert";
import { hash } from "node:crypto";
import { beginLms, LMS_KEY_BYTES, lmsSignatureBytes, lmsStep, STEP_HASHES } from "../../../firmware/update/lms";
import { createMockCrypto } from "../../../hal/mock/crypto";
import type { CryptoPort } from "../../../hal/ports";
import * as rfc from "../../vectors/lms_rfc8554";

const bytes = (hex: string): string => Buffer.from(hex, "hex").toString("latin1");
const KEY = bytes(rfc.CASE_2_KEY);
const MESSAGE = bytes(rfc.CASE_2_SECOND_KEY);
const SIGNATURE = bytes(rfc.CASE_2_SIGNATURE);

/** Half a million hashes are taken here: in one call each. */
const CRYPTO: CryptoPort = { ...createMockCrypto(), sha256: (text) => hash("sha256", Buffer.from(text, "latin1"), "buffer").toString("latin1") };

function flipped(text: string, at: number): string {
  return text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ 1) + text.slice(at + 1);
}

/** The verdict, with the hashes that it took in all, and in one step at most. */
function verdict(key: string, message: string, signature: string, crypto = CRYPTO): { word: string; hashes: number; most: number } {
  let hashes = 0;
  const counting = { ...crypto, sha256: (text: string): string => { hashes++; return crypto.sha256(text); } };
  const check = beginLms(counting, key, message, signature, signature.length);
  if (typeof check === "string") return { word: check, hashes, most: hashes };
  let most = hashes;
  for (;;) {
    const before = hashes;
    const word = lmsStep(counting, check);
    most = Math.max(most, hashes - before);
    if (word !== "working") return { word, hashes, most };
  }
}

describe("LMS signatures", () => {
  const published: [string, string, string, string][] = [
    ["test case 1, the first level", rfc.CASE_1_KEY, rfc.CASE_1_SECOND_KEY, rfc.CASE_1_SIGNATURE],
    ["test case 1, the second level", rfc.CASE_1_SECOND_KEY, rfc.CASE_1_MESSAGE, rfc.CASE_1_SECOND_SIGNATURE],
    ["test case 2, the first level", rfc.CASE_2_KEY, rfc.CASE_2_SECOND_KEY, rfc.CASE_2_SIGNATURE],
    ["test case 2, the second level", rfc.CASE_2_SECOND_KEY, rfc.CASE_2_MESSAGE, rfc.CASE_2_SECOND_SIGNATURE],
  ];
  for (const [name, key, message, signature] of published) {
    it(`accept ${name} of RFC 8554`, () => assert.equal(verdict(bytes(key), bytes(message), bytes(signature)).word, "valid"));
  }

  it("take 538 hashes for test case 2, at most one chain's in a step", () => {
    assert.deepEqual(verdict(KEY, MESSAGE, SIGNATURE), { word: "valid", hashes: 538, most: STEP_HASHES });
  });

  it("refuse the signature with any one byte changed", () => {
    for (let at = 0; at < SIGNATURE.length; at++) assert.notEqual(verdict(KEY, MESSAGE, flipped(SIGNATURE, at)).word, "valid", `byte ${String(at)}`);
  }).timeout(60000);

  it("refuse the key or the message with any one byte changed", () => {
    for (let at = 0; at < KEY.length; at++) assert.notEqual(verdict(flipped(KEY, at), MESSAGE, SIGNATURE).word, "valid", `byte ${String(at)} of the key`);
    for (let at = 0; at < MESSAGE.length; at++) assert.equal(verdict(KEY, flipped(MESSAGE, at), SIGNATURE).word, "invalid", `byte ${String(at)} of the message`);
  });

  it("refuse a leaf that the tree has not, and types that differ, with no more than no hash at all", () => {
    const leaf1024 = "\x00\x00\x04\x00" + SIGNATURE.slice(4);
    assert.deepEqual(verdict(KEY, MESSAGE, leaf1024), { word: "leaf", hashes: 0, most: 0 });
    assert.equal(verdict(KEY, MESSAGE, "\xff\xff\xff\xff" + SIGNATURE.slice(4)).word, "leaf");
    assert.equal(verdict(KEY, MESSAGE, flipped(SIGNATURE, 7)).hashes, 0);
    assert.equal(verdict(bytes(rfc.CASE_1_KEY), MESSAGE, SIGNATURE).hashes, 0);
    assert.equal(verdict("\x00\x00\x00\x09" + KEY.slice(4), MESSAGE, SIGNATURE).word, "foreign");
  });

  it("refuse every other length, also none", () => {
    for (const length of [0, 1, 4, 40, SIGNATURE.length - 1]) assert.deepEqual(verdict(KEY, MESSAGE, SIGNATURE.slice(0, length)), { word: "foreign", hashes: 0, most: 0 });
    assert.equal(verdict(KEY, MESSAGE, SIGNATURE + "\x00").word, "foreign");
    assert.equal(verdict(KEY.slice(1), MESSAGE, SIGNATURE).word, "foreign");
    assert.equal(verdict("", MESSAGE, "").word, "foreign");
    assert.equal(LMS_KEY_BYTES, 56);
    assert.equal(lmsSignatureBytes(6, 3), 2508);
    assert.equal(lmsSignatureBytes(5, 4), 1292);
    assert.equal(lmsSignatureBytes(6, 1), 0);
  });

  it("give no verdict when memory does not suffice for one of the hashes", () => {
    for (const missing of [1, 2, 100, 527, 528, 538]) {
      let count = 0;
      const crypto = createMockCrypto();
      const starved = { ...crypto, sha256: (text: string): string => ++count === missing ? "" : crypto.sha256(text) };
      assert.equal(verdict(KEY, MESSAGE, SIGNATURE, starved).word, "memory", `hash ${String(missing)}`);
    }
  });
});
