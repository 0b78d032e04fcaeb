/*
 * The search of a start through the ring: newest page, end of its records, oldest pending record, counts.
 *
 * Input: a Ring that knows its area. Output: its head, tail, sequence and counts. Invariants: any content
 * of flash gives a usable ring; pages are found by halving, for each endpoint alone, and only pages with a valid header
 * take part, so a damaged one costs a read and nothing else. docs/STORAGE.md §4.5 numbers these steps.
 */
import { u32 } from "../base/bytes";
import { blank, rewriteWeakBits, unaryCount } from "./flash_page";
import { selectEndpoint } from "./ring_endpoints";
import {
  clearState, createCursor, holdsPage, isForEndpoint, loadPayload, loadRecord, pageAddress, readHeader, recordsOffset, RING_QUARANTINED_BYTES, RING_HEADER_BYTES, RING_REFUSED, RING_REFUSED_BYTES, skipRecord, ROW_VOID, stateOf,
} from "./ring_page";
import type { Ring } from "./ring_page";
import { firstPending } from "./ring_pending";
import { RING_SAMPLES_MAX } from "../limits";


/** Sequence of the newest page, -1 when no page is valid. */
function newestPage(ring: Ring): number {
  let round = -1;
  let samples = 0;
  for (let position = 0; position < ring.pages && samples < RING_SAMPLES_MAX; position++) {
    if (!readHeader(ring, position)) continue;
    samples++;
    const seen = Math.floor(ring.found / ring.pages);
    if (seen > round) round = seen;
  }
  if (round < 0) return -1;
  let newest = -1;
  let low = 0;
  let high = ring.pages - 1;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    let position = middle;
    while (position <= high && !readHeader(ring, position)) position++;
    if (position <= high && ring.found >= round * ring.pages) {
      newest = ring.found;
      low = position + 1;
    } else high = middle - 1;
  }
  // A page that could not even be invalidated looks like the end: what follows it would be newer.
  let sure = newest >= 0;
  for (let ahead = 1; sure && ahead <= 2; ahead++) {
    if (readHeader(ring, (newest + ahead) % ring.pages) && ring.found > newest) sure = false;
  }
  for (let position = 0; !sure && position < ring.pages; position++) {
    if (readHeader(ring, position) && ring.found > newest) newest = ring.found;
  }
  return newest;
}

/** Makes a record void for all endpoints of its page. Power cut within: it is torn for the others too, and never sent. */
function makeVoid(ring: Ring, page: number, index: number): boolean {
  const isVoid = clearState(ring, page, index, 3);
  for (let endpoint = ring.foundEndpoints - 1; endpoint > 0; endpoint--) {
    ring.endpoint = endpoint;
    ring.statesOf = -1;
    clearState(ring, page, index, 3);
  }
  ring.endpoint = 0;
  ring.statesOf = -1;
  return isVoid;
}

/** Finds the end of the head page's records and judges the last one, the only one that a cut can have torn. */
function scanHead(ring: Ring): void {
  const cursor = createCursor();
  cursor.page = ring.head;
  cursor.offset = recordsOffset(ring, ring.foundEndpoints);
  let last = cursor.offset;
  while (loadRecord(ring, cursor)) {
    last = cursor.offset;
    skipRecord(cursor);
  }
  const address = pageAddress(ring, ring.head);
  ring.headOffset = cursor.offset;
  ring.headSlots = cursor.index;
  rewriteWeakBits(ring.flash, address, RING_HEADER_BYTES);
  // Something behind the last record that is not blank: a record with a torn head. The page takes no more.
  for (let offset = cursor.offset; offset < ring.flash.pageBytes; offset += 256) {
    const left = ring.flash.pageBytes - offset;
    const white = blank(left < 256 ? left : 256);
    if (ring.flash.read(address + offset, white.length) !== white) ring.headOffset = ring.flash.pageBytes;
  }
  let voids = 0;
  if (ring.headSlots > 0) {
    cursor.offset = last;
    cursor.index--;
    loadRecord(ring, cursor);
    // Torn or whole, it must read the same at every later start: what follows it is found by its length.
    rewriteWeakBits(ring.flash, address + last, cursor.headBytes + cursor.payloadBytes + 4);
    if (loadPayload(ring, cursor) === undefined) {
      // Power cut before: the next start judges it again. After: it is void for ever.
      if (!makeVoid(ring, ring.head, cursor.index)) {
        ring.headOffset = ring.flash.pageBytes;
        voids++;
      }
    }
  }
  for (let index = 0; index < ring.headSlots; index++) if (stateOf(ring, ring.head, index) === ROW_VOID) voids++;
  ring.nextSequence += ring.headSlots - voids;
  // Records for other endpoints than these need a page of their own.
  if (ring.foundEndpoints !== ring.endpoints) ring.headOffset = ring.flash.pageBytes;
}

/** Sequence of the oldest page that is not drained. */
function oldestPage(ring: Ring): number {
  let oldest = ring.head;
  let low = ring.head < ring.pages ? 0 : ring.head - ring.pages + 1;
  let high = ring.head;
  while (low <= high) {
    const middle = Math.floor((low + high) / 2);
    let page = middle;
    while (page <= high && !holdsPage(ring, page)) page++;
    if (page <= high && ring.foundDrained && page < ring.head) low = page + 1;
    else {
      if (page <= high) oldest = page;
      high = middle - 1;
    }
  }
  return oldest;
}

/** Records that wait: sequences since the tail page began, less the marked ones in the pages that have marks. */
function countPending(ring: Ring): number {
  let pending = 0;
  // First sequence of the last page without marks; it counts once records are known to be in it.
  let unmarked = -1;
  // First sequence of the last page that is not for the endpoint.
  let foreign = -1;
  for (let page = ring.tail; page <= ring.head; page++) {
    if (!holdsPage(ring, page)) continue;
    if (page === ring.tail) pending = ring.nextSequence - ring.foundSequence;
    if (foreign >= 0) pending -= ring.foundSequence - foreign;
    foreign = -1;
    if (unmarked >= 0 && ring.foundSequence > unmarked) break;
    if (!isForEndpoint(ring, page)) {
      foreign = ring.foundSequence;
      unmarked = -1;
      continue;
    }
    unmarked = page > ring.tail && ring.states === blank(ring.states.length) ? ring.foundSequence : -1;
    for (let index = 0; index < ring.slots; index++) {
      const state = stateOf(ring, page, index);
      if (state === 1 || state === 2) pending--;
    }
  }
  if (foreign >= 0) pending -= ring.nextSequence - foreign;
  return pending > 0 ? pending : 0;
}

/** Fills head, tail and counts from flash; true when the area held a ring. */
export function scanRing(ring: Ring): boolean {
  ring.head = newestPage(ring);
  if (ring.head < 0) return false;
  // A page that was being given up when the power failed must not become valid again: rewrite its zeros.
  const next = ring.head + 1;
  if (!readHeader(ring, next % ring.pages)) ring.flash.write(pageAddress(ring, next), u32(0));
  holdsPage(ring, ring.head);
  const counts = ring.flash.read(pageAddress(ring, ring.head) + RING_REFUSED, RING_REFUSED_BYTES + RING_QUARANTINED_BYTES);
  ring.headRefused = unaryCount(counts.substring(0, RING_REFUSED_BYTES));
  ring.headQuarantined = unaryCount(counts.substring(RING_REFUSED_BYTES));
  ring.nextSequence = ring.foundSequence;
  ring.lost = ring.foundLost + ring.headRefused;
  ring.quarantined = ring.foundQuarantined + ring.headQuarantined;
  scanHead(ring);
  for (let endpoint = ring.endpoints - 1; endpoint >= 0; endpoint--) {
    selectEndpoint(ring, endpoint);
    ring.tail = oldestPage(ring);
    if (firstPending(ring, createCursor())) ring.pending = countPending(ring);
  }
  return true;
}
