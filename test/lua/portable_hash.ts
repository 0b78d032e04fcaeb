/*
 * CRC-32 and SHA-256 in the portable subset, for virtual machines that bring none.
 *
 * Input: byte strings. Output: digests as byte strings. Invariant: plain arithmetic on 16-bit halves and a
 * table of byte pairs; no number reaches 2^31, so 32-bit Lua computes the same. Slow, and for tests only:
 * every board has its own native functions.
 */
import type { Bytes } from "../../hal/ports";
import { u16 } from "../../firmware/base/bytes";

const XOR_TABLE: number[] = [];
const AND_TABLE: number[] = [];

/** Fills the tables of nibble pairs once. */
function fillTables(): void {
  for (let pair = 0; pair < 256; pair++) {
    let left = Math.floor(pair / 16);
    let right = pair % 16;
    let xor = 0;
    let and = 0;
    for (let bit = 1; bit < 16; bit *= 2) {
      if (left % 2 !== right % 2) xor += bit;
      if (left % 2 === 1 && right % 2 === 1) and += bit;
      left = Math.floor(left / 2);
      right = Math.floor(right / 2);
    }
    XOR_TABLE.push(xor);
    AND_TABLE.push(and);
  }
}

/** One of the tables over 16-bit numbers. */
function combine(table: number[], left: number, right: number): number {
  let result = 0;
  let a = left;
  let b = right;
  for (let place = 1; place < 65536; place *= 16) {
    result += table[(a % 16) * 16 + (b % 16)]! * place;
    a = Math.floor(a / 16);
    b = Math.floor(b / 16);
  }
  return result;
}

function xor16(left: number, right: number): number {
  return combine(XOR_TABLE, left, right);
}

/** Remainders of one byte for CRC-32, upper and lower halves; filled at first use. */
const CRC_HIGH: number[] = [];
const CRC_LOW: number[] = [];

function fillRemainders(): void {
  for (let byte = 0; byte < 256; byte++) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit++) {
      const odd = low % 2 === 1;
      low = Math.floor(low / 2) + (high % 2) * 32768;
      high = Math.floor(high / 2);
      if (odd) {
        high = xor16(high, 0xedb8);
        low = xor16(low, 0x8320);
      }
    }
    CRC_HIGH.push(high);
    CRC_LOW.push(low);
  }
}

/** CRC-32 (ISO-HDLC), 4 bytes big-endian. */
export function portableCrc32(bytes: Bytes): Bytes {
  if (XOR_TABLE.length === 0) fillTables();
  if (CRC_HIGH.length === 0) fillRemainders();
  let high = 65535;
  let low = 65535;
  for (let index = 0; index < bytes.length; index++) {
    const code = bytes.charCodeAt(index);
    const last = low % 256;
    const byte = XOR_TABLE[(Math.floor(last / 16) * 16) + Math.floor(code / 16)]! * 16 + XOR_TABLE[(last % 16) * 16 + (code % 16)]!;
    low = xor16(Math.floor(low / 256) + (high % 256) * 256, CRC_LOW[byte]!);
    high = xor16(Math.floor(high / 256), CRC_HIGH[byte]!);
  }
  return u16(65535 - high) + u16(65535 - low);
}

/** FIPS 180-4 §4.2.2, high and low halves in turn. */
const K: number[] = [
  0x428a, 0x2f98, 0x7137, 0x4491, 0xb5c0, 0xfbcf, 0xe9b5, 0xdba5, 0x3956, 0xc25b, 0x59f1, 0x11f1, 0x923f, 0x82a4, 0xab1c, 0x5ed5,
  0xd807, 0xaa98, 0x1283, 0x5b01, 0x2431, 0x85be, 0x550c, 0x7dc3, 0x72be, 0x5d74, 0x80de, 0xb1fe, 0x9bdc, 0x06a7, 0xc19b, 0xf174,
  0xe49b, 0x69c1, 0xefbe, 0x4786, 0x0fc1, 0x9dc6, 0x240c, 0xa1cc, 0x2de9, 0x2c6f, 0x4a74, 0x84aa, 0x5cb0, 0xa9dc, 0x76f9, 0x88da,
  0x983e, 0x5152, 0xa831, 0xc66d, 0xb003, 0x27c8, 0xbf59, 0x7fc7, 0xc6e0, 0x0bf3, 0xd5a7, 0x9147, 0x06ca, 0x6351, 0x1429, 0x2967,
  0x27b7, 0x0a85, 0x2e1b, 0x2138, 0x4d2c, 0x6dfc, 0x5338, 0x0d13, 0x650a, 0x7354, 0x766a, 0x0abb, 0x81c2, 0xc92e, 0x9272, 0x2c85,
  0xa2bf, 0xe8a1, 0xa81a, 0x664b, 0xc24b, 0x8b70, 0xc76c, 0x51a3, 0xd192, 0xe819, 0xd699, 0x0624, 0xf40e, 0x3585, 0x106a, 0xa070,
  0x19a4, 0xc116, 0x1e37, 0x6c08, 0x2748, 0x774c, 0x34b0, 0xbcb5, 0x391c, 0x0cb3, 0x4ed8, 0xaa4a, 0x5b9c, 0xca4f, 0x682e, 0x6ff3,
  0x748f, 0x82ee, 0x78a5, 0x636f, 0x84c8, 0x7814, 0x8cc7, 0x0208, 0x90be, 0xfffa, 0xa450, 0x6ceb, 0xbef9, 0xa3f7, 0xc671, 0x78f2,
];

const START: number[] = [0x6a09, 0xe667, 0xbb67, 0xae85, 0x3c6e, 0xf372, 0xa54f, 0xf53a, 0x510e, 0x527f, 0x9b05, 0x688c, 0x1f83, 0xd9ab, 0x5be0, 0xcd19];

/** Low and high half of a word rotated right by 1 … 31 (or shifted), taken one half at a time. */
function turned(high: number, low: number, count: number, wantHigh: boolean, shifted: boolean): number {
  const swapped = count >= 16;
  let power = 1;
  for (let index = 0; index < count % 16; index++) power *= 2;
  const upper = swapped ? low : high;
  const lower = swapped ? high : low;
  // `from` gives its low bits to the top of `to`; a shift brings zeros in from above.
  const to = wantHigh ? upper : lower;
  const from = wantHigh ? lower : upper;
  const kept = shifted && wantHigh && swapped ? 0 : Math.floor(to / power);
  const brought = shifted && wantHigh ? 0 : (from % power) * Math.floor(65536 / power);
  return kept + brought;
}

/** xor of three turns of one word; the third is a shift in the schedule. */
function mixed(word: number[], at: number, first: number, second: number, third: number, shifted: boolean, wantHigh: boolean): number {
  const high = word[at]!;
  const low = word[at + 1]!;
  const part = xor16(turned(high, low, first, wantHigh, false), turned(high, low, second, wantHigh, false));
  return xor16(part, turned(high, low, third, wantHigh, shifted));
}

/** Adds words given as high and low halves in turn and stores the sum at `at`. */
function store(word: number[], at: number, highs: number, lows: number): void {
  word[at] = (highs + Math.floor(lows / 65536)) % 65536;
  word[at + 1] = lows % 65536;
}

function block(state: number[], schedule: number[]): void {
  for (let at = 32; at < 128; at += 2) {
    let highs = schedule[at - 32]! + schedule[at - 14]!;
    let lows = schedule[at - 31]! + schedule[at - 13]!;
    highs += mixed(schedule, at - 30, 7, 18, 3, true, true) + mixed(schedule, at - 4, 17, 19, 10, true, true);
    lows += mixed(schedule, at - 30, 7, 18, 3, true, false) + mixed(schedule, at - 4, 17, 19, 10, true, false);
    store(schedule, at, highs, lows);
  }
  const v: number[] = [];
  for (let index = 0; index < 16; index++) v.push(state[index]!);
  for (let round = 0; round < 128; round += 2) {
    const sums: number[] = [0, 0];
    const extra: number[] = [0, 0];
    for (let half = 0; half < 2; half++) {
      const wantHigh = half === 0;
      const choice = xor16(combine(AND_TABLE, v[8 + half]!, v[10 + half]!), combine(AND_TABLE, 65535 - v[8 + half]!, v[12 + half]!));
      sums[half] = v[14 + half]! + mixed(v, 8, 6, 11, 25, false, wantHigh) + choice + K[round + half]! + schedule[round + half]!;
      const pairs = xor16(combine(AND_TABLE, v[half]!, v[2 + half]!), combine(AND_TABLE, v[half]!, v[4 + half]!));
      extra[half] = mixed(v, 0, 2, 13, 22, false, wantHigh) + xor16(pairs, combine(AND_TABLE, v[2 + half]!, v[4 + half]!));
    }
    for (let index = 15; index >= 2; index--) v[index] = v[index - 2]!;
    store(v, 8, v[8]! + sums[0]!, v[9]! + sums[1]!);
    store(v, 0, sums[0]! + extra[0]!, sums[1]! + extra[1]!);
  }
  for (let index = 0; index < 16; index += 2) store(state, index, state[index]! + v[index]!, state[index + 1]! + v[index + 1]!);
}

/** SHA-256, 32 bytes. Messages shorter than 8 KiB. */
export function portableSha256(bytes: Bytes): Bytes {
  if (XOR_TABLE.length === 0) fillTables();
  let message = bytes + String.fromCharCode(128);
  while (message.length % 64 !== 56) message += String.fromCharCode(0);
  message += u16(0) + u16(0) + u16(Math.floor(bytes.length / 8192)) + u16((bytes.length % 8192) * 8);
  const state: number[] = [];
  for (let index = 0; index < 16; index++) state.push(START[index]!);
  for (let offset = 0; offset < message.length; offset += 64) {
    const schedule: number[] = [];
    for (let index = 0; index < 64; index += 2) schedule.push(message.charCodeAt(offset + index) * 256 + message.charCodeAt(offset + index + 1));
    for (let index = 32; index < 128; index++) schedule.push(0);
    block(state, schedule);
  }
  let digest = "";
  for (let index = 0; index < 16; index++) digest += u16(state[index]!);
  return digest;
}

/** HMAC-SHA-256 (RFC 2104), 32 bytes. */
export function portableHmac(key: Bytes, bytes: Bytes): Bytes {
  if (XOR_TABLE.length === 0) fillTables();
  const short = key.length > 64 ? portableSha256(key) : key;
  let inner = "";
  let outer = "";
  for (let index = 0; index < 64; index++) {
    const code = index < short.length ? short.charCodeAt(index) : 0;
    inner += String.fromCharCode(xor16(code, 0x36));
    outer += String.fromCharCode(xor16(code, 0x5c));
  }
  return portableSha256(outer + portableSha256(inner + bytes));
}
