/*
 * Device keys at rest. HMAC needs them in clear, so they are encrypted with a secret that is not in the
 * database: a copy of the database alone signs nothing.
 *
 * Input: a key and the endpoint's secret. Output: text for the database, and back. Invariant: AES-256-GCM
 * with a fresh nonce each time; a damaged or foreign text is an error, never a wrong key.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

function cipherKey(secret: string): Buffer {
  return createHash("sha256").update(`exosphere device keys\n${secret}`).digest();
}

export function encryptAtRest(secret: string, key: Uint8Array): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", cipherKey(secret), nonce);
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]).toString("base64");
}

/** Throws when the text was not sealed with this secret. */
export function decryptAtRest(secret: string, sealed: string): Buffer {
  const bytes = Buffer.from(sealed, "base64");
  const decipher = createDecipheriv("aes-256-gcm", cipherKey(secret), bytes.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)), decipher.final()]);
}
