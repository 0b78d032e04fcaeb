/*
 * Brings the rows of the ring to the endpoint, oldest first, one request at a time, for ever.
 *
 * Input: a tick now and then. Output: requests over HttpPort; acknowledgements in the ring; the time for
 * the wall; commands and newest versions for the device; `problem` for its status and LED. Invariants:
 * nothing here waits; every failure leaves all rows where they are and is tried again later; what an
 * answer may do is judgement.ts's matter.
 *
 * Power cuts: whatever state the exchange was in, the rows are still pending at the next start and are
 * sent again; the endpoint recognises (device, sequence). The nonce begins with the boot number, so a
 * request of an earlier start is never taken for a new one.
 */
import type { Instant } from "../../hal/ports";
import { beginBatch, collectRows, settleRows } from "./batch";
import { finish, judge } from "./judgement";
import { signRequest } from "./signature";
import { statusItem } from "./status";
import { HEARTBEAT_S, LINGER_ROWS, LINGER_S, fail } from "./uploader_state";
import type { Uploader } from "./uploader_state";
import type { WebhookModule } from "./webhook";

export { HEARTBEAT_S, commandTaken, createUploader } from "./uploader_state";
export type { Uploader } from "./uploader_state";

/** The least distance of two status items. */
const STATUS_S = 60;
/** Rows of a webhook's batch: JSON takes several times the room. */
const WEBHOOK_ROWS_MAX = 16;

/** Signs and starts the request for what was collected. */
function send(uploader: Uploader, now: Instant): void {
  const configuration = uploader.configuration;
  const request = uploader.request;
  let type = "application/cbor-seq";
  uploader.received.retryAfter = "";
  request.url = uploader.base + "/api/v1/rows";
  request.body = uploader.batch.body;
  if (configuration.target === "webhook") {
    if (uploader.batch.rows === 0) {
      uploader.state = "idle";
      uploader.pendingSinceS = -1;
      return;
    }
    const webhook = uploader.ports.system.load("webhook") as WebhookModule | undefined;
    if (webhook === undefined) {
      fail(uploader, now, "noWebhook");
      return;
    }
    request.url = configuration.url;
    request.body = webhook.webhookBody(configuration, uploader.wall, uploader.batch.body);
    type = "application/json";
  }
  uploader.counter++;
  uploader.nonce = "" + uploader.wall.boot + "." + uploader.counter;
  request.headers = ["Content-Type", type];
  const createdS = uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0;
  signRequest(uploader.ports.crypto, configuration.key, configuration.keyId, uploader.nonce, createdS, request);
  uploader.startedS = now.s;
  if (uploader.ports.http.start(request) === "started") uploader.state = "sending";
  else fail(uploader, now, "busy");
  // The port has it now; one copy less.
  request.body = "";
  uploader.batch.body = "";
}

/** Begins a batch when one is due. */
function begin(uploader: Uploader, now: Instant): void {
  const ring = uploader.ring;
  const status = uploader.status;
  if (ring.pending > 0 && uploader.pendingSinceS < 0) uploader.pendingSinceS = now.s;
  if (now.s < uploader.notBeforeS || uploader.held || uploader.configuration.url === "" || uploader.ports.link.state() !== "up") return;
  const alive = uploader.contactS < 0 || now.s - uploader.contactS >= HEARTBEAT_S || status.resultCount > 0;
  const rowsDue = ring.pending > 0 && (ring.pending >= LINGER_ROWS || now.s - uploader.pendingSinceS >= LINGER_S);
  const webhook = uploader.configuration.target === "webhook";
  if (!rowsDue && (webhook || !alive)) return;
  let head = "";
  let rowsLimit = uploader.rowsLimit;
  uploader.resultsSent = 0;
  uploader.resultsBytesSent = 0;
  if (webhook) {
    if (rowsLimit > WEBHOOK_ROWS_MAX) rowsLimit = WEBHOOK_ROWS_MAX;
  } else if (rowsLimit === 1 && ring.pending > 0) {
    // A row that the endpoint cannot read must be alone to be known for it.
  } else if (alive || uploader.statusS < 0 || now.s - uploader.statusS >= STATUS_S) {
    const epochS = uploader.wall.offsetS > 0 ? uploader.wall.offsetS + now.s : 0;
    head = statusItem(status, uploader.wall.boot, now.s, epochS, uploader.ports.system.memoryFree(), ring.pending, ring.setAside);
    uploader.statusS = now.s;
    uploader.resultsSent = status.resultCount;
    uploader.resultsBytesSent = status.results.length;
  }
  beginBatch(uploader.batch, ring, head, rowsLimit, uploader.ports.system.memoryFree());
  uploader.state = "collecting";
}

/** One step; to be called at every tick of the device, after its rows of this tick are stored. */
export function uploaderTick(uploader: Uploader, now: Instant): void {
  if (uploader.state === "idle") begin(uploader, now);
  else if (uploader.state === "collecting") {
    if (!collectRows(uploader.batch, uploader.ring)) send(uploader, now);
  } else if (uploader.state === "sending") {
    const polled = uploader.ports.http.poll(uploader.received);
    if (polled === "done") judge(uploader, now);
    else if (polled === "idle") fail(uploader, now, "network");
  } else if (!settleRows(uploader.batch, uploader.ring, uploader.answer)) finish(uploader, now);
}
