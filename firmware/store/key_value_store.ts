/*
 * Small values that change often: the latest of each key survives every cut.
 *
 * Input: a key 1 … KEYS_MAX and a value of at most VALUE_BYTES_MAX bytes. Output: the value stored last.
 * Invariants: values are appended with a CRC and read back; a full page is followed by the next one, which
 * counts only once its header is written, after a copy of every key; so at each instant one page is whole.
 * Format and wear: docs/STORAGE.md §5.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import { invariant } from "../base/invariant";
import { erasePage, rewriteWeakBits, padded, crcMatches, withCrc, writeChecked } from "./flash_page";
import type { Area } from "./flash_page";
import { KEYS_MAX, VALUE_BYTES_MAX } from "../limits";

/** "SDS" and format version 1. */
export const KEY_VALUE_MAGIC: Bytes = "SDS" + u8(1);
export const KEY_VALUE_HEADER_BYTES = 12;

/** @packed */
export interface KeyValueStore {
  flash: FlashPort;
  crypto: CryptoPort;
  address: number;
  pages: number;
  /** Sequence of the page in force, -1 before the first; it lives at position sequence modulo pages. */
  page: number;
  /** Offset of the next value. */
  offset: number;
  /** Offset of each key's latest value in the page, by key; a key that was never stored has none. */
  offsets: number[];
  /** Pages and writes that failed since start. */
  faults: number;
}

/** One value with key, length and CRC, padded. Key 0xFF is blank flash. */
function valueRecord(crypto: CryptoPort, page: number, key: number, value: Bytes): Bytes {
  const bytes = u8(key) + u8(value.length) + value;
  return padded(bytes + crypto.crc32(u32(page) + bytes));
}

/** The value at `offset` of the page in force; undefined when no whole one is there. */
function valueAt(store: KeyValueStore, offset: number): Bytes | undefined {
  const address = store.address + store.page % store.pages * store.flash.pageBytes;
  const room = store.flash.pageBytes - offset;
  if (room < 8) return undefined;
  const bytes = store.flash.read(address + offset, room < VALUE_BYTES_MAX + 6 ? room : VALUE_BYTES_MAX + 6);
  const key = bytes.charCodeAt(0);
  const length = bytes.charCodeAt(1);
  if (key < 1 || key > KEYS_MAX || length > VALUE_BYTES_MAX || length + 6 > room) return undefined;
  const end = length + 2;
  if (store.crypto.crc32(u32(store.page) + bytes.substring(0, end)) !== bytes.substring(end, end + 4)) return undefined;
  return bytes.substring(0, end);
}

/** Recovers the values in `area` (at least 2 pages), with any content. */
export function openKeyValueStore(flash: FlashPort, crypto: CryptoPort, area: Area): KeyValueStore {
  const pages = Math.floor(area.bytes / flash.pageBytes);
  invariant(pages >= 2 && area.address % flash.pageBytes === 0, "KEY_VALUE_AREA");
  const store: KeyValueStore = { flash: flash, crypto: crypto, address: area.address, pages: pages, page: -1, offset: flash.pageBytes, offsets: [], faults: 0 };
  for (let position = 0; position < pages; position++) {
    const bytes = flash.read(area.address + position * flash.pageBytes, KEY_VALUE_HEADER_BYTES);
    const page = readU32(bytes, 4);
    if (bytes.substring(0, 4) !== KEY_VALUE_MAGIC || !crcMatches(crypto, bytes)) continue;
    if (page > store.page && page < 2000000000 && page % pages === position) store.page = page;
  }
  if (store.page < 0) return store;
  let last = 0;
  store.offset = KEY_VALUE_HEADER_BYTES;
  for (;;) {
    const value = valueAt(store, store.offset);
    if (value === undefined) break;
    last = store.offset;
    store.offsets[value.charCodeAt(0)] = store.offset;
    store.offset += Math.ceil((value.length + 4) / 4) * 4;
  }
  const address = area.address + store.page % pages * flash.pageBytes;
  rewriteWeakBits(flash, address, KEY_VALUE_HEADER_BYTES);
  if (last > 0) rewriteWeakBits(flash, address + last, store.offset - last);
  return store;
}

/** The value of `key` stored last; undefined when there is none. */
export function getValue(store: KeyValueStore, key: number): Bytes | undefined {
  const offset = store.offsets[key] as number | undefined;
  const value = offset === undefined ? undefined : valueAt(store, offset);
  return value === undefined ? undefined : value.substring(2);
}

/** Copies every key but `without` to the next page that works, adds `record`'s value and puts it in force. */
function changePage(store: KeyValueStore, without: number, value: Bytes): "stored" | "fault" {
  const flash = store.flash;
  // Every page but the one in force, twice: a write that did nothing once is no reason to give up.
  const others = store.page < 0 ? store.pages : store.pages - 1;
  for (let attempt = 0; attempt < 2 * others; attempt++) {
    const page = store.page + 1 + attempt % others;
    const address = store.address + page % store.pages * flash.pageBytes;
    // Power cut from here to the header: the page in force stays so; this one is erased again.
    let whole = erasePage(flash, address);
    const offsets: number[] = [];
    let offset = KEY_VALUE_HEADER_BYTES;
    for (let key = 1; key <= KEYS_MAX; key++) {
      const old = key === without ? value : getValue(store, key);
      if (old === undefined) continue;
      offsets[key] = offset;
      const record = valueRecord(store.crypto, page, key, old);
      if (offset + record.length > flash.pageBytes) return "fault";
      whole = whole && writeChecked(flash, address + offset, record);
      offset += record.length;
    }
    // After the header: this page, with the newest sequence, is the one in force.
    if (whole && writeChecked(flash, address, withCrc(store.crypto, KEY_VALUE_MAGIC + u32(page)))) {
      store.page = page;
      store.offset = offset;
      store.offsets = offsets;
      return "stored";
    }
    store.faults++;
  }
  return "fault";
}

/** Stores one piece, of at most VALUE_BYTES_MAX bytes. */
function putPiece(store: KeyValueStore, key: number, value: Bytes): "stored" | "fault" {
  invariant(key >= 1 && key <= KEYS_MAX && value.length <= VALUE_BYTES_MAX, "VALUE_KEY");
  if (store.page >= 0) {
    const record = valueRecord(store.crypto, store.page, key, value);
    if (store.offset + record.length <= store.flash.pageBytes) {
      // Power cut during the write: the record is torn, the scan ends before it, the old value holds.
      if (writeChecked(store.flash, store.address + store.page % store.pages * store.flash.pageBytes + store.offset, record)) {
        store.offsets[key] = store.offset;
        store.offset += record.length;
        return "stored";
      }
      store.faults++;
    }
  }
  return changePage(store, key, value);
}

/**
 * Stores a value. One of more than VALUE_BYTES_MAX bytes takes the keys that follow too, whose pieces are written before
 * the first: who reads them after a cut must see what they belong to (session/latched.ts does). "stored": read back;
 * "fault": flash failed, or all kinds together exceed a page; the value before it stays, or of a long one a part.
 * @part state
 */
export function putValue(store: KeyValueStore, key: number, value: Bytes): "stored" | "fault" {
  for (let place = Math.floor((value.length - 1) / VALUE_BYTES_MAX); place > 0; place--) {
    if (putPiece(store, key + place, value.substring(place * VALUE_BYTES_MAX, (place + 1) * VALUE_BYTES_MAX)) !== "stored") return "fault";
  }
  return putPiece(store, key, value.substring(0, VALUE_BYTES_MAX));
}
