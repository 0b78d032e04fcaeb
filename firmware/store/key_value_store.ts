/*
 * Small values that change often: the latest of each kind survives every cut.
 *
 * Input: a kind 1 … STATE_KINDS and a value of at most STATE_BYTES_MAX bytes. Output: the value stored last.
 * Invariants: values are appended with a CRC and read back; a full page is followed by the next one, which
 * counts only once its header is written, after a copy of every kind; so at each instant one page is whole.
 * Format and wear: docs/STORAGE.md §5.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU32, u32, u8 } from "../base/bytes";
import { invariant } from "../base/invariant";
import { erasePage, makeFirm, padded, sealHolds, sealed, writeChecked } from "./flash_page";
import type { Area } from "./flash_page";

/** "SDS" and format version 1. */
export const STATE_MAGIC: Bytes = "SDS" + u8(1);
export const STATE_HEADER_BYTES = 12;
export const STATE_KINDS = 15;
/** Longest value; all kinds at this length would fill the page, see STATE_ROOM. */
export const STATE_BYTES_MAX = 240;

/** @packed */
export interface State {
  flash: FlashPort;
  crypto: CryptoPort;
  address: number;
  pages: number;
  /** Sequence of the page in force, -1 before the first; it lives at position sequence modulo pages. */
  page: number;
  /** Offset of the next value. */
  offset: number;
  /** Offset of each kind's latest value in the page, by kind; a kind that was never stored has none. */
  offsets: number[];
  /** Pages and writes that failed since start. */
  faults: number;
}

/** One value with kind, length and CRC, padded. Kind 0xFF is blank flash. */
function valueRecord(crypto: CryptoPort, page: number, kind: number, value: Bytes): Bytes {
  const bytes = u8(kind) + u8(value.length) + value;
  return padded(bytes + crypto.crc32(u32(page) + bytes));
}

/** The value at `offset` of the page in force; undefined when no whole one is there. */
function valueAt(state: State, offset: number): Bytes | undefined {
  const address = state.address + state.page % state.pages * state.flash.pageBytes;
  const room = state.flash.pageBytes - offset;
  if (room < 8) return undefined;
  const bytes = state.flash.read(address + offset, room < STATE_BYTES_MAX + 6 ? room : STATE_BYTES_MAX + 6);
  const kind = bytes.charCodeAt(0);
  const length = bytes.charCodeAt(1);
  if (kind < 1 || kind > STATE_KINDS || length > STATE_BYTES_MAX || length + 6 > room) return undefined;
  const end = length + 2;
  if (state.crypto.crc32(u32(state.page) + bytes.substring(0, end)) !== bytes.substring(end, end + 4)) return undefined;
  return bytes.substring(0, end);
}

/** Recovers the values in `area` (at least 2 pages), whatever it holds. */
export function openState(flash: FlashPort, crypto: CryptoPort, area: Area): State {
  const pages = Math.floor(area.bytes / flash.pageBytes);
  invariant(pages >= 2 && area.address % flash.pageBytes === 0, "STATE_AREA");
  const state: State = { flash: flash, crypto: crypto, address: area.address, pages: pages, page: -1, offset: flash.pageBytes, offsets: [], faults: 0 };
  for (let position = 0; position < pages; position++) {
    const bytes = flash.read(area.address + position * flash.pageBytes, STATE_HEADER_BYTES);
    const page = readU32(bytes, 4);
    if (bytes.substring(0, 4) !== STATE_MAGIC || !sealHolds(crypto, bytes)) continue;
    if (page > state.page && page < 2000000000 && page % pages === position) state.page = page;
  }
  if (state.page < 0) return state;
  let last = 0;
  state.offset = STATE_HEADER_BYTES;
  for (;;) {
    const value = valueAt(state, state.offset);
    if (value === undefined) break;
    last = state.offset;
    state.offsets[value.charCodeAt(0)] = state.offset;
    state.offset += Math.ceil((value.length + 4) / 4) * 4;
  }
  const address = area.address + state.page % pages * flash.pageBytes;
  makeFirm(flash, address, STATE_HEADER_BYTES);
  if (last > 0) makeFirm(flash, address + last, state.offset - last);
  return state;
}

/** The value of `kind` stored last; undefined when there is none. */
export function readState(state: State, kind: number): Bytes | undefined {
  const offset = state.offsets[kind] as number | undefined;
  const value = offset === undefined ? undefined : valueAt(state, offset);
  return value === undefined ? undefined : value.substring(2);
}

/** Copies every kind but `without` to the next page that works, adds `record`'s value and puts it in force. */
function changePage(state: State, without: number, value: Bytes): "stored" | "fault" {
  const flash = state.flash;
  // Every page but the one in force, twice: a write that did nothing once is no reason to give up.
  const others = state.page < 0 ? state.pages : state.pages - 1;
  for (let attempt = 0; attempt < 2 * others; attempt++) {
    const page = state.page + 1 + attempt % others;
    const address = state.address + page % state.pages * flash.pageBytes;
    // Power cut from here to the header: the page in force stays so; this one is erased again.
    let whole = erasePage(flash, address);
    const offsets: number[] = [];
    let offset = STATE_HEADER_BYTES;
    for (let kind = 1; kind <= STATE_KINDS; kind++) {
      const old = kind === without ? value : readState(state, kind);
      if (old === undefined) continue;
      offsets[kind] = offset;
      const record = valueRecord(state.crypto, page, kind, old);
      if (offset + record.length > flash.pageBytes) return "fault";
      whole = whole && writeChecked(flash, address + offset, record);
      offset += record.length;
    }
    // After the header: this page, with the newest sequence, is the one in force.
    if (whole && writeChecked(flash, address, sealed(state.crypto, STATE_MAGIC + u32(page)))) {
      state.page = page;
      state.offset = offset;
      state.offsets = offsets;
      return "stored";
    }
    state.faults++;
  }
  return "fault";
}

/**
 * Stores a value of 0 … STATE_BYTES_MAX bytes. "stored": read back; "fault": flash failed, or all kinds
 * together exceed a page; the value before it stays.
 * @part state
 */
export function writeState(state: State, kind: number, value: Bytes): "stored" | "fault" {
  invariant(kind >= 1 && kind <= STATE_KINDS && value.length <= STATE_BYTES_MAX, "STATE_VALUE");
  if (state.page >= 0) {
    const record = valueRecord(state.crypto, state.page, kind, value);
    if (state.offset + record.length <= state.flash.pageBytes) {
      // Power cut during the write: the record is torn, the scan ends before it, the old value holds.
      if (writeChecked(state.flash, state.address + state.page % state.pages * state.flash.pageBytes + state.offset, record)) {
        state.offsets[kind] = state.offset;
        state.offset += record.length;
        return "stored";
      }
      state.faults++;
    }
  }
  return changePage(state, kind, value);
}
