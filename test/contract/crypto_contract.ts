/*
 * The promises of every CryptoPort, as tests, with the published test vectors.
 *
 * Input: a maker of the port. Output: a mocha suite.
 */
import assert from "node:assert/strict";
import { hexOf } from "../../firmware/base/bytes";
import type { CryptoPort } from "../../hal/ports";

export function cryptoContract(name: string, make: () => CryptoPort | Promise<CryptoPort>): void {
  describe(`crypto of ${name}`, () => {
    it("computes the CRC-32 check value", async () => {
      const crypto = await make();
      assert.equal(hexOf(crypto.crc32("123456789")), "CBF43926");
      assert.equal(hexOf(crypto.crc32("")), "00000000");
    });

    it("computes SHA-256 of the FIPS 180-4 examples", async () => {
      const crypto = await make();
      assert.equal(hexOf(crypto.sha256("abc")).toLowerCase(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
      assert.equal(hexOf(crypto.sha256("")).toLowerCase(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    });

    it("computes HMAC-SHA-256 of RFC 4231, short key and a key longer than a block", async () => {
      const crypto = await make();
      assert.equal(hexOf(crypto.hmacSha256("Jefe", "what do ya want for nothing?")).toLowerCase(), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
      assert.equal(
        hexOf(crypto.hmacSha256("\xaa".repeat(131), "Test Using Larger Than Block-Size Key - Hash Key First")).toLowerCase(),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      );
    });

    it("treats every byte value as a byte", async () => {
      const crypto = await make();
      assert.equal(hexOf(crypto.sha256("\x80\xff\x00")).toLowerCase(), "3ccf137976f54d932cfe955bac36a4ad588692683571a185f909267767f98c5d");
    });

    it("encodes base64 with padding, as RFC 4648 shows it", async () => {
      const crypto = await make();
      assert.deepEqual(["", "f", "fo", "foo", "\xff\xfe\xfd"].map((bytes) => crypto.base64(bytes)), ["", "Zg==", "Zm8=", "Zm9v", "//79"]);
    });

    it("gives as many random bytes as asked for, and not the same twice", async () => {
      const crypto = await make();
      assert.equal(crypto.random(1).length, 1);
      assert.equal(crypto.random(64).length, 64);
      assert.notEqual(crypto.random(16), crypto.random(16));
    });
  });
}
