/*
 * The manifest of one board's image of a release: what is signed (docs/UPDATE.md).
 *
 * Input: its text. Output: a record, or why it is none; whether this board may take it. Invariants: written in the
 * portable subset, because board, endpoint and tools read it with the same code; a line that is not known is passed
 * over, one that is missing or has another form is an error; nothing here believes that the text is authentic.
 */
import type { Bytes } from "../../hal/ports";
import { bytesOfHex } from "../base/bytes";
import { MANIFEST_BYTES_MAX } from "../limits";
import { LMS_KEY_BYTES } from "./lms";

export const MANIFEST_MAGIC = "SDM1\n";
export const PRODUCT = "session-database-connector";
/** Format that this firmware writes to flash, and of the wire; CHANGELOG.md names both for each release. */
export const STORE_FORMAT = 2;
export const PROTOCOL_FORMAT = 1;
export const HASH_BYTES = 32;
/** Bytes of a piece: whole ones make a page of flash, and a small board has memory for two. */
export const PIECE_BYTES = 1024;
/** The table of the pieces' hashes is itself hashed in parts of this many. */
export const TABLE_HASHES = 32;

export interface Manifest {
  product: string;
  board: string;
  family: string;
  version: string;
  /** Number of the release: a board goes up only. */
  release: number;
  /** Oldest and newest interpreter it was tested with, as 2027 for 2v27. */
  interpreterFrom: number;
  interpreterTo: number;
  /** Oldest store format it reads, the one it writes, and the protocol it speaks. */
  storeFrom: number;
  storeTo: number;
  protocol: number;
  /** Length of the slot, and its CRC as its head spells it. */
  bytes: number;
  crc: string;
  /** Bytes of one piece, of which whole ones make a flash page. */
  pieceBytes: number;
  /** Public keys that the board shall know once this release has proved itself; "" changes nothing. */
  keys: Bytes;
  /** SHA-256 of each TABLE_HASHES hashes of the table. */
  table: Bytes;
}

/** The text behind a name in its line; "" when there is no such line. */
function line(text: Bytes, name: string): string {
  const at = text.indexOf("\n" + name + " ");
  if (at < 0) return "";
  const from = at + name.length + 2;
  const end = text.indexOf("\n", from);
  return end < 0 ? "" : text.substring(from, end);
}

/** A whole number of 1 to 9 digits; -1 for anything else. */
function whole(text: string): number {
  if (text.length < 1 || text.length > 9) return -1;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (!(digit >= 0 && digit <= 9)) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** Bytes of hexadecimal words that a blank separates, each `bytes` long; undefined for another form. */
function words(text: string, bytes: number): Bytes | undefined {
  let all = "";
  for (let at = 0; at < text.length; at += 2 * bytes + 1) {
    const one = bytesOfHex(text.substring(at, at + 2 * bytes));
    if (one === undefined || one.length !== bytes || (at > 0 && text.charAt(at - 1) !== " ")) return undefined;
    all += one;
  }
  return all;
}

/** The numbers of a line of two. */
function pair(text: string, second: boolean): number {
  const blank = text.indexOf(" ");
  return blank < 0 ? -1 : whole(second ? text.substring(blank + 1) : text.substring(0, blank));
}

/** Reads a manifest; "" filled with what was found, or the name of the line that is wrong. */
export function readManifest(text: Bytes): Manifest | string {
  if (text.length > MANIFEST_BYTES_MAX) return "length";
  if (text.substring(0, MANIFEST_MAGIC.length) !== MANIFEST_MAGIC) return "format";
  const interpreter = line(text, "interpreter");
  const store = line(text, "store");
  const keys = words(line(text, "keys"), LMS_KEY_BYTES);
  const table = words(line(text, "table"), HASH_BYTES);
  const manifest: Manifest = {
    product: line(text, "product"), board: line(text, "board"), family: line(text, "family"), version: line(text, "version"), release: whole(line(text, "release")),
    interpreterFrom: pair(interpreter, false), interpreterTo: pair(interpreter, true), storeFrom: pair(store, false), storeTo: pair(store, true), protocol: whole(line(text, "protocol")),
    bytes: whole(line(text, "bytes")), crc: line(text, "crc"), pieceBytes: whole(line(text, "piece")), keys: keys === undefined ? "" : keys, table: table === undefined ? "" : table,
  };
  if (keys === undefined || manifest.keys.length > 2 * LMS_KEY_BYTES) return "keys";
  if (manifest.product === "") return "product";
  if (manifest.board === "") return "board";
  if (manifest.family === "") return "family";
  if (manifest.version === "") return "version";
  if (manifest.release < 1) return "release";
  if (manifest.interpreterFrom < 0 || manifest.interpreterTo < manifest.interpreterFrom) return "interpreter";
  if (manifest.storeFrom < 1 || manifest.storeTo < manifest.storeFrom) return "store";
  if (manifest.protocol < 1) return "protocol";
  if (manifest.bytes < 1) return "bytes";
  if (manifest.crc.length !== 10) return "crc";
  if (manifest.pieceBytes < 256 || manifest.pieceBytes > 4096 || manifest.pieceBytes % 4 !== 0) return "piece";
  const pieces = Math.ceil(manifest.bytes / manifest.pieceBytes);
  if (table === undefined || table.length !== HASH_BYTES * Math.ceil(pieces / TABLE_HASHES)) return "table";
  return manifest;
}

/** A board's properties that decide whether a release is for it. */
export interface UpdateTarget {
  board: string;
  family: string;
  /** As 2029; what is behind it does not count. */
  interpreter: number;
  /** Number of the release that runs. */
  release: number;
  /** Bytes of the place of the slot that does not run. */
  placeBytes: number;
}

/** Why a board does not take this release, a word; "" when it does. */
export function manifestRefusal(manifest: Manifest, target: UpdateTarget): string {
  if (manifest.product !== PRODUCT) return "product";
  if (manifest.family !== target.family) return "family";
  if (manifest.board !== target.board) return "board";
  if (manifest.release <= target.release) return "older";
  if (target.interpreter < manifest.interpreterFrom || target.interpreter > manifest.interpreterTo) return "interpreter";
  if (STORE_FORMAT < manifest.storeFrom || STORE_FORMAT > manifest.storeTo) return "store";
  if (manifest.protocol !== PROTOCOL_FORMAT) return "protocol";
  if (manifest.pieceBytes !== PIECE_BYTES) return "piece";
  return manifest.bytes > target.placeBytes ? "room" : "";
}
