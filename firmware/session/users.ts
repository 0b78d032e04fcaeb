/*
 * The list of users in flash, searched without loading it.
 *
 * Input: a read function over the committed table of store/blob, and a card's uid. Output: the user's record, or why
 * there is none. Invariants: at most USER_READS_MAX flash reads a look-up, however many users; bytes of any content
 * give an answer and never throw; a block that flash has lost makes a card unknown, never another user's.
 *
 * Layout, format 1 (docs/PROTOCOL.md §4):
 *   head    "U", format, count of cards (2 bytes), 8 bytes
 *   index   count entries of USER_ENTRY_BYTES, sorted by key: key (USER_KEY_BYTES), offset of the record (3 bytes)
 *   record  length of the rest (2 bytes), valid from, valid until (4 bytes each, UTC seconds, 0 open),
 *           then field number, length, text for each field that is not empty
 * A key is one byte (1: bytes of hexadecimal, 2: text, 3: the first bytes of the SHA-256 of a uid that is longer, or
 * whose last byte is zero) and the uid, filled up with zero bytes.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex, hexOf, readU16, readU32, u8 } from "../base/bytes";
import { readBlob } from "../store/blob";
import type { Blob } from "../store/blob";
import { USER_RECORD_BYTES_MAX, USER_UID_BYTES_MAX } from "../limits";

export const USERS_FORMAT = 1;
export const USERS_HEAD_BYTES = 8;
export const USER_KEY_BYTES = 12;
export const USER_ENTRY_BYTES = 15;

export interface UserTable {
  /** Reads bytes of the committed table; the store's blob read. */
  read: (offset: number, length: number) => Bytes;
  /** Bytes of the table, 0 while there is none. */
  bytes: number;
  /** CryptoPort.sha256. */
  sha256: (this: void, bytes: Bytes) => Bytes;
}

export interface User {
  /** "early" and "expired" are judged by the wall clock; while that is unknown no card is refused. */
  state: "known" | "unknown" | "early" | "expired";
  /** The same for all cards of a user, 0 for an unknown card. */
  id: number;
  /** Field number, length, text, … ; "" unless known. */
  fields: Bytes;
}

/** The uid as it is sorted and compared, USER_KEY_BYTES; "" for none, or when there is no memory for a SHA-256 that it needs. */
export function userKey(uid: Bytes, sha256: (this: void, bytes: Bytes) => Bytes): Bytes {
  if (uid === "") return "";
  const bytes = bytesOfHex(uid);
  let key = bytes !== undefined && hexOf(bytes) === uid ? u8(1) + bytes : u8(2) + uid;
  // Filled up, 04 and 04 00 would be one card, and the session of one person on another's bill.
  if (key.length > USER_UID_BYTES_MAX + 1 || key.charCodeAt(key.length - 1) === 0) {
    const hash = sha256(uid);
    return hash === "" ? "" : u8(3) + hash.substring(0, USER_KEY_BYTES - 1);
  }
  while (key.length < USER_KEY_BYTES) key += u8(0);
  return key;
}

/** Looks a card up at `epochS` (UTC seconds, 0 while the time is unknown). */
export function findUser(users: UserTable, uid: Bytes, epochS: number): User {
  const user: User = { state: "unknown", id: 0, fields: "" };
  const key = userKey(uid, users.sha256);
  if (key === "" || users.bytes < USERS_HEAD_BYTES) return user;
  const head = users.read(0, USERS_HEAD_BYTES);
  if (head.length !== USERS_HEAD_BYTES || head.charAt(0) !== "U" || head.charCodeAt(1) !== USERS_FORMAT) return user;
  let low = 0;
  let high = readU16(head, 2);
  if (USERS_HEAD_BYTES + high * USER_ENTRY_BYTES > users.bytes) return user;
  // Invariant: every entry below `low` sorts before the key, every entry from `high` on does not.
  let offset = 0;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const entry = users.read(USERS_HEAD_BYTES + middle * USER_ENTRY_BYTES, USER_ENTRY_BYTES);
    if (entry.length !== USER_ENTRY_BYTES) return user;
    const found = entry.substring(0, USER_KEY_BYTES);
    if (found === key) {
      offset = entry.charCodeAt(USER_KEY_BYTES) * 65536 + readU16(entry, USER_KEY_BYTES + 1);
      break;
    }
    if (found < key) low = middle + 1;
    else high = middle;
  }
  if (offset < USERS_HEAD_BYTES || offset + 2 > users.bytes) return user;
  const size = users.read(offset, 2);
  if (size.length !== 2) return user;
  const length = readU16(size, 0);
  if (length < 8 || length > USER_RECORD_BYTES_MAX || offset + 2 + length > users.bytes) return user;
  const record = users.read(offset + 2, length);
  if (record.length !== length) return user;
  const from = readU32(record, 0);
  const until = readU32(record, 4);
  user.id = offset;
  user.state = "known";
  if (epochS > 0 && from > epochS) user.state = "early";
  else if (epochS > 0 && until > 0 && until <= epochS) user.state = "expired";
  else user.fields = record.substring(8);
  return user;
}

/** Text of field `field` (its place in USER_FIELDS of protocol.ts); "" when the user has none. */
export function userField(fields: Bytes, field: number): Bytes {
  let at = 0;
  while (at + 2 <= fields.length) {
    const length = fields.charCodeAt(at + 1);
    if (fields.charCodeAt(at) === field) return fields.substring(at + 2, at + 2 + length);
    at += 2 + length;
  }
  return "";
}

/** Do two uids belong to the same person: the same card, or two cards of one entry of the list? */
export function sameUser(users: UserTable, uid: Bytes, other: Bytes): boolean {
  if (uid === other) return true;
  const first = findUser(users, uid, 0);
  return first.id !== 0 && first.id === findUser(users, other, 0).id;
}

/** The list of this board, empty without room for one. Made for one look-up and dropped. */
export function usersOf(blob: Blob | undefined): UserTable {
  return {
    read: function (offset: number, length: number): Bytes {
      const piece = blob === undefined ? undefined : readBlob(blob, offset, length);
      return piece === undefined ? "" : piece;
    },
    bytes: blob === undefined ? 0 : blob.length,
    sha256: function (this: void, bytes: Bytes): Bytes {
      return blob === undefined ? "" : blob.crypto.sha256(bytes);
    },
  };
}

/** As findUser, in the list of this board; undefined on a board without room for one. @part user */
export function lookUpUser(blob: Blob | undefined, uid: Bytes, epochS: number): User {
  return findUser(usersOf(blob), uid, epochS);
}
