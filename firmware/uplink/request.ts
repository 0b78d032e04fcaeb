/*
 * Begins an upload when one is due: when rows have waited long enough, or a sign of life is.
 *
 * Input: the uploader, idle. Output: a batch that begins with the status, or nothing. Invariant: a row that
 * the endpoint could not read goes quite alone.
 */
import type { Instant } from "../../hal/ports";
import { beginBatch, createBatch } from "./batch";
import { statusItem } from "./status";
import { HEARTBEAT_S, LINGER_ROWS, LINGER_S, createReceived } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";

/** The least distance of two status items. */
const STATUS_S = 60;
/** Rows of a webhook's batch: JSON takes several times the room. */
const WEBHOOK_ROWS_MAX = 16;

/** Begins a batch when one is due. @part begin */
export function beginUpload(uploader: Uploader, now: Instant): void {
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
  const exchange: Exchange = { batch: createBatch(), received: createReceived(), answer: undefined };
  uploader.exchange = exchange;
  beginBatch(exchange.batch, ring, head, rowsLimit, uploader.ports.system.memoryFree());
  uploader.state = "collecting";
}
