/*
 * Ends an upload whose answer is settled: what was learned of the time is kept, and the next one is planned.
 *
 * Input: the uploader, all rows of its batch looked at. Output: the uploader, idle; a row with a clock fact
 * when the offset has moved. Invariant: an answer that decided nothing counts as a failure.
 */
import type { Instant } from "../../hal/ports";
import { BATCH_ROWS_MAX } from "../limits";
import { KIND_CLOCK } from "../protocol";
import { factRow } from "../session/row";
import { appendRecord } from "../store/ring";
import { LINGER_S, fail } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";

const MIN_INTERVAL_S_MAX = 3600;
/** A clock fact is written again when the offset has moved by more than this. */
const FACT_TOLERANCE_S = 5;

/** All rows of the answer are dealt with. @part finish */
export function finishUpload(uploader: Uploader, exchange: Exchange, now: Instant): void {
  const batch = exchange.batch;
  const wall = uploader.wall;
  const drift = wall.offsetS - wall.factOffsetS;
  // A webhook gets its times dated by this device, and has no use for facts. With new numbers comes one (uplink/counter_recovery.ts).
  if (uploader.last === "" && uploader.configuration.target === "exosphere" && wall.offsetS !== 0 && (drift > FACT_TOLERANCE_S || drift < -FACT_TOLERANCE_S)) {
    // A cut before this leaves rows that are dated by a later fact or estimated; after it they are dated.
    if (appendRecord(uploader.ring, factRow(KIND_CLOCK, uploader.ring.nextSequence, wall.boot, now.s, wall.offsetS + now.s)) === "stored") wall.factOffsetS = wall.offsetS;
  }
  if (batch.rows > 0 && batch.settled === 0) {
    // The endpoint decided nothing, or the flash does not take the acknowledgements: no hurry.
    fail(uploader, now, "undecided");
    return;
  }
  uploader.contactS = now.s;
  uploader.failures = 0;
  uploader.problem = "";
  uploader.rowsLimit = uploader.rowsLimit * 2 > BATCH_ROWS_MAX ? BATCH_ROWS_MAX : uploader.rowsLimit * 2;
  uploader.pendingSinceS = -1;
  if (uploader.ring.pending > 0) uploader.pendingSinceS = batch.cut ? now.s - LINGER_S : now.s;
  let waitS = exchange.answer === undefined ? 0 : exchange.answer.minIntervalS;
  if (waitS > MIN_INTERVAL_S_MAX) waitS = MIN_INTERVAL_S_MAX;
  uploader.notBeforeS = waitS > 0 ? uploader.startedS + waitS : 0;
  uploader.state = "idle";
}
