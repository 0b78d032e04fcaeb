/*
 * The ring: rows in raw flash until they have arrived.
 *
 * Input: payloads from the connector, marks from the uploader (ring_pending), an area of whole pages.
 * Output: records that survive every power cut once "stored" was said. Invariants: pages are used in turn,
 * so they wear alike; the page behind the newest is invalidated before it is erased, and the newest is
 * never erased, so sequences go on for ever; a page is needed until each endpoint that its records are for has decided them. Format: docs/STORAGE.md §4.
 */
import type { Bytes, CryptoPort, FlashPort } from "../../hal/ports";
import { readU16, u16, u32, u8 } from "../base/bytes";
import { invariant } from "../base/invariant";
import { APPEND_ATTEMPTS_MAX, PAYLOAD_BYTES_MAX, SEQUENCE_MAX } from "../limits";
import { blank, countUp, erasePage, padded, writeChecked } from "./flash_page";
import type { Area } from "./flash_page";
import { selectEndpoint } from "./ring_endpoints";
import {
  createCursor, forgetWindow, holdsPage, pageAddress, recordsOffset, RING_DROPPED, RING_REFUSED, RING_REFUSED_BYTES, ringHeader, ringSlots,
} from "./ring_page";
import type { Ring, RingPlace } from "./ring_page";
import { firstPending, nextPending, readPending } from "./ring_pending";
import { scanRing } from "./ring_scan";


/**
 * Recovers the ring in `area` (2 … 65,535 whole pages), with any content. `firstSequence`, 1 when absent,
 * is the next sequence only when the area holds no valid page. `endpoints`, 1 … ENDPOINTS_MAX and 1 when absent, is for how
 * many new records are; what an endpoint that is no longer among them did not get is given up.
 */
export function openRing(flash: FlashPort, crypto: CryptoPort, area: Area, whenFull: "refuseNew" | "dropOldest", firstSequence?: number, endpoints?: number): Ring {
  const pages = Math.floor(area.bytes / flash.pageBytes);
  invariant(pages >= 2 && pages < 65536 && area.address % flash.pageBytes === 0, "RING_AREA");
  const slots = ringSlots(flash.pageBytes);
  invariant(slots < 256, "RING_SLOTS");
  const asked = endpoints === undefined ? 1 : endpoints;
  const others: RingPlace[] = [];
  for (let endpoint = 1; endpoint < asked; endpoint++) others.push({ endpoint: endpoint, tail: 0, tailOffset: 0, tailIndex: 0, pending: 0 });
  const ring: Ring = {
    flash: flash, crypto: crypto, address: area.address, pages: pages, slots: slots,
    dropOldest: whenFull === "dropOldest", endpoints: asked, endpoint: 0, others: others,
    head: -1, headOffset: flash.pageBytes, headSlots: 0, nextSequence: 1,
    tail: 0, tailOffset: 0, tailIndex: 0,
    pending: 0, quarantined: 0, lost: 0, faults: 0, headRefused: 0, headQuarantined: 0, dropCountedAtPage: -1,
    found: -1, foundSequence: 0, foundLost: 0, foundQuarantined: 0, foundDrained: false, foundEndpoints: 1,
    windowAt: -1, window: "", statesOf: -1, states: "",
  };
  if (!scanRing(ring) && firstSequence !== undefined) ring.nextSequence = firstSequence;
  forgetWindow(ring);
  return ring;
}

/** Whether records of page sequence `page` are pending for the selected endpoint. */
function isPending(ring: Ring, page: number): boolean {
  return page >= ring.tail && firstPending(ring, createCursor()) && page >= ring.tail;
}

/** Whether they are for any endpoint. */
function isPendingForAny(ring: Ring, page: number): boolean {
  const selected = ring.endpoint;
  let found = false;
  for (let endpoint = 0; endpoint < ring.endpoints && !found; endpoint++) {
    selectEndpoint(ring, endpoint);
    found = isPending(ring, page);
  }
  selectEndpoint(ring, selected);
  return found;
}

/** Gives up the selected endpoint's pending records of its tail page, and adds their numbers within the page to `dropped`. */
function dropOwnTail(ring: Ring, dropped: number[]): void {
  const cursor = createCursor();
  const page = ring.tail;
  let own = 0;
  let found = firstPending(ring, cursor);
  while (found && cursor.page === page) {
    // A torn record that was never stored is no loss.
    if (readPending(ring, cursor) !== undefined) {
      own++;
      if (dropped.indexOf(cursor.index) < 0) dropped.push(cursor.index);
    }
    found = nextPending(ring, cursor);
  }
  ring.tail = page + 1;
  ring.tailOffset = 0;
  ring.tailIndex = 0;
  ring.pending = ring.pending > own ? ring.pending - own : 0;
}

/** Gives up the pending records of page sequence `page`, which is the next to be erased; their number. */
function dropPage(ring: Ring, page: number, announce: boolean): number {
  const selected = ring.endpoint;
  const indexes: number[] = [];
  for (let endpoint = 0; endpoint < ring.endpoints; endpoint++) {
    selectEndpoint(ring, endpoint);
    if (isPending(ring, page)) dropOwnTail(ring, indexes);
  }
  selectEndpoint(ring, selected);
  const dropped = indexes.length;
  const address = pageAddress(ring, ring.head) + RING_DROPPED;
  const word = ring.flash.read(address, 4);
  // Power cut before: nothing was dropped. After: the records are dropped again, or counted from this word.
  if (announce && readU16(word, 0) + readU16(word, 2) !== 65535) ring.flash.write(address, u16(dropped) + u16(65535 - dropped));
  ring.dropCountedAtPage = ring.head;
  return dropped;
}

/** Opens the next page that can be erased and holds nothing pending. */
function openPage(ring: Ring): "stored" | "full" | "fault" {
  const tries = ring.head < 0 ? ring.pages : ring.pages - 1;
  let dropped = false;
  for (let ahead = 1; ahead <= tries; ahead++) {
    const page = ring.head + ahead;
    const old = page - ring.pages;
    const address = pageAddress(ring, page);
    if (old >= 0 && isPendingForAny(ring, old)) {
      if (!ring.dropOldest) return "full";
      // One page a call: flash that refuses every erase must not cost all records.
      if (dropped) return "fault";
      dropped = true;
      ring.lost += dropPage(ring, old, ahead === 1);
    } else if (ahead === 1 && old >= 0 && ring.dropCountedAtPage !== ring.head && !holdsPage(ring, old)) {
      // A cut came after the old page was invalidated: what was dropped then is known from this word only.
      const word = ring.flash.read(pageAddress(ring, ring.head) + RING_DROPPED, 4);
      if (readU16(word, 0) + readU16(word, 2) === 65535) ring.lost += readU16(word, 0);
      ring.dropCountedAtPage = ring.head;
    }
    // Power cut before: the old page is whole. After: it is not a page, with anything that a cut erase leaves in it.
    if (!writeChecked(ring.flash, address, u32(0))) ring.flash.write(address, u32(0));
    ring.windowAt = -1;
    ring.statesOf = -1;
    // Power cut before the header: the newest page is still `head`, and this one is erased again.
    if (erasePage(ring.flash, address) && writeChecked(ring.flash, address, ringHeader(ring, page))) {
      // From here on `page` is the newest; it begins with the next sequence, so nothing depends on the older ones.
      ring.head = page;
      ring.headOffset = recordsOffset(ring, ring.endpoints);
      ring.headSlots = 0;
      ring.headRefused = 0;
      ring.headQuarantined = 0;
      return "stored";
    }
    ring.faults++;
  }
  return "fault";
}

/**
 * Appends one record of 1 … PAYLOAD_BYTES_MAX bytes, made with ring.nextSequence. "stored": read back and
 * safe. "full": no room and the policy refuses; the record is counted in ring.lost. "fault": flash failed
 * in several places; nothing was stored or counted.
 * @part append
 */
export function appendRecord(ring: Ring, payload: Bytes): "stored" | "full" | "fault" {
  const length = payload.length;
  invariant(length >= 1 && length <= PAYLOAD_BYTES_MAX, "RING_PAYLOAD_LENGTH");
  const bytes = (length < 128 ? u8(length) : u16(32768 + length)) + payload;
  if (ring.nextSequence >= SEQUENCE_MAX || ring.head >= SEQUENCE_MAX) return "fault";
  for (let attempt = 0; attempt < APPEND_ATTEMPTS_MAX; attempt++) {
    if (ring.headSlots >= ring.slots || ring.headOffset + bytes.length + 4 > ring.flash.pageBytes) {
      const opened = openPage(ring);
      if (opened === "full") {
        ring.lost++;
        ring.headRefused++;
        countUp(ring.flash, pageAddress(ring, ring.head) + RING_REFUSED, ring.headRefused, RING_REFUSED_BYTES);
      }
      if (opened !== "stored") return opened;
    }
    const record = bytes + ring.crypto.crc32(u32(ring.head) + bytes);
    const lead = ring.headOffset % 4;
    const address = pageAddress(ring, ring.head) + ring.headOffset;
    ring.windowAt = -1;
    // Power cut before and during: the record is absent or torn, and was never called stored. The bytes of
    // the record before it that share the first word are written as 0xFF, which changes nothing.
    ring.flash.write(address - lead, padded(blank(lead) + record));
    if (ring.flash.read(address, record.length) === record) {
      ring.headOffset += record.length;
      ring.headSlots++;
      ring.nextSequence++;
      ring.pending++;
      for (let index = 0; index < ring.others.length; index++) ring.others[index]!.pending++;
      return "stored";
    }
    // The place is spoilt: the page is given up, its records stay.
    ring.faults++;
    ring.headOffset = ring.flash.pageBytes;
  }
  return "fault";
}
