/*
 * The batch of one upload: its body, and the place in the ring.
 *
 * Input: the ring, from its oldest pending row on; free memory. Output: an empty batch with its limits, which request.ts
 * fills and response.ts applies the answer to. Invariant: a body never exceeds BATCH_BYTES_MAX, and less when memory is
 * short.
 */
import type { Bytes } from "../../hal/ports";
import { BATCH_BYTES_MAX, BATCH_BYTES_MIN } from "../limits";
import { createCursor } from "../store/ring_page";
import type { Ring, RingCursor } from "../store/ring_page";
import { firstPending } from "../store/ring_pending";

/**
 * With this much memory free (thousandths) a batch may have its full size; below, in proportion. A body of
 * 4,800 bytes takes about 540 of the interpreter's variables, and exists twice while HTTP takes it over:
 * of 2,500 variables with 1,100 free it may have 3,250 bytes, which leaves a third of those free.
 */
const MEMORY_FULL = 650;

/** @packed */
export interface Batch {
  body: Bytes;
  /** Rows in the body, and the sequences of the first and the last. */
  rows: number;
  firstSequence: number;
  lastSequence: number;
  rowsLimit: number;
  bytesLimit: number;
  /** The limits, not the ring's end, ended the collection: there is more to send at once. */
  cut: boolean;
  cursor: RingCursor;
  /** The cursor stands on a row that is still to be looked at. */
  walking: boolean;
  /** Rows that the answer acknowledged or quarantined. */
  decided: number;
}

export function createBatch(): Batch {
  return {
    body: "", rows: 0, firstSequence: 0, lastSequence: 0, rowsLimit: 0, bytesLimit: 0, cut: false,
    cursor: createCursor(), walking: false, decided: 0,
  };
}

/** Begins anew with `head` (a status item, or ""); `memoryFree` is in thousandths. */
export function beginBatch(batch: Batch, ring: Ring, head: Bytes, rowsLimit: number, memoryFree: number): void {
  const share = memoryFree < MEMORY_FULL ? Math.floor((BATCH_BYTES_MAX * memoryFree) / MEMORY_FULL) : BATCH_BYTES_MAX;
  batch.body = head;
  batch.rows = 0;
  batch.firstSequence = 0;
  batch.lastSequence = 0;
  batch.rowsLimit = rowsLimit;
  batch.bytesLimit = share < BATCH_BYTES_MIN ? BATCH_BYTES_MIN : share;
  batch.cut = false;
  batch.decided = 0;
  batch.walking = firstPending(ring, batch.cursor);
}
