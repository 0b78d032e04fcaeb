/*
 * Takes rows out of the ring into the batch's body, a few at each tick.
 *
 * Input: a batch that was begun. Output: its body, a CBOR sequence of the rows' own bytes. Invariant: a row
 * that cannot be read is set aside, so it never stands in the way of the others.
 */
import type { Ring } from "../store/ring_page";
import { nextPending, readPending, setAside } from "../store/ring_pending";
import { ROWS_PER_TICK } from "./batch";
import type { Batch } from "./batch";

/** Takes some more rows; true while there may be more to take. @part collect */
export function collectRows(batch: Batch, ring: Ring): boolean {
  for (let count = 0; count < ROWS_PER_TICK && batch.walking; count++) {
    const row = readPending(ring, batch.cursor);
    if (row === undefined || batch.cursor.sequence < 1) setAside(ring, batch.cursor);
    else if (batch.rows >= batch.rowsLimit || (batch.rows > 0 && batch.body.length + row.length > batch.bytesLimit)) {
      batch.cut = true;
      batch.walking = false;
      return false;
    } else {
      batch.body += row;
      if (batch.rows === 0) batch.firstSequence = batch.cursor.sequence;
      batch.lastSequence = batch.cursor.sequence;
      batch.rows++;
    }
    batch.walking = nextPending(ring, batch.cursor);
  }
  return batch.walking;
}
