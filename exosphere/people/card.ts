/*
 * The uid of a card: how it is written, and the key under which a device looks it up.
 *
 * Input: a uid as people type it. Output: text, bytes. Invariant: spellings of one card give one key.
 */
import { createHash } from "node:crypto";
import { canonicalUid } from "../../firmware/inputs/canonical_uid";
import { TEXT_BYTES_MAX, USER_UID_BYTES_MAX } from "../../firmware/limits";

export const KEY_BYTES = 12;

/** A uid as readers write it (canonical_uid.ts); people also type blanks that are none of ASCII's. */
export function normalizedUid(uid: string): string {
  return canonicalUid(uid.replace(/\s/gu, " "));
}

/** Key of a card in the index; undefined when the uid is empty or too long. */
export function cardKey(written: string): Buffer | undefined {
  const uid = normalizedUid(written);
  const isHex = /^(?:[0-9A-F]{2})+$/.test(uid);
  const bytes = isHex ? Buffer.from(uid, "hex") : Buffer.from(uid, "utf8");
  if (bytes.length === 0 || Buffer.byteLength(uid) > TEXT_BYTES_MAX) return undefined;
  // A uid that ends with a zero byte would have the key of a shorter one.
  if (bytes.length > USER_UID_BYTES_MAX || bytes.at(-1) === 0) return Buffer.concat([Buffer.from([3]), createHash("sha256").update(uid, "utf8").digest()], KEY_BYTES);
  return Buffer.concat([Buffer.from([isHex ? 1 : 2]), bytes], KEY_BYTES);
}
