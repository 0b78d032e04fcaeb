/*
 * CryptoPort on NodeMCU: native SHA-256 and HMAC, and a CRC of its own.
 *
 * Input: Bytes. Output: CryptoPort. Invariant: the CRC works on 16-bit halves, because the default build's
 * integers are signed 32-bit numbers and a literal above 2^31 is a float there.
 */
import type { Bytes, CryptoPort } from "../ports";
import { u16 } from "../../firmware/base/bytes";
import type { NodeMcu } from "./modules";

/** Remainders of one nibble for the polynomial 0xEDB88320, upper and lower halves. */
const HIGH = [0x0000, 0x1db7, 0x3b6e, 0x26d9, 0x76dc, 0x6b6b, 0x4db2, 0x5005, 0xedb8, 0xf00f, 0xd6d6, 0xcb61, 0x9b64, 0x86d3, 0xa00a, 0xbdbd];
const LOW = [0x0000, 0x1064, 0x20c8, 0x30ac, 0x4190, 0x51f4, 0x6158, 0x713c, 0x8320, 0x9344, 0xa3e8, 0xb38c, 0xc2b0, 0xd2d4, 0xe278, 0xf21c];

export function createCrypto(modules: NodeMcu): CryptoPort {
  let turns = 0;
  let pool = "";
  const sha256 = (bytes: Bytes): Bytes => {
    const hash = modules.crypto.new_hash("SHA256");
    hash.update(bytes);
    return hash.finalize();
  };
  return {
    crc32(bytes: Bytes): Bytes {
      const bxor = modules.bit.bxor;
      let high = 65535;
      let low = 65535;
      for (let index = 0; index < bytes.length; index++) {
        low = bxor(low, bytes.charCodeAt(index));
        for (let half = 0; half < 2; half++) {
          const nibble = low % 16;
          low = bxor(Math.floor(low / 16) + (high % 16) * 4096, LOW[nibble]!);
          high = bxor(Math.floor(high / 16), HIGH[nibble]!);
        }
      }
      return u16(65535 - high) + u16(65535 - low);
    },
    sha256: (bytes: Bytes) => sha256(bytes),
    hmacSha256(key: Bytes, bytes: Bytes): Bytes {
      const hash = modules.crypto.new_hmac("SHA256", key);
      hash.update(bytes);
      return hash.finalize();
    },
    base64: (bytes: Bytes) => modules.encoder.toBase64(bytes),
    seed(bytes: Bytes): void {
      pool = sha256(pool + bytes);
    },
    random(count: number): Bytes {
      // Uptime in microseconds and the heap's fill are not guessable to the byte; a counter keeps calls apart.
      let bytes = "";
      while (bytes.length < count) {
        turns++;
        bytes += sha256(pool + String(Math.floor(modules.node.uptime())) + "/" + String(modules.node.heap()) + "/" + String(turns));
      }
      return bytes.substring(0, count);
    },
  };
}
