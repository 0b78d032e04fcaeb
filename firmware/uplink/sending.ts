/*
 * Sends what was collected: one signed request, to the endpoint or to a webhook.
 *
 * Input: the uploader with a collected batch. Output: a request under way, or a failure. Invariants: every
 * request has a nonce of its own; a body is in memory here only until the port has taken it over.
 */
import type { HttpRequest, Instant } from "../../hal/ports";
import { forgetWindow } from "../store/ring_page";
import { signRequest } from "./signature";
import { TIMEOUT_MS, fail } from "./uploader_state";
import type { Exchange, Uploader } from "./uploader_state";
import type * as Webhook from "./webhook";

/** Signs and starts the request for what was collected. @part send */
export function sendUpload(uploader: Uploader, exchange: Exchange, now: Instant): void {
  const configuration = uploader.configuration;
  const batch = exchange.batch;
  // Its rows are in the body now, and the next walk comes behind the answer.
  forgetWindow(uploader.ring);
  const request: HttpRequest = { method: "POST", url: uploader.base + "/api/v1/rows", headers: [], body: batch.body, timeoutMs: TIMEOUT_MS };
  let type = "application/cbor-seq";
  if (configuration.target === "webhook") {
    if (batch.rows === 0) {
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
  // The port has it now; one copy less.
  request.body = "";
  request.headers = [];
  batch.body = "";
}
