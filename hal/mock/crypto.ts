/*
 * Hashes by Node, randomness from a seed.
 *
 * Input: Bytes. Output: the CryptoPort of the board. Invariant: digests are the real ones; `random`
 * replays, because a mock board must do the same thing twice.
 */
import { createHash, createHmac } from "node:crypto";
import { crc32 } from "node:zlib";
import type { Bytes, CryptoPort } from "../ports";
import { createRandom, pick } from "./random";

const raw = (bytes: Bytes): Buffer => Buffer.from(bytes, "latin1");

export function createMockCrypto(seed = 1): CryptoPort {
  const random = createRandom(seed);
  return {
    crc32(bytes) {
      const out = Buffer.alloc(4);
      out.writeUInt32BE(crc32(raw(bytes)));
      return out.toString("latin1");
    },
    sha256: (bytes) => createHash("sha256").update(raw(bytes)).digest().toString("latin1"),
    hmacSha256: (key, bytes) => createHmac("sha256", raw(key)).update(raw(bytes)).digest().toString("latin1"),
    base64: (bytes) => raw(bytes).toString("base64"),
    seed: () => undefined,
    random(count) {
      let bytes = "";
      for (let index = 0; index < count; index++) bytes += String.fromCharCode(pick(random, 0, 255));
      return bytes;
    },
  };
}
