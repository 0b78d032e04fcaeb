/*
 * Secrets of an offered configuration, encrypted for the one device that may read them (docs/PROTOCOL.md §5).
 *
 * Input: a secret as JSON writes it, its place in the document, the key that the device signs with. Output: a text that
 * firmware/configuration/sealed.ts opens. Invariants: the tag is made of the secret itself, so equal secrets give
 * equal bytes, which pieces that are fetched one by one need, and no two secrets share a key stream; a listener learns
 * neither the secret nor, within 32 bytes, its length.
 */
import { createHmac } from "node:crypto";
import { SEALED } from "../../firmware/protocol";

const LABEL = "sdc sealed secret 1";
const TAG_BYTES = 16;
const BLOCK_BYTES = 32;

function hmac(key: Uint8Array, ...parts: (string | Uint8Array)[]): Buffer {
  const maker = createHmac("sha256", key);
  for (const part of parts) maker.update(part);
  return maker.digest();
}

/** `secret`: its JSON text with quotes; `place` such as "endpoint.key". */
export function sealForDevice(key: Uint8Array, place: string, secret: string): string {
  const own = hmac(key, LABEL);
  const bare = Buffer.from(secret);
  const padded = Buffer.alloc(Math.ceil(bare.length / BLOCK_BYTES) * BLOCK_BYTES, " ");
  bare.copy(padded);
  const tag = hmac(own, "tag", place, "=", padded).subarray(0, TAG_BYTES);
  const cipher = Buffer.alloc(padded.length);
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) {
    const stream = hmac(own, "stream", tag, Uint8Array.of(at / BLOCK_BYTES));
    for (const [index, byte] of stream.entries()) cipher[at + index] = (padded.readUInt8(at + index) + byte) % 256;
  }
  return SEALED + Buffer.concat([tag, cipher]).toString("hex").toUpperCase();
}
