/*
 * The ring from its reader's side: the records that wait, oldest first, and their marks.
 *
 * Input: a Ring with its selected endpoint, and a cursor that the caller owns. Output: payloads, and marks in flash. Invariants: a
 * record is shown while its two state bits are 1 and its CRC holds, and never again after a mark; a page
 * is drained only when nothing in it or before it is pending. docs/STORAGE.md §4.4.
 */
import type { Bytes } from "../../hal/ports";
import { readU16, readU32, u32 } from "../base/bytes";
import { countUp } from "./flash_page";
import {
  clearState, drainedOffset, holdsPage, isForEndpoint, loadPayload, loadRecord, pageAddress, recordsOffset, RING_QUARANTINED, RING_QUARANTINED_BYTES, skipRecord, ROW_PENDING, stateOf,
} from "./ring_page";
import type { Ring, RingCursor } from "./ring_page";

/** Sequence in a row's bytes (second element of its CBOR array); -1 when the bytes are no row. */
export function recordSequence(payload: Bytes): number {
  const first = payload.charCodeAt(0);
  const head = payload.charCodeAt(2);
  if (payload.length < 3 || first < 130 || first > 151 || payload.charCodeAt(1) > 23) return -1;
  if (head < 24) return head;
  if (head === 24 && payload.length > 3) return payload.charCodeAt(3);
  if (head === 25 && payload.length > 4) return readU16(payload, 3);
  if (head === 26 && payload.length > 6) return readU32(payload, 3);
  return -1;
}

/** Payload of the record at the cursor, and cursor.sequence; undefined when its CRC does not hold. */
export function readPending(ring: Ring, cursor: RingCursor): Bytes | undefined {
  const payload = cursor.page < ring.tail ? undefined : loadPayload(ring, cursor);
  cursor.sequence = payload === undefined ? -1 : recordSequence(payload);
  return payload;
}

/**
 * Moves the cursor, from where it is, to a pending record; false when none is left. With `oldest` the
 * cursor started at the ring's tail: pages that it leaves are marked as drained, and damaged records are quarantined.
 */
function seekPending(ring: Ring, cursor: RingCursor, oldest: boolean): boolean {
  while (cursor.page <= ring.head) {
    const held = cursor.index > 0 || holdsPage(ring, cursor.page);
    if (held && cursor.index === 0) cursor.offset = recordsOffset(ring, ring.foundEndpoints);
    while (held && (cursor.page < ring.head || cursor.index < ring.headSlots) && loadRecord(ring, cursor)) {
      if (stateOf(ring, cursor.page, cursor.index) === ROW_PENDING) {
        if (!oldest || loadPayload(ring, cursor) !== undefined) return true;
        // A torn record of a page that was given up, or flash that lost bits: it can never be sent.
        ring.faults++;
        clearState(ring, cursor.page, cursor.index, 2);
      }
      skipRecord(cursor);
    }
    if (cursor.page === ring.head) return false;
    // Power cut before: the next start walks this page once more. After: it begins behind it.
    if (oldest && held && isForEndpoint(ring, cursor.page)) ring.flash.write(pageAddress(ring, cursor.page) + drainedOffset(ring), u32(0));
    cursor.page++;
    cursor.index = 0;
  }
  return false;
}

/** Puts the cursor on the oldest record that waits; false when there is none. */
export function firstPending(ring: Ring, cursor: RingCursor): boolean {
  cursor.page = ring.tail;
  cursor.offset = ring.tailOffset;
  cursor.index = ring.tailIndex;
  cursor.sequence = -1;
  const found = seekPending(ring, cursor, true);
  if (!found) ring.pending = 0;
  ring.tail = cursor.page;
  ring.tailOffset = cursor.offset;
  ring.tailIndex = cursor.index;
  return found;
}

/** Puts the cursor on the next waiting record behind it; false when there is none. */
export function nextPending(ring: Ring, cursor: RingCursor): boolean {
  // Its page was dropped to make room: what is oldest now comes next.
  if (cursor.page < ring.tail) return firstPending(ring, cursor);
  skipRecord(cursor);
  return seekPending(ring, cursor, false);
}

function mark(ring: Ring, cursor: RingCursor, bits: number): "ok" | "fault" {
  // A page before the tail was drained or dropped, perhaps erased: the record is gone and its slot may have been reused.
  if (cursor.page < ring.tail || cursor.page > ring.head) return "ok";
  if (stateOf(ring, cursor.page, cursor.index) !== ROW_PENDING) return "ok";
  if (!clearState(ring, cursor.page, cursor.index, bits)) {
    ring.faults++;
    return "fault";
  }
  if (ring.pending > 0) ring.pending--;
  return "ok";
}

/** The record arrived: it is not shown again. "fault": the mark did not hold, the record stays pending. */
export function acknowledge(ring: Ring, cursor: RingCursor): "ok" | "fault" {
  return mark(ring, cursor, 1);
}

/** The endpoint refuses the record: it is kept until its page is needed, counted, and not shown again. */
export function quarantine(ring: Ring, cursor: RingCursor): "ok" | "fault" {
  const before = ring.pending;
  const result = mark(ring, cursor, 2);
  if (ring.pending < before) {
    ring.quarantined++;
    ring.headQuarantined++;
    // Power cut before: the record is aside, the count one short. After: both hold.
    countUp(ring.flash, pageAddress(ring, ring.head) + RING_QUARANTINED, ring.headQuarantined, RING_QUARANTINED_BYTES);
  }
  return result;
}
