/*
 * Bytes as text, one character 0 … 255 a byte, in Node and in a browser alike.
 *
 * Input: text, or bytes in this form. Output: the other one, and the check sum that the interpreter computes
 * too. Invariant: nothing here needs Node's Buffer or a browser's DOM.
 */

/** One character a byte, as the console carries them. */
export type Bytes = string;

/** A text as its UTF-8 bytes. */
export function bytesOfText(text: string): Bytes {
  let bytes = "";
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}

/** Bytes of the line as numbers. */
export function octets(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes, (one) => one.charCodeAt(0));
}

/** UTF-8 bytes as text; a byte that is none becomes U+FFFD. */
export function textOfBytes(bytes: Bytes): string {
  return new TextDecoder().decode(octets(bytes));
}

/** CRC-32 of ISO 3309 and zlib, as E.CRC32 of the interpreter: 0 … 2^32 - 1. */
export function crc32(bytes: Bytes): number {
  let crc = 0xffffffff;
  for (let index = 0; index < bytes.length; index++) {
    crc ^= bytes.charCodeAt(index);
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
