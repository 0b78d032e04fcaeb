/*
 * The list of users as one byte image that a device stores as it is (docs/PROTOCOL.md §4, format 1).
 *
 * Input: people with their cards. Output: bytes. Invariant: the index is sorted by key as unsigned bytes,
 * so that a device finds a card by bisection with a few reads of flash.
 */
import { TEXT_BYTES_MAX } from "../../firmware/limits";
import { USER_FIELDS } from "../../firmware/protocol";
import { present } from "../invariant";
import { cardKey, KEY_BYTES } from "./card";
import type { Person } from "./person_documents";

const FORMAT = 1;
const HEAD_BYTES = 8;
const ENTRY_BYTES = 15;

/** At most `TEXT_BYTES_MAX` bytes, cut between characters. */
function fieldBytes(text: string): Buffer {
  let cut = text;
  while (Buffer.byteLength(cut) > TEXT_BYTES_MAX) cut = [...cut].slice(0, -1).join("");
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
    index.writeUIntBE(present(offsets[person], "each person has a record"), at * ENTRY_BYTES + KEY_BYTES, 3);
  });
  return Buffer.concat([head, index, ...records]);
}
