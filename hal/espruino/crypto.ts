/*
 * CryptoPort on Espruino: native CRC and SHA-256, and HMAC made of two hashes.
 *
 * Input: Bytes. Output: CryptoPort. Invariants: no loop over message bytes in JavaScript; only the 64 bytes
 * of an HMAC key block are handled one by one. A hash that the interpreter had no memory for is "".
 */
import type { Bytes, CryptoPort } from "../ports";
import type { BuiltIn } from "./interpreter";

const BLOCK_BYTES = 64;
const hashes = require("crypto") as BuiltIn["crypto"];

function sha256(bytes: Bytes): Bytes {
  const hash = hashes.SHA256(bytes);
  return hash === undefined ? "" : E.toString(hash);
}

function padded(key: Bytes, pad: number): Bytes {
  let block = "";
  for (let index = 0; index < BLOCK_BYTES; index++) {
    block += String.fromCharCode((index < key.length ? key.charCodeAt(index) : 0) ^ pad);
  }
  return block;
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
  base64: function (bytes: Bytes): string {
    return btoa(bytes);
  },
  random: function (count: number): Bytes {
    let bytes = "";
    for (let index = 0; index < count; index++) bytes += String.fromCharCode(E.hwRand() & 255);
    return bytes;
  },
};
