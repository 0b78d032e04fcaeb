/*
 * Checks an LMS signature (RFC 8554 §4.6 and §5.4.2, SHA-256, NIST SP 800-208), a few hashes at a time.
 *
 * Input: a public key of 56 bytes, a message, a signature, which may come in parts. Output: "valid" or "invalid" after
 * some steps. Invariants: a step takes STEP_HASHES hashes at most, so it never holds a tick up; length, types and leaf
 * are checked before the first hash; beside the part at work only the chains' ends are kept, of which the last hash
 * needs all at once.
 */
import type { Bytes, CryptoPort } from "../../hal/ports";
import { readU32, u16, u32, u8 } from "../base/bytes";

/** Type of the tree, type of the one-time signature, identifier I, root T[1]. */
export const LMS_KEY_BYTES = 56;
/** Leaf, type and randomiser, with which a check begins. */
export const LMS_BEGIN_BYTES = 40;
/** A chain of Winternitz parameter 4 has 15 hashes, so it is one step. */
export const STEP_HASHES = 15;

const HASH_BYTES = 32;
/** LMS_SHA256_M32_H5 and what follows it: the height is five times the number less 20. */
const LMS_H5 = 5;
const LMS_H20 = 8;
/** LMOTS_SHA256_N32_W4 and _W8. */
const OTS_W4 = 3;
const OTS_W8 = 4;
const D_PUBLIC = 0x8080;
const D_MESSAGE = 0x8181;
const D_LEAF = 0x8282;
const D_INNER = 0x8383;

export interface LmsCheck {
  root: Bytes;
  /** I and the number of the leaf: what every hash below the tree begins with. */
  prefix: Bytes;
  /** Q and its checksum. */
  digits: Bytes;
  /** 15 or 255: the end of a chain. */
  last: number;
  chains: number;
  /** Chain under way, the place in it (-1 before its first hash), and what stands there. */
  chain: number;
  at: number;
  value: Bytes;
  /** The part of the signature at work, and the place up to which it is read. */
  rest: Bytes;
  read: number;
  /** The one-time public key is the hash of this, which grows with each chain. */
  ends: Bytes;
  /** The type that the signature must tell behind its chains, 0 once it has. */
  treeType: number;
  node: number;
}

/** Bytes of a signature by a key of these types; 0 for types that are not accepted. */
export function lmsSignatureBytes(lmsType: number, otsType: number): number {
  if (lmsType < LMS_H5 || lmsType > LMS_H20 || (otsType !== OTS_W4 && otsType !== OTS_W8)) return 0;
  const chains = otsType === OTS_W4 ? 67 : 34;
  return 12 + HASH_BYTES * (1 + chains + 5 * (lmsType - 4));
}

/** Digit `index` of a chain: a whole byte, or half of one. */
function digit(check: LmsCheck, index: number): number {
  if (check.last === 255) return check.digits.charCodeAt(index);
  const byte = check.digits.charCodeAt(Math.floor(index / 2));
  return index % 2 === 0 ? Math.floor(byte / 16) : byte % 16;
}

/**
 * Begins a check of a signature of `signatureBytes` bytes, whose first LMS_BEGIN_BYTES are known, or more.
 * "foreign": key and signature do not fit each other, or are none; "leaf": the key has no such leaf; "memory": try again later.
 */
export function beginLms(crypto: CryptoPort, key: Bytes, message: Bytes, signature: Bytes, signatureBytes: number): LmsCheck | "foreign" | "leaf" | "memory" {
  if (key.length !== LMS_KEY_BYTES || signature.length < LMS_BEGIN_BYTES) return "foreign";
  const lmsType = readU32(key, 0);
  const otsType = readU32(key, 4);
  if (signatureBytes === 0 || signatureBytes !== lmsSignatureBytes(lmsType, otsType)) return "foreign";
  const chains = otsType === OTS_W4 ? 67 : 34;
  const height = 5 * (lmsType - 4);
  const leaf = readU32(signature, 0);
  let leaves = 1;
  for (let level = 0; level < height; level++) leaves *= 2;
  if (readU32(signature, 4) !== otsType) return "foreign";
  if (leaf < 0 || leaf >= leaves) return "leaf";
  const prefix = key.substring(8, 24) + signature.substring(0, 4);
  const hash = crypto.sha256(prefix + u16(D_MESSAGE) + signature.substring(8, LMS_BEGIN_BYTES) + message);
  if (hash === "") return "memory";
  const check: LmsCheck = {
    root: key.substring(24), prefix: prefix, digits: hash, last: otsType === OTS_W4 ? 15 : 255, chains: chains, chain: 0, at: -1, value: "",
    rest: signature, read: LMS_BEGIN_BYTES, ends: prefix + u16(D_PUBLIC), treeType: lmsType, node: leaves + leaf,
  };
  let sum = 0;
  const parts = otsType === OTS_W4 ? 64 : 32;
  for (let index = 0; index < parts; index++) sum += check.last - digit(check, index);
  check.digits = hash + u16(otsType === OTS_W4 ? sum * 16 : sum);
  return check;
}

/** More of the signature, behind what the check has. */
export function feedLms(check: LmsCheck, part: Bytes): void {
  check.rest = check.rest.substring(check.read) + part;
  check.read = 0;
}

/** The next `count` bytes of the signature; "" when they have not come yet. */
function take(check: LmsCheck, count: number): Bytes {
  const end = check.read + count;
  if (end > check.rest.length) return "";
  const bytes = check.rest.substring(check.read, end);
  check.read = end;
  return bytes;
}

/** The next hashes of the one-time signature's chains. */
function chainStep(crypto: CryptoPort, check: LmsCheck): "working" | "more" | "memory" {
  if (check.at < 0) {
    const first = take(check, HASH_BYTES);
    if (first === "") return "more";
    check.value = first;
    check.at = digit(check, check.chain);
  }
  const head = check.prefix + u16(check.chain);
  let value = check.value;
  let at = check.at;
  for (let count = 0; count < STEP_HASHES && at < check.last; count++) {
    value = crypto.sha256(head + u8(at) + value);
    if (value === "") return "memory";
    at++;
  }
  check.at = at;
  check.value = value;
  if (at === check.last) {
    check.ends += value;
    check.chain++;
    check.at = -1;
  }
  return "working";
}

/**
 * One step. "more": the next part of the signature is needed, see feedLms; "memory": there was none for a hash, which is
 * no verdict; the check is over, begin another one later.
 */
export function lmsStep(crypto: CryptoPort, check: LmsCheck): "working" | "more" | "valid" | "invalid" | "memory" {
  if (check.chain < check.chains) return chainStep(crypto, check);
  const identifier = check.prefix.substring(0, 16);
  if (check.ends !== "") {
    const oneTimeKey = crypto.sha256(check.ends);
    check.ends = "";
    check.value = oneTimeKey === "" ? "" : crypto.sha256(identifier + u32(check.node) + u16(D_LEAF) + oneTimeKey);
    return check.value === "" ? "memory" : "working";
  }
  if (check.treeType !== 0) {
    const type = take(check, 4);
    if (type === "") return "more";
    if (readU32(type, 0) !== check.treeType) return "invalid";
    check.treeType = 0;
  }
  for (let count = 0; count < STEP_HASHES && check.node > 1; count++) {
    const beside = take(check, HASH_BYTES);
    if (beside === "") return "more";
    const isRight = check.node % 2 === 1;
    check.node = Math.floor(check.node / 2);
    check.value = crypto.sha256(identifier + u32(check.node) + u16(D_INNER) + (isRight ? beside + check.value : check.value + beside));
    if (check.value === "") return "memory";
  }
  if (check.node > 1) return "working";
  return check.value === check.root ? "valid" : "invalid";
}
