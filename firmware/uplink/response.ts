/*
 * The answer to an upload, to its end: docs/UPLINK.md has it as a table.
 *
 * Input: the answer as it came, and the request it belongs to. Output: marks in the ring, over several ticks; the
 * uploader's next state; a row with a clock fact when the offset has moved. Invariants: only an answer that carries the
 * endpoint's signature for this very request acknowledges or quarantines a row, sets the time or brings a command (a
 * webhook's status counts as its signature); everything else keeps all rows where they are; a row is released only when
 * the answer names its sequence and it was in this batch; an answer that decided nothing counts as a failure.
 */
import type { HttpAnswer, Instant } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { findText } from "../base/find";
import { learnTime } from "../base/wall_clock";
import { BATCH_ROWS_MAX, CLOCK_TOLERANCE_S, EXCHANGE_S_MAX, MIN_INTERVAL_S_MAX, ROWS_PER_TICK_MAX } from "../limits";
import { KIND_CLOCK } from "../protocol";
import { factRow } from "../session/row";
import { appendRecord } from "../store/ring";
import type { Ring } from "../store/ring_page";
import { acknowledge, firstPending, nextPending, readPending, quarantine } from "../store/ring_pending";
import { createAnswer, parseAnswer } from "./answer";
import type { Answer } from "./answer";
import { backoffS, httpDateS } from "./backoff";
import type { Batch } from "./batch";
import { tellsTime } from "./further_endpoints";
import { answerAuthentic } from "./signature";
import { LINGER_S, fail, offerCommand } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";

/** Failures in a row that 401 and 403 count for at least: about every ten minutes. */
const FAILURES_REFUSED = 8;
/** A receiver's statuses that mean the rows and not its address, its state or the sender (RFC 9110 §15.5). */
const WEBHOOK_REFUSALS = ",400,409,413,422,";
/** Statuses 4xx after which the same request may succeed. */
const WEBHOOK_RETRIES = ",401,403,408,425,429,";
/** A clock fact is written again when the offset has moved by more than this. */
const FACT_TOLERANCE_S = 5;

/** Whether an answer is the endpoint's own: one without a signature, or with one for another request, is unauthenticated. @part verify */
export function answerVerified(uploader: Uploader, received: HttpAnswer): boolean {
  const configuration = uploader.configuration;
  return received.status !== 0 && received.signature !== "" &&
    answerAuthentic(uploader.ports.crypto, configuration.key, configuration.keyId, uploader.nonce, received);
}

/** Halves the batch; rejects a single row when the endpoint itself says that it cannot take it. */
function shrinkBatchOrReject(uploader: Uploader, exchange: Exchange, answer: Answer, now: Instant, verified: boolean, problem: string): void {
  const batch = exchange.batch;
  if (batch.rows > 1) {
    uploader.rowsLimit = Math.floor(batch.rows / 2);
    uploader.uploadError = problem;
    uploader.notBeforeS = now.s + 1;
    uploader.state = "idle";
  } else if (batch.rows === 1 && verified && uploader.rowsLimit === 1) {
    answer.acknowledged = "";
    answer.refused = u32(batch.firstSequence);
    uploader.refusedReasons = problem;
    uploader.ports.system.log("row " + batch.firstSequence + " is quarantined: " + problem);
    batch.body = "";
    uploader.state = "answered";
  } else {
    // Alone with a status item, or the answer is unauthenticated: next time the row goes without a status item.
    if (batch.rows === 1) uploader.rowsLimit = 1;
    fail(uploader, now, problem);
  }
}

/** The time that a verified answer tells. */
function learnServerTime(uploader: Uploader, timeS: number, now: Instant): void {
  const wall = uploader.wall;
  const clock = uploader.ports.clock;
  if (timeS > 0 && (wall.offsetS === 0 || now.s - uploader.startedS <= EXCHANGE_S_MAX)) {
    const learnt = learnTime(wall, now, timeS);
    if (learnt === "same" || learnt === "moved") {
      const error = clock.wallS() - timeS;
      if (error > CLOCK_TOLERANCE_S || error < -CLOCK_TOLERANCE_S) clock.setWall(timeS);
    }
  }
}

/** A verified answer: the time, and of the first endpoint versions and commands; then the rows, over the next ticks. */
function applyAnswer(uploader: Uploader, exchange: Exchange, answer: Answer, now: Instant): void {
  learnServerTime(uploader, answer.timeS, now);
  // Ignore marks that are not ahead of ours.
  if (answer.highWaterMarks !== "" && readU32(answer.highWaterMarks, 4) >= uploader.ring.nextSequence) uploader.highWaterMarks = answer.highWaterMarks;
  if (answer.reasons !== "") uploader.refusedReasons = answer.reasons;
  exchange.batch.body = "";
  uploader.state = "answered";
  // A further endpoint has a key for its rows, and no say over the board.
  if (uploader.endpoint > 0) return;
  if (answer.users >= 0) uploader.usersVersion = answer.users;
  if (answer.configuration >= 0) uploader.configurationRevision = answer.configuration;
  uploader.firmwareOffer = answer.firmware;
  const status = uploader.status;
  status.results = status.results.substring(uploader.resultsBytesSent);
  status.resultCount -= uploader.resultsSent;
  uploader.commandIds = answer.commandIds;
  uploader.commandTexts = answer.commandTexts;
  offerCommand(uploader);
}

/** The exchange has ended: what now? `verified`: the answer carries the endpoint's signature for this request. @part judge */
export function handleResponse(uploader: Uploader, exchange: Exchange, now: Instant, verified: boolean): void {
  const received = exchange.received;
  const answer = createAnswer();
  exchange.answer = answer;
  const configuration = uploader.configuration;
  const status = received.status;
  const isWebhook = configuration.target === "webhook";
  // A receiver may refuse the empty list that asks for the time; its Date field answers all the same.
  const isTimeOnly = isWebhook && exchange.batch.rows === 0 && status >= 400 && status < 500 && findText(WEBHOOK_RETRIES, "," + status + ",") < 0;
  if (isWebhook && ((status >= 200 && status < 300) || isTimeOnly)) {
    // Nothing is signed here: the webhook's word is its status, and its Date is the best time there is.
    uploader.statusS = now.s;
    if (tellsTime(uploader)) answer.timeS = httpDateS(received.date);
    answer.acknowledged = u32(exchange.batch.firstSequence) + u32(exchange.batch.lastSequence);
    applyAnswer(uploader, exchange, answer, now);
  } else if (status === 200 && verified) {
    if (parseAnswer(received.body, answer) === "ok") applyAnswer(uploader, exchange, answer, now);
    else fail(uploader, now, "malformedResponse");
  } else if (isWebhook && findText(WEBHOOK_REFUSALS, "," + status + ",") >= 0) shrinkBatchOrReject(uploader, exchange, answer, now, true, "status" + status);
  else if (status === 413) shrinkBatchOrReject(uploader, exchange, answer, now, verified, "tooLarge");
  else if ((status === 400 || status === 415) && verified) shrinkBatchOrReject(uploader, exchange, answer, now, true, "unreadable");
  else if (status === 401 && verified && parseAnswer(received.body, answer) === "ok" && answer.highWaterMarks !== "") {
    // This board has forgotten its numbers; uplink/counter_recovery.ts takes the told ones over before the next request.
    uploader.highWaterMarks = answer.highWaterMarks;
    uploader.isBootBehind = true;
    learnServerTime(uploader, answer.timeS, now);
    fail(uploader, now, "countersBehind");
  } else if (status === 401 || status === 403) {
    if (uploader.failures < FAILURES_REFUSED) uploader.failures = FAILURES_REFUSED;
    fail(uploader, now, "unauthorized");
  } else if (status === 0) {
    // A batch that does not get through a bad line in time may get through in parts.
    if ((received.failure === "timeout" || received.failure === "cut") && exchange.batch.rows > 8) uploader.rowsLimit = Math.floor(exchange.batch.rows / 2);
    fail(uploader, now, received.failure);
  } else if (status === 200) fail(uploader, now, "unauthenticated");
  else if (status >= 300 && status < 400) fail(uploader, now, "redirected");
  else fail(uploader, now, "status" + status);
  // Free them: nothing reads them again, and they cost over 50 variables.
  received.body = "";
  received.contentDigest = "";
  received.signatureInput = "";
  received.signature = "";
}

/** Releases or quarantines some more rows as the answer says; true while there are more to look at. */
function applyAcks(batch: Batch, ring: Ring, answer: Answer): boolean {
  for (let count = 0; count < ROWS_PER_TICK_MAX && batch.walking; count++) {
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
      if (named && acknowledge(ring, batch.cursor) === "ok") batch.decided++;
      if (refused && quarantine(ring, batch.cursor) === "ok") batch.decided++;
    }
    batch.walking = nextPending(ring, batch.cursor);
  }
  return batch.walking;
}

/** Some more rows of the batch, from its first one on; true while there are more to look at. @part settle */
export function applyAnswerToRing(uploader: Uploader, exchange: Exchange): boolean {
  const batch = exchange.batch;
  if (uploader.state === "answered") {
    uploader.state = "settling";
    batch.walking = batch.rows > 0 && firstPending(uploader.ring, batch.cursor);
  }
  return exchange.answer !== undefined && applyAcks(batch, uploader.ring, exchange.answer);
}

/** All rows of the answer are dealt with. @part finish */
export function finishUpload(uploader: Uploader, exchange: Exchange, now: Instant): void {
  const batch = exchange.batch;
  const wall = uploader.wall;
  const isWebhook = uploader.configuration.target === "webhook";
  // No row has left this start undated: a webhook needs no fact yet, unless another endpoint does.
  if (isWebhook && batch.rows === 0 && uploader.ring.endpoints === 1) wall.factOffsetS = wall.offsetS;
  const drift = wall.offsetS - wall.factOffsetS;
  // With new numbers comes one (uplink/counter_recovery.ts).
  if (uploader.highWaterMarks === "" && wall.offsetS !== 0 && (drift > FACT_TOLERANCE_S || drift < -FACT_TOLERANCE_S)) {
    // A cut before this leaves rows that are dated by a later fact or estimated; after it they are dated.
    if (appendRecord(uploader.ring, factRow(KIND_CLOCK, uploader.ring.nextSequence, wall.boot, now.s, wall.offsetS + now.s)) === "stored") wall.factOffsetS = wall.offsetS;
  }
  if (batch.rows > 0 && batch.decided === 0) {
    // The endpoint decided nothing, or the flash does not take the acknowledgements: no hurry.
    fail(uploader, now, "noDecision");
    return;
  }
  // A webhook that refuses every row must not empty the ring at full speed: its refusals slow down as failures do.
  const isRefusedByWebhook = isWebhook && exchange.answer !== undefined && exchange.answer.refused !== "";
  const failures = isRefusedByWebhook ? uploader.failures + 1 : 0;
  uploader.contactS = now.s;
  uploader.failures = failures;
  uploader.uploadError = "";
  uploader.rowsLimit = uploader.rowsLimit * 2 > BATCH_ROWS_MAX ? BATCH_ROWS_MAX : uploader.rowsLimit * 2;
  uploader.pendingSinceS = -1;
  if (uploader.ring.pending > 0) uploader.pendingSinceS = batch.cut ? now.s - LINGER_S : now.s;
  let waitS = exchange.answer === undefined ? 0 : exchange.answer.minIntervalS;
  if (waitS > MIN_INTERVAL_S_MAX) waitS = MIN_INTERVAL_S_MAX;
  if (failures > 0) waitS = now.s - uploader.startedS + backoffS(failures, uploader.ports.crypto.random(1));
  uploader.notBeforeS = waitS > 0 ? uploader.startedS + waitS : 0;
  uploader.state = "idle";
}
