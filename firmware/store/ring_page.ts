/*
 * The ring's pages: header, records and marks as bytes. docs/STORAGE.md §4.
 *
 * Input: a Ring record and flash. Output: what a page's header says, where its records lie, and whether
 * each is pending for the selected endpoint. Invariants: page sequence S lives at position S modulo the number of
 * pages, and a header counts only there; so old pages of another ring never mix in. A page says for how many
 * endpoints its records are, and has states for each of them; with one it is of format 1, with more of format 2.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU16, readU32, u16, u32, u8 } from "../base/bytes";
import { ENDPOINTS_MAX, PAYLOAD_BYTES_MAX, SEQUENCE_MAX } from "../limits";
import { blank, crcMatches, withCrc } from "./flash_page";

/** "SDR" and the format version: 1 for one endpoint, 2 for several. */
export const RING_MAGIC: Bytes = "SDR" + u8(1);
export const RING_MAGIC_SEVERAL: Bytes = "SDR" + u8(2);
/** Bytes of the header with its CRC, and offsets of the words after it that are cleared in place. */
export const RING_HEADER_BYTES = 28;
export const RING_DRAINED = 28;
export const RING_DROPPED = 32;
export const RING_REFUSED = 36;
export const RING_REFUSED_BYTES = 8;
export const RING_QUARANTINED = 44;
export const RING_QUARANTINED_BYTES = 4;
export const RING_STATES = 48;
/** In front of the states for a further endpoint: its own word "drained". */
export const RING_FURTHER_DRAINED_BYTES = 4;
/** A record's two-bit state. */
export const ROW_VOID = 0;
export const ROW_QUARANTINED = 1;
export const ROW_ACKNOWLEDGED = 2;
export const ROW_PENDING = 3;

/** Bytes of flash kept in memory while records are walked. */
const WINDOW_BYTES = 256;

/** How far one endpoint has come. @packed */
export interface RingPlace {
  endpoint: number;
  tail: number;
  tailOffset: number;
  tailIndex: number;
  pending: number;
}

/** @packed */
export interface Ring {
  flash: FlashPort;
  crypto: CryptoPort;
  address: number;
  /** Pages of the area, records of one page. */
  pages: number;
  slots: number;
  dropOldest: boolean;
  /** Endpoints that new records are for; the one (from 0) that tail, pending and states are of; the places of the others. */
  endpoints: number;
  endpoint: number;
  others: RingPlace[];
  /** The newest page's sequence (-1: none yet), the offset of the next record there, and records there. */
  head: number;
  headOffset: number;
  headSlots: number;
  /** Sequence for the next record. */
  nextSequence: number;
  /** Nothing before this place is pending. */
  tail: number;
  tailOffset: number;
  tailIndex: number;
  /** Records waiting. */
  pending: number;
  /** Records ever quarantined, records ever refused or dropped (for the life of the ring). */
  quarantined: number;
  lost: number;
  /** Writes and pages that failed since start. */
  faults: number;
  /** Refusals and asides since the head page was opened. */
  headRefused: number;
  headQuarantined: number;
  /** The head page whose word RING_DROPPED is already in `lost`, -1 for none. */
  dropCountedAtPage: number;
  /** Results of the latest readHeader; `found` is the page sequence, -1 for none. */
  found: number;
  foundSequence: number;
  foundLost: number;
  foundQuarantined: number;
  foundDrained: boolean;
  foundEndpoints: number;
  /** Cached flash: a window of one page, and one page's states for the selected endpoint; "": the page is not for it. */
  windowAt: number;
  window: Bytes;
  statesOf: number;
  states: Bytes;
}

/** A place in the ring. Make one with createCursor and let the ring fill it. @packed */
export interface RingCursor {
  page: number;
  offset: number;
  /** Number of the record within its page. */
  index: number;
  /** Bytes of head and payload of the record here. */
  headBytes: number;
  payloadBytes: number;
  /** Sequence of the row, set by readPending; -1 before, or when the payload is not a row. */
  sequence: number;
}

/** Records that a page of `pageBytes` can number: 32 for every 1,366 bytes or part of it. */
export function ringSlots(pageBytes: number): number {
  return 32 * Math.ceil(pageBytes / 1366);
}

export function createCursor(): RingCursor {
  return { page: 0, offset: 0, index: 0, headBytes: 0, payloadBytes: 0, sequence: -1 };
}

/** Address of the page that holds (or would hold) page sequence `page`. */
export function pageAddress(ring: Ring, page: number): number {
  return ring.address + page % ring.pages * ring.flash.pageBytes;
}

/** Offset of the states for an endpoint. */
function statesOffset(ring: Ring, endpoint: number): number {
  return RING_STATES + endpoint * (Math.floor(ring.slots / 4) + RING_FURTHER_DRAINED_BYTES);
}

/** Offset of the first record in a page for so many endpoints. */
export function recordsOffset(ring: Ring, endpoints: number): number {
  return statesOffset(ring, endpoints - 1) + Math.floor(ring.slots / 4);
}

/** Offset of the selected endpoint's word "drained". */
export function drainedOffset(ring: Ring): number {
  return ring.endpoint === 0 ? RING_DRAINED : statesOffset(ring, ring.endpoint) - RING_FURTHER_DRAINED_BYTES;
}

/** A page's header with its CRC. */
export function ringHeader(ring: Ring, page: number): Bytes {
  const head = ring.endpoints === 1 ? RING_MAGIC + u32(page) + u16(ring.pages) + u16(ring.slots) : RING_MAGIC_SEVERAL + u32(page) + u16(ring.pages) + u8(ring.endpoints) + u8(ring.slots);
  return withCrc(ring.crypto, head + u32(ring.nextSequence) + u32(ring.lost) + u32(ring.quarantined));
}

/** Reads the header at a position 0 … pages - 1 into ring.found…; false when no valid one is there. */
export function readHeader(ring: Ring, position: number): boolean {
  const bytes = ring.flash.read(ring.address + position * ring.flash.pageBytes, RING_DROPPED);
  ring.found = -1;
  const magic = bytes.substring(0, 4);
  if ((magic !== RING_MAGIC && magic !== RING_MAGIC_SEVERAL) || !crcMatches(ring.crypto, bytes.substring(0, RING_HEADER_BYTES))) return false;
  // Byte 10 is 0 in format 1, whose pages number fewer than 256 records.
  const endpoints = magic === RING_MAGIC ? 1 : bytes.charCodeAt(10);
  if (endpoints < 1 || endpoints > ENDPOINTS_MAX || readU16(bytes, 8) !== ring.pages || bytes.charCodeAt(11) !== ring.slots) return false;
  const page = readU32(bytes, 4);
  ring.foundSequence = readU32(bytes, 12);
  ring.foundLost = readU32(bytes, 16);
  ring.foundQuarantined = readU32(bytes, 20);
  if (page < 0 || page > SEQUENCE_MAX || page % ring.pages !== position) return false;
  if (ring.foundSequence < 1 || ring.foundSequence > SEQUENCE_MAX || ring.foundLost < 0 || ring.foundQuarantined < 0) return false;
  ring.foundEndpoints = endpoints;
  // A page that is not for the endpoint holds nothing pending for it, and neither do older ones.
  ring.foundDrained = ring.endpoint >= endpoints ||
    (ring.endpoint === 0 ? bytes.substring(RING_DRAINED) : ring.flash.read(pageAddress(ring, page) + drainedOffset(ring), RING_FURTHER_DRAINED_BYTES)) === u32(0);
  ring.found = page;
  return true;
}

/** Whether flash holds page sequence `page`; fills ring.found…. */
export function holdsPage(ring: Ring, page: number): boolean {
  return readHeader(ring, page % ring.pages) && ring.found === page;
}

/** State, for the selected endpoint, of record `index` of page sequence `page`; what is not for it counts as acknowledged. */
export function stateOf(ring: Ring, page: number, index: number): number {
  if (ring.statesOf !== page) {
    const address = pageAddress(ring, page);
    const head = ring.endpoint === 0 ? "" : ring.flash.read(address, 12);
    const hasStates = ring.endpoint === 0 || (head.substring(0, 4) === RING_MAGIC_SEVERAL && ring.endpoint < head.charCodeAt(10));
    ring.states = hasStates ? ring.flash.read(address + statesOffset(ring, ring.endpoint), Math.floor(ring.slots / 4)) : "";
    ring.statesOf = page;
  }
  if (ring.states === "") return ROW_ACKNOWLEDGED;
  return Math.floor(ring.states.charCodeAt(Math.floor(index / 4)) / Math.pow(4, index % 4)) % 4;
}

/** Whether page sequence `page` has states for the selected endpoint. */
export function isForEndpoint(ring: Ring, page: number): boolean {
  stateOf(ring, page, 0);
  return ring.states !== "";
}

/**
 * Clears state bits of one record for the selected endpoint: `bits` 1 acknowledges, 2 quarantines, 3 voids. True when they read 0.
 * Power cut: before, the record is as it was; after, it has the new state; of two bits one may be cleared,
 * which is a state that is not sent either.
 */
export function clearState(ring: Ring, page: number, index: number, bits: number): boolean {
  const place = Math.floor(index / 4) % 4;
  const mask = 255 - bits * Math.pow(4, index % 4);
  const address = pageAddress(ring, page) + statesOffset(ring, ring.endpoint) + Math.floor(index / 16) * 4;
  ring.flash.write(address, blank(3).substring(0, place) + u8(mask) + blank(3).substring(place));
  ring.statesOf = -1;
  const state = stateOf(ring, page, index);
  return bits === 1 ? state % 2 === 0 : bits === 2 ? state < 2 : state === 0;
}

/**
 * Reads the record's head at the cursor. False at the end of the page's records: no room, no number left,
 * blank, or a length that no record has. A torn length reads too long, never too short, so what is
 * accepted always reaches beyond the damage.
 */
export function loadRecord(ring: Ring, cursor: RingCursor): boolean {
  const room = ring.flash.pageBytes - cursor.offset;
  if (cursor.index >= ring.slots || room < 6) return false;
  const address = pageAddress(ring, cursor.page) + cursor.offset;
  const inside = address - ring.windowAt;
  if (ring.windowAt < 0 || inside < 0 || inside + 2 > ring.window.length) {
    ring.windowAt = address;
    ring.window = ring.flash.read(address, room < WINDOW_BYTES ? room : WINDOW_BYTES);
  }
  const at = address - ring.windowAt;
  const first = ring.window.charCodeAt(at);
  cursor.headBytes = first < 128 ? 1 : 2;
  cursor.payloadBytes = first < 128 ? first : readU16(ring.window, at) - 32768;
  return cursor.payloadBytes >= 1 && cursor.payloadBytes <= PAYLOAD_BYTES_MAX && cursor.headBytes + cursor.payloadBytes + 4 <= room;
}

/** Frees the flash kept in memory; call it when no walk is under way. */
export function forgetWindow(ring: Ring): void {
  ring.windowAt = -1;
  ring.window = "";
}

/** Moves the cursor behind the record that loadRecord found. */
export function skipRecord(cursor: RingCursor): void {
  cursor.offset += cursor.headBytes + cursor.payloadBytes + 4;
  cursor.index++;
  cursor.sequence = -1;
}

/** Payload of the record that loadRecord found, or undefined when its CRC does not hold. */
export function loadPayload(ring: Ring, cursor: RingCursor): Bytes | undefined {
  const length = cursor.headBytes + cursor.payloadBytes;
  const bytes = ring.flash.read(pageAddress(ring, cursor.page) + cursor.offset, length + 4);
  if (ring.crypto.crc32(u32(cursor.page) + bytes.substring(0, length)) !== bytes.substring(length)) return undefined;
  return bytes.substring(cursor.headBytes, length);
}
