/*
 * What an answer to an upload means: docs/UPLINK.md has it as a table.
 *
 * Input: the answer as it came, and the request it belongs to. Output: the uploader's next state. Invariant:
 * only an answer that carries the endpoint's signature for this very request releases or sets aside a row,
 * tells the time or brings a command (a webhook's status counts as its signature); everything else keeps
 * all rows where they are.
 */
import type { Instant } from "../../hal/ports";
import { readU32, u32 } from "../base/bytes";
import { learnTime } from "../base/wall_clock";
import { createAnswer, parseAnswer } from "./answer";
import type { Answer } from "./answer";
import { httpDateS } from "./backoff";
import { fail, offerCommand } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";

/** Failures in a row that 401 and 403 count for at least: about every ten minutes. */
const FAILURES_REFUSED = 8;
/** The clock of the board is set again when it is off by more than this. */
const CLOCK_TOLERANCE_S = 5;
/** An exchange slower than this does not correct a clock that is set already. */
const EXCHANGE_S_MAX = 10;

/** Halves the batch, or sets a single row aside when the endpoint itself says that it cannot take it. */
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
    batch.body = "";
    uploader.state = "answered";
  } else {
    // Alone with a status item, or nobody vouches for the answer: next time the row goes quite alone.
    if (batch.rows === 1) uploader.rowsLimit = 1;
    fail(uploader, now, problem);
  }
}

/** The time that a verified answer tells. */
function learnServerTime(uploader: Uploader, timeS: number, now: Instant): void {
  const wall = uploader.wall;
  const clock = uploader.ports.clock;
  if (timeS > 0 && (wall.offsetS === 0 || now.s - uploader.startedS <= EXCHANGE_S_MAX)) {
    if (learnTime(wall, now, timeS) !== "refused") {
      const error = clock.wallS() - timeS;
      if (error > CLOCK_TOLERANCE_S || error < -CLOCK_TOLERANCE_S) clock.setWall(timeS);
    }
  }
}

/** A verified answer: the time, versions and commands; then the rows, over the next ticks. */
function applyAnswer(uploader: Uploader, exchange: Exchange, answer: Answer, now: Instant): void {
  learnServerTime(uploader, answer.timeS, now);
  // What this board knows better is no news.
  if (answer.highWaterMarks !== "" && readU32(answer.highWaterMarks, 4) >= uploader.ring.nextSequence) uploader.highWaterMarks = answer.highWaterMarks;
  if (answer.users >= 0) uploader.usersVersion = answer.users;
  if (answer.configuration >= 0) uploader.configurationRevision = answer.configuration;
  if (answer.reasons !== "") uploader.refusedReasons = answer.reasons;
  const status = uploader.status;
  status.results = status.results.substring(uploader.resultsBytesSent);
  status.resultCount -= uploader.resultsSent;
  uploader.commandIds = answer.commandIds;
  uploader.commandTexts = answer.commandTexts;
  offerCommand(uploader);
  exchange.batch.body = "";
  uploader.state = "answered";
}

/** The exchange has ended: what now? `verified`: the answer carries the endpoint's signature for this request. */
export function handleResponse(uploader: Uploader, exchange: Exchange, now: Instant, verified: boolean): void {
  const received = exchange.received;
  const answer = createAnswer();
  exchange.answer = answer;
  const configuration = uploader.configuration;
  const status = received.status;
  if (configuration.target === "webhook" && status >= 200 && status < 300) {
    // Nothing is signed here: the webhook's word is its status, and its Date is the best time there is.
    answer.timeS = httpDateS(received.date);
    answer.acknowledged = u32(exchange.batch.firstSequence) + u32(exchange.batch.lastSequence);
    applyAnswer(uploader, exchange, answer, now);
  } else if (status === 200 && verified) {
    if (parseAnswer(received.body, answer) === "ok") applyAnswer(uploader, exchange, answer, now);
    else fail(uploader, now, "malformedResponse");
  } else if (status === 413) shrinkBatchOrReject(uploader, exchange, answer, now, verified, "tooLarge");
  else if ((status === 400 || status === 415) && verified) shrinkBatchOrReject(uploader, exchange, answer, now, true, "unreadable");
  else if (status === 401 && verified && parseAnswer(received.body, answer) === "ok" && answer.highWaterMarks !== "") {
    // This board has forgotten its numbers; uplink/counter_recovery.ts takes the told ones over before the next request.
    uploader.highWaterMarks = answer.highWaterMarks;
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
  // Nobody asks again, and until the next answer they would take a board more than fifty variables.
  received.body = "";
  received.contentDigest = "";
  received.signatureInput = "";
  received.signature = "";
}
