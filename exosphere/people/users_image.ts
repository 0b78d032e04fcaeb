/*
 * The list of users as one byte image that a device stores as it is (docs/PROTOCOL.md §4, format 1).
 *
 * Input: people with their cards. Output: bytes. Invariant: the index is sorted by key as unsigned bytes,
 * so that a device finds a card by bisection with a few reads of flash.
 */
import { createHash } from "node:crypto";
import { canonicalUid } from "../../firmware/inputs/canonical_uid";
import { USER_FIELDS } from "../../firmware/protocol";

export interface Person {
  cards: string[];
  /** By names of USER_FIELDS; missing means empty. */
  fields: Record<string, string>;
  /** UTC seconds, 0 for open. */
  validFrom: number;
  validUntil: number;
}

const FORMAT = 1;
const HEAD_BYTES = 8;
const KEY_BYTES = 12;
const ENTRY_BYTES = 15;
/** Up to so many bytes a uid is its own key. */
const UID_MAX = 10;
/** The longest uid that a row holds. */
const UID_BYTES_MAX = 64;
const FIELD_BYTES_MAX = 64;

/** A uid as readers write it (canonical_uid.ts); people also type blanks that are none of ASCII's. */
export function normalizedUid(uid: string): string {
  return canonicalUid(uid.replace(/\s/gu, " "));
}

/** Key of a card in the index; undefined when the uid is empty or too long. */
export function cardKey(written: string): Buffer | undefined {
  const uid = normalizedUid(written);
  const isHex = /^(?:[0-9A-F]{2})+$/.test(uid);
  const bytes = isHex ? Buffer.from(uid, "hex") : Buffer.from(uid, "utf8");
  if (bytes.length === 0 || Buffer.byteLength(uid) > UID_BYTES_MAX) return undefined;
  if (bytes.length > UID_MAX) return Buffer.concat([Buffer.from([3]), createHash("sha256").update(uid, "utf8").digest()], KEY_BYTES);
  return Buffer.concat([Buffer.from([isHex ? 1 : 2]), bytes], KEY_BYTES);
}

/** At most `FIELD_BYTES_MAX` bytes, cut between characters. */
function fieldBytes(text: string): Buffer {
  let cut = text;
  while (Buffer.byteLength(cut) > FIELD_BYTES_MAX) cut = [...cut].slice(0, -1).join("");
  return Buffer.from(cut);
}

function recordOf(person: Person): Buffer {
  const times = Buffer.alloc(8);
  times.writeUInt32BE(person.validFrom, 0);
  times.writeUInt32BE(person.validUntil, 4);
  const parts: Buffer[] = [times];
  USER_FIELDS.forEach((name, number) => {
    const bytes = fieldBytes(person.fields[name] ?? "");
    if (bytes.length > 0) parts.push(Buffer.from([number, bytes.length]), bytes);
  });
  const record = Buffer.concat(parts);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(record.length);
  return Buffer.concat([length, record]);
}

/** The image; cards whose uid no device could look up are left out. */
export function usersImage(people: Person[]): Buffer {
  const entries: { key: Buffer; person: number }[] = [];
  people.forEach((person, index) => {
    for (const uid of person.cards) {
      const key = cardKey(uid);
      if (key !== undefined) entries.push({ key, person: index });
    }
  });
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  const head = Buffer.alloc(HEAD_BYTES);
  head.write("U", 0, "latin1");
  head.writeUInt8(FORMAT, 1);
  head.writeUInt16BE(entries.length, 2);
  const records = people.map(recordOf);
  const offsets: number[] = [];
  let offset = HEAD_BYTES + entries.length * ENTRY_BYTES;
  for (const record of records) {
    offsets.push(offset);
    offset += record.length;
  }
  const index = Buffer.alloc(entries.length * ENTRY_BYTES);
  entries.forEach(({ key, person }, at) => {
    key.copy(index, at * ENTRY_BYTES);
    index.writeUIntBE(offsets[person]!, at * ENTRY_BYTES + KEY_BYTES, 3);
  });
  return Buffer.concat([head, index, ...records]);
}
