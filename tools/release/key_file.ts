/*
 * A signing key in a file: the public key readable, the seed encrypted.
 *
 * Input: a folder, a name, a passphrase. Output: `<name>.key`, made once and never written again, and its record of used
 * leaves beside it (leaves.ts). Invariant: the seed leaves this module in memory only; AES-256-GCM under a key that
 * scrypt (RFC 7914) makes of the passphrase, over the public key too, so that neither can be changed or swapped.
 */
import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beginLeaves, KeyError, nextLeaf, strayed, writeNew } from "./leaves";
import { HEIGHTS, lmsPublicKey, type LmsSecret, lmsTree } from "./lms_signer";

const FORMAT = 1;
/** 32 MiB and about a tenth of a second a try. */
const COST = { N: 32768, r: 8, p: 1, maxmem: 67108864 };
export const PASSPHRASE_MIN = 12;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const NAME = /^[a-z0-9][a-z0-9_-]{0,31}$/;

interface KeyDocument {
  format: number;
  height: number;
  /** Hexadecimal. */
  public: string;
  salt: string;
  /** Nonce, ciphertext, tag; base64. */
  sealed: string;
}

/** An entry in a list of keys. */
export interface KeyFacts {
  name: string;
  height: number;
  /** Hexadecimal, 112 digits. */
  publicKey: string;
  used: number;
  /** Why it signs nothing here; "" when it does. */
  problem: string;
}

function fileOf(folder: string, name: string): string {
  if (!NAME.test(name)) throw new KeyError(`"${name}" is no name for a key: small letters, digits, _ and -, at most 32`);
  return join(folder, `${name}.key`);
}

function readDocument(file: string): KeyDocument {
  if (!existsSync(file)) throw new KeyError(`${file}: there is no such key; 'sdc keys list' shows the keys, 'sdc keys make' makes one`);
  try {
    const document = JSON.parse(readFileSync(file, "utf8")) as KeyDocument;
    if (document.format === FORMAT && document.height in HEIGHTS && /^[0-9A-F]{112}$/.test(document.public)) return document;
  } catch {
    // No JSON: the same sentence.
  }
  throw new KeyError(`${file}: this is not a key of format ${String(FORMAT)}, or it is damaged; bring it back from a backup`);
}

function sealingKey(passphrase: string, salt: Buffer): Buffer {
  return scryptSync(passphrase.normalize("NFC"), salt, 32, COST);
}

/** Makes a key. @returns the public key, hexadecimal @throws KeyError for a name that is taken, a passphrase that is short */
export function makeKey(folder: string, name: string, passphrase: string, height = 10): string {
  const file = fileOf(folder, name);
  if (!(height in HEIGHTS)) throw new KeyError(`a key has height ${Object.keys(HEIGHTS).join(", ")}, not ${String(height)}`);
  if (passphrase.length < PASSPHRASE_MIN) throw new KeyError(`the passphrase has ${String(passphrase.length)} characters; at least ${String(PASSPHRASE_MIN)} keep it from being guessed`);
  if (existsSync(file)) throw new KeyError(`${file}: there is a key of this name; a key is never replaced, choose another name`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const secret: LmsSecret = { height, seed: randomBytes(32), identifier: randomBytes(16) };
  const publicKey = lmsPublicKey(secret, lmsTree(secret));
  const salt = randomBytes(16);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", sealingKey(passphrase, salt), nonce);
  cipher.setAAD(publicKey);
  const sealed = Buffer.concat([nonce, cipher.update(secret.seed), cipher.final(), cipher.getAuthTag()]);
  const document: KeyDocument = { format: FORMAT, height, public: publicKey.toString("hex").toUpperCase(), salt: salt.toString("base64"), sealed: sealed.toString("base64") };
  writeNew(file, `${JSON.stringify(document, undefined, 2)}\n`);
  beginLeaves(file);
  return document.public;
}

/** The secret of a key. @throws KeyError for a wrong passphrase, and for a key that is not there or not whole */
export function openKey(folder: string, name: string, passphrase: string): { file: string; secret: LmsSecret; publicKey: Buffer } {
  const file = fileOf(folder, name);
  const document = readDocument(file);
  const publicKey = Buffer.from(document.public, "hex");
  const sealed = Buffer.from(document.sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", sealingKey(passphrase, Buffer.from(document.salt, "base64")), sealed.subarray(0, NONCE_BYTES));
  decipher.setAAD(publicKey);
  try {
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
    const seed = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, sealed.length - TAG_BYTES)), decipher.final()]);
    return { file, publicKey, secret: { height: document.height, seed, identifier: publicKey.subarray(8, 24) } };
  } catch {
    throw new KeyError(`${file}: the passphrase does not open this key, or the file is damaged`);
  }
}

/** Facts about a key that need no passphrase. @throws KeyError */
export function keyFacts(folder: string, name: string): KeyFacts {
  const file = fileOf(folder, name);
  const document = readDocument(file);
  const facts: KeyFacts = { name, height: document.height, publicKey: document.public, used: 0, problem: "" };
  try {
    facts.used = nextLeaf(file);
    facts.problem = strayed(file);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    facts.problem = error.message;
  }
  return facts;
}

/** File and height of a key, for who adopts it. @throws KeyError */
export function keyPlace(folder: string, name: string): { file: string; height: number } {
  const file = fileOf(folder, name);
  return { file, height: readDocument(file).height };
}

/** Names of all keys of a folder, sorted. */
export function keyNames(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".key")).map((name) => name.slice(0, -4)).sort();
}
