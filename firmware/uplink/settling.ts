/*
 * Releases rows of the ring, or sets them aside, as the endpoint's answer says, a few at each tick.
 *
 * Input: a batch that was sent and its verified answer. Output: marks in the ring. Invariant: a row is
 * released only when the answer names its sequence and it was in this batch.
 */
import { readU32 } from "../base/bytes";
import type { Ring } from "../store/ring_page";
import { acknowledge, firstPending, nextPending, readPending, setAside } from "../store/ring_pending";
import type { Answer } from "./answer";
import { ROWS_PER_TICK } from "./batch";
import type { Batch } from "./batch";
import type { Exchange, Uploader } from "./uploader_state";

/** Releases or sets aside some more rows as the answer says; true while there are more to look at. */
function settleRows(batch: Batch, ring: Ring, answer: Answer): boolean {
  for (let count = 0; count < ROWS_PER_TICK && batch.walking; count++) {
    readPending(ring, batch.cursor);
    const sequence = batch.cursor.sequence;
    if (sequence > batch.lastSequence) {
      batch.walking = false;
      return false;
    }
    let named = false;
    if (sequence >= batch.firstSequence) {
      for (let at = 0; at < answer.acknowledged.length && !named; at += 8) {
        named = sequence >= readU32(answer.acknowledged, at) && sequence <= readU32(answer.acknowledged, at + 4);
      }
      let refused = false;
      for (let at = 0; at < answer.refused.length && !named && !refused; at += 4) refused = sequence === readU32(answer.refused, at);
      if (named && acknowledge(ring, batch.cursor) === "ok") batch.settled++;
      if (refused && setAside(ring, batch.cursor) === "ok") batch.settled++;
    }
    batch.walking = nextPending(ring, batch.cursor);
  }
  return batch.walking;
}

/** Some more rows of the batch, from its first one on; true while there are more to look at. @part settle */
export function settleUpload(uploader: Uploader, exchange: Exchange): boolean {
  const batch = exchange.batch;
  if (uploader.state === "answered") {
    uploader.state = "settling";
    batch.walking = batch.rows > 0 && firstPending(uploader.ring, batch.cursor);
  }
  return exchange.answer !== undefined && settleRows(batch, uploader.ring, exchange.answer);
}
