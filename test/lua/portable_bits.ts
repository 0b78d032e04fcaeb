/*
 * Bits and base64 by plain arithmetic.
 *
 * Input: whole numbers 0 … 65535, byte strings. Output: the same. Invariant: written in the portable
 * subset; used only where a virtual machine must stand in for a board's native functions.
 */
import type { Bytes } from "../../hal/ports";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export function bitwise(kind: "xor" | "and", left: number, right: number): number {
  let result = 0;
  let a = left;
  let b = right;
  for (let bit = 1; bit < 65536; bit *= 2) {
    const both = a % 2 === 1 && b % 2 === 1;
    const differ = a % 2 !== b % 2;
    if (kind === "and" ? both : differ) result += bit;
    a = Math.floor(a / 2);
    b = Math.floor(b / 2);
  }
  return result;
}

/** RFC 4648 §4. */
export function base64(bytes: Bytes): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const second = index + 1 < bytes.length ? bytes.charCodeAt(index + 1) : 0;
    const third = index + 2 < bytes.length ? bytes.charCodeAt(index + 2) : 0;
    const group = bytes.charCodeAt(index) * 65536 + second * 256 + third;
    text += ALPHABET.charAt(Math.floor(group / 262144)) + ALPHABET.charAt(Math.floor(group / 4096) % 64);
    text += index + 1 < bytes.length ? ALPHABET.charAt(Math.floor(group / 64) % 64) : "=";
    text += index + 2 < bytes.length ? ALPHABET.charAt(group % 64) : "=";
  }
  return text;
}
