/*
 * CryptoPort on Espruino: native CRC and SHA-256, HMAC made of two hashes, random bytes from a pool.
 *
 * Input: Bytes; the address of the chip's noise register. Output: CryptoPort. Invariants: no loop over message bytes in
 * JavaScript; only the 64 bytes of an HMAC key block are handled one by one. A hash that the interpreter had no memory
 * for is "". The interpreter's own generator begins every start on every board with the same numbers
 * (docs/PLATFORMS.md): it is never the only source, and it is seeded for TLS, which takes its numbers from there.
 */
import type { Bytes, CryptoPort } from "../ports";
import type { BuiltIn } from "./interpreter";

const BLOCK_BYTES = 64;
/** Bytes in one piece for a hash and its record, and some to spare. */
const RESULT_BYTES = 128;
/** Words of the noise register for each stir: 128 bits while the radio is on. */
const NOISE_WORDS = 4;
const hashes = require("crypto") as BuiltIn["crypto"];

/** Hash of everything that was ever stirred in; "" before the first time. */
let pool = "";
/** 0 on a PC, which has none. */
let noiseRegister = 0;

/** `address`: the chip's register of random numbers (boards/espruino_noise.ts). */
export function useNoise(address: number): void {
  noiseRegister = address;
}

function sha256(bytes: Bytes): Bytes {
  let hash = hashes.SHA256(bytes);
  // The result needs variables beside each other: asking for some makes the interpreter move its memory together.
  if (hash === undefined && E.toFlatString({ data: 0, count: RESULT_BYTES }) !== undefined) hash = hashes.SHA256(bytes);
  return hash === undefined ? "" : E.toString(hash);
}

function padded(key: Bytes, pad: number): Bytes {
  let block = "";
  for (let index = 0; index < BLOCK_BYTES; index++) {
    block += String.fromCharCode((index < key.length ? key.charCodeAt(index) : 0) ^ pad);
  }
  return block;
}

/** Mixes `bytes`, the clock and the chip's noise into the pool, and seeds the interpreter's own generator from it. */
function stirPool(bytes: Bytes): void {
  let noise = pool + bytes + "/" + getTime() + "/" + E.hwRand();
  for (let index = 0; noiseRegister !== 0 && index < NOISE_WORDS; index++) noise += "/" + peek32(noiseRegister);
  const next = sha256(noise);
  // Without memory for a hash the pool stays as it was, and the generator goes on from its last seed.
  if (next === "") return;
  pool = next;
  // Odd: seeded with 0 it would give nothing but zeros. Not the pool's beginning, which random hands out a hash of.
  E.srand(E.CRC32("seed" + next) | 1);
}

export const crypto: CryptoPort = {
  crc32: function (bytes: Bytes): Bytes {
    const sum = E.CRC32(bytes);
    return String.fromCharCode((sum >> 24) & 255, (sum >> 16) & 255, (sum >> 8) & 255, sum & 255);
  },
  sha256: sha256,
  hmacSha256: function (key: Bytes, bytes: Bytes): Bytes {
    const short = key.length > BLOCK_BYTES ? sha256(key) : key;
    const inner = sha256(padded(short, 0x36) + bytes);
    // Half a computation must not pass for a signature.
    return short === "" || inner === "" ? "" : sha256(padded(short, 0x5c) + inner);
  },
  // The interpreter's own function: one around it would take memory.
  base64: btoa,
  seed: function (bytes: Bytes): void {
    stirPool(bytes + getSerial());
  },
  random: function (count: number): Bytes {
    let bytes = "";
    while (bytes.length < count) {
      stirPool("");
      const more = sha256("out" + pool);
      bytes += more === "" ? String.fromCharCode(E.hwRand() & 255) : more;
    }
    return bytes.substring(0, count);
  },
};
