/*
 * An upload up to its request: begun when one is due, collected from the ring, signed and sent.
 *
 * Input: the uploader, idle; then its batch. Output: a request under way to the endpoint or a webhook, or a failure.
 * Invariants: a row that cannot be read from the ring is quarantined, so it never blocks the others; a row
 * that the endpoint could not read is retried alone, without a status item; every request has a nonce of its own; a
 * body is in memory here only until the port has taken it over.
 */
import type { HttpRequest, Instant, SlotsPort } from "../../hal/ports";
import { forgetWindow } from "../store/ring_page";
import type { Ring } from "../store/ring_page";
import { nextPending, readPending, quarantine } from "../store/ring_pending";
import { beginBatch, createBatch } from "./batch";
import type { Batch } from "./batch";
import { tellsTime } from "./further_endpoints";
import { signRequest } from "./signature";
import { statusItem } from "./status";
import { TIMEOUT_MS, addressOf, createReceived, fail, isHeartbeatDue } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";
import type * as Webhook from "./webhook";
import { ROWS_PER_TICK_MAX, WEBHOOK_ROWS_MAX } from "../limits";

/** The least distance of two status items. */
const STATUS_S = 60;

/** Begins a batch; call it when isUploadDue says so. @part begin */
export function beginUpload(uploader: Uploader, now: Instant): void {
  const ring = uploader.ring;
  const status = uploader.status;
  const webhook = uploader.configuration.target === "webhook";
  let head = "";
  let rowsLimit = uploader.rowsLimit;
  uploader.resultsSent = 0;
  uploader.resultsBytesSent = 0;
  if (webhook) {
    if (rowsLimit > WEBHOOK_ROWS_MAX) rowsLimit = WEBHOOK_ROWS_MAX;
    if (uploader.statusS < 0 && tellsTime(uploader)) {
      // A start that does not know the time sends an empty list first: the answer's Date field dates its rows. One that
      // knows it needs no clock fact.
      if (uploader.wall.offsetS === 0) rowsLimit = 0;
      else if (ring.endpoints === 1) uploader.wall.factOffsetS = uploader.wall.offsetS;
    }
  } else if (rowsLimit === 1 && ring.pending > 0) {
    // A row that the endpoint cannot read must be alone to be known for it.
  } else if (isHeartbeatDue(uploader, now.s) || uploader.statusS < 0 || now.s - uploader.statusS >= STATUS_S) {
    const epochS = uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0;
    // Read anew each time: these words would be in memory all day.
    const module = uploader.endpoint > 0 ? undefined : uploader.ports.system.load("slots") as SlotsPort | undefined;
    const slots = module === undefined ? undefined : module.findSlots();
    const program = slots === undefined ? "" : slots.release + " " + slots.crc + " " + slots.interpreter;
    head = statusItem(status, program, uploader.wall.boot, now.s, epochS, uploader.ports.system.memoryFree(), ring.pending, ring.quarantined, uploader.endpoint === 0);
    uploader.statusS = now.s;
    if (uploader.endpoint === 0) {
      uploader.resultsSent = status.resultCount;
      uploader.resultsBytesSent = status.results.length;
    }
  }
  const exchange: Exchange = { batch: createBatch(), received: createReceived(), answer: undefined };
  uploader.exchange = exchange;
  beginBatch(exchange.batch, ring, head, rowsLimit, uploader.ports.system.memoryFree());
  uploader.state = "collecting";
}

/** Takes some more rows; true while there may be more to take. @part collect */
export function collectRows(batch: Batch, ring: Ring): boolean {
  for (let count = 0; count < ROWS_PER_TICK_MAX && batch.walking; count++) {
    const row = readPending(ring, batch.cursor);
    if (row === undefined || batch.cursor.sequence < 1) quarantine(ring, batch.cursor);
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

/** Signs and starts the request for what was collected. @part send */
export function sendUpload(uploader: Uploader, exchange: Exchange, now: Instant): void {
  const configuration = uploader.configuration;
  const batch = exchange.batch;
  // Its rows are in the body now, and the next walk comes behind the answer.
  forgetWindow(uploader.ring);
  const request: HttpRequest = { method: "POST", url: addressOf(configuration, "/api/v1/rows"), headers: [], body: batch.body, timeoutMs: TIMEOUT_MS };
  let type = "application/cbor-seq";
  if (configuration.target === "webhook") {
    if (batch.rows === 0 && batch.rowsLimit > 0) {
      uploader.state = "idle";
      uploader.pendingSinceS = -1;
      return;
    }
    const webhook = uploader.ports.system.load("webhook") as typeof Webhook | undefined;
    if (webhook === undefined) {
      fail(uploader, now, "noWebhook");
      return;
    }
    request.url = configuration.url;
    request.body = webhook.webhookBody(configuration, uploader.wall, batch.body);
    type = "application/json";
  }
  uploader.counter++;
  uploader.nonce = "" + uploader.wall.boot + "." + uploader.counter;
  request.headers = ["Content-Type", type];
  const createdS = uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0;
  const signed = signRequest(uploader.ports.crypto, configuration.key, configuration.keyId, uploader.nonce, createdS, request);
  uploader.startedS = now.s;
  if (signed && uploader.ports.http.start(request) === "started") uploader.state = "sending";
  else fail(uploader, now, signed ? "busy" : "memory");
  // The port owns the body now; drop our copy.
  request.body = "";
  request.headers = [];
  batch.body = "";
}
