/*
 * Checksums, digests and randomness of Node.
 *
 * Input: Bytes. Output: CryptoPort. Invariant: the same bytes as every other platform gives (known answers:
 * test/contract/crypto_contract.ts); `random` comes from the operating system.
 */
import { createHash, createHmac, randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Bytes, CryptoPort } from "../ports";

const raw = (bytes: Bytes): Buffer => Buffer.from(bytes, "latin1");

export function createHostCrypto(): CryptoPort {
  return {
    crc32(bytes) {
      const value = crc32(raw(bytes));
      return String.fromCharCode(value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
    },
    sha256: (bytes) => createHash("sha256").update(raw(bytes)).digest().toString("latin1"),
    hmacSha256: (key, bytes) => createHmac("sha256", raw(key)).update(raw(bytes)).digest().toString("latin1"),
    base64: (bytes) => raw(bytes).toString("base64"),
    seed: () => undefined,
    random: (count) => randomBytes(count).toString("latin1"),
  };
}
