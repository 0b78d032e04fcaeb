/*
 * Makes LMS keys and signatures (RFC 8554 §4, §5 and Appendix A; SHA-256, Winternitz parameter 4).
 *
 * Input: a secret seed, an identifier, the number of a leaf that was never used. Output: a public key, signatures.
 * Invariants: everything follows from the seed, so a signature of the same leaf over the same message is the same on
 * every machine; who may use which leaf is tools/release/leaves.ts's matter, and this module does not check it.
 */
import { hash } from "node:crypto";

/** Type of the tree by its height: RFC 8554 §5.1. */
export const HEIGHTS: Record<number, number> = { 5: 5, 10: 6, 15: 7 };
const OTS_W4 = 3;
const CHAINS = 67;
const CHAIN_END = 15;
const HASH_BYTES = 32;
const D_PUBLIC = 0x8080;
const D_MESSAGE = 0x8181;
const D_LEAF = 0x8282;
const D_INNER = 0x8383;
/** Place of a chain's beginning, and of the randomiser, in Appendix A's way to make secrets of a seed. */
const SECRET = 0xff;
const RANDOMISER = 0xfffd;

/** A check takes so many hashes at most; and of these, besides chains and tree: the message's, the chain ends', the leaf's. */
export const CHECK_HASHES = 600;
const OTHER_HASHES = 3;

const sha256 = (bytes: Buffer): Buffer => hash("sha256", bytes, "buffer");

export interface LmsSecret {
  /** 5, 10 or 15: 32, 1,024 or 32,768 signatures. */
  height: number;
  /** 32 secret bytes. */
  seed: Buffer;
  /** I, 16 bytes. */
  identifier: Buffer;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
}

/** A secret of leaf `leaf`: the beginning of chain `index`, or the randomiser. */
function secretOf(secret: LmsSecret, leaf: number, index: number): Buffer {
  return sha256(Buffer.concat([secret.identifier, u32(leaf), u16(index), Buffer.from([SECRET]), secret.seed]));
}

/** Goes `steps` hashes along chain `index` from its beginning. */
function along(secret: LmsSecret, leaf: number, index: number, steps: number): Buffer {
  const input = Buffer.concat([secret.identifier, u32(leaf), u16(index), Buffer.alloc(1 + HASH_BYTES)]);
  secretOf(secret, leaf, index).copy(input, 23);
  for (let at = 0; at < steps; at++) {
    input[22] = at;
    sha256(input).copy(input, 23);
  }
  return Buffer.from(input.subarray(23));
}

function leafNode(secret: LmsSecret, leaf: number): Buffer {
  const ends = Array.from({ length: CHAINS }, (_, index) => along(secret, leaf, index, CHAIN_END));
  const oneTimeKey = sha256(Buffer.concat([secret.identifier, u32(leaf), u16(D_PUBLIC), ...ends]));
  return sha256(Buffer.concat([secret.identifier, u32(leaf + 2 ** secret.height), u16(D_LEAF), oneTimeKey]));
}

/** All nodes of the tree by their number, the root at 1. Takes a thousand hashes a leaf. */
export function lmsTree(secret: LmsSecret): Buffer[] {
  const leaves = 2 ** secret.height;
  const nodes: Buffer[] = [];
  for (let leaf = 0; leaf < leaves; leaf++) nodes[leaves + leaf] = leafNode(secret, leaf);
  for (let node = leaves - 1; node > 0; node--) nodes[node] = sha256(Buffer.concat([secret.identifier, u32(node), u16(D_INNER), nodes[2 * node]!, nodes[2 * node + 1]!]));
  return nodes;
}

/** The public key of a tree, 56 bytes. */
export function lmsPublicKey(secret: LmsSecret, tree: Buffer[]): Buffer {
  return Buffer.concat([u32(HEIGHTS[secret.height]!), u32(OTS_W4), secret.identifier, tree[1]!]);
}

/** Digits of a digest and of its checksum, each how far along its chain the signature is. */
function digitsOf(digest: Buffer): number[] {
  const digits = Array.from(digest).flatMap((byte) => [byte >> 4, byte & 15]);
  const sum = digits.reduce((total, one) => total + CHAIN_END - one, 0);
  return [...digits, sum >> 8, (sum >> 4) & 15, sum & 15];
}

/** Signs with a leaf. @throws RangeError for a leaf that the tree has not */
export function lmsSign(secret: LmsSecret, tree: Buffer[], leaf: number, message: Buffer): Buffer {
  const leaves = 2 ** secret.height;
  if (!Number.isInteger(leaf) || leaf < 0 || leaf >= leaves) throw new RangeError(`the tree has leaves 0 to ${String(leaves - 1)}, not ${String(leaf)}`);
  let randomiser: Buffer;
  let digits: number[];
  let tries = 0;
  do {
    // One in fifty would cost a board more than CHECK_HASHES: another randomiser, the same on every machine, is as good.
    randomiser = secretOf(secret, leaf, RANDOMISER - tries++);
    digits = digitsOf(sha256(Buffer.concat([secret.identifier, u32(leaf), u16(D_MESSAGE), randomiser, message])));
  } while (digits.reduce((total, one) => total + CHAIN_END - one, OTHER_HASHES + secret.height) > CHECK_HASHES);
  const chains = digits.map((steps, index) => along(secret, leaf, index, steps));
  const path = Array.from({ length: secret.height }, (_, level) => tree[((leaves + leaf) >> level) ^ 1]!);
  return Buffer.concat([u32(leaf), u32(OTS_W4), randomiser, ...chains, u32(HEIGHTS[secret.height]!), ...path]);
}
