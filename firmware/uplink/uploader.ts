/*
 * Brings the rows of the ring to each endpoint, oldest first, one request at a time, for ever.
 *
 * Input: a tick now and then. Output: requests over HttpPort; acknowledgements in the ring; the time for
 * the wall; commands and newest versions for the device; `uploadError` for its status and LED. Invariants:
 * nothing here waits; every failure leaves all rows where they are and is tried again later; what an
 * answer may do is response.ts's matter.
 *
 * Power cuts: in every state of the exchange the rows are still pending at the next start and are
 * sent again; the endpoint recognises (device, sequence). The nonce begins with the boot number, so a
 * request of an earlier start is never taken for a new one.
 */
import type { Instant } from "../../hal/ports";
import { forgetWindow } from "../store/ring_page";
import { beginUpload, collectRows, sendUpload } from "./request";
import { selectDueEndpoint, selectFirstEndpoint } from "./further_endpoints";
import { answerVerified, finishUpload, handleResponse, applyAnswerToRing } from "./response";
import type { Uploader } from "./uploader_state";
import { isUploadDue } from "./uploader_state";

export { HEARTBEAT_S, commandTaken, createUploader } from "./uploader_state";
export type { Uploader } from "./uploader_state";

/**
 * One step; to be called at every tick of the device, after its rows of this tick are stored. A small board
 * fetches what each step calls from flash, and holds one of them at a time.
 */
export function uploaderTick(uploader: Uploader, now: Instant): void {
  const exchange = uploader.exchange;
  if (exchange === undefined) {
    if (uploader.others.length > 0 && now.s >= uploader.othersAtS) selectDueEndpoint(uploader, now);
    if (uploader.ring.pending > 0 && uploader.pendingSinceS < 0) uploader.pendingSinceS = now.s;
    if (!isUploadDue(uploader, now.s)) return;
    beginUpload(uploader, now);
  } else if (uploader.state === "collecting") {
    if (!collectRows(exchange.batch, uploader.ring)) sendUpload(uploader, exchange, now);
  } else if (uploader.state === "sending") {
    const received = exchange.received;
    const polled = uploader.ports.http.poll(received);
    if (polled === "waiting") return;
    if (polled === "idle") {
      // The port has forgotten the exchange: as if the line had been cut.
      received.status = 0;
      received.failure = "network";
    }
    const verified = answerVerified(uploader, received);
    handleResponse(uploader, exchange, now, verified);
  } else if (!applyAnswerToRing(uploader, exchange)) finishUpload(uploader, exchange, now);
  if (uploader.state === "idle") {
    uploader.exchange = undefined;
    forgetWindow(uploader.ring);
    if (uploader.endpoint > 0) selectFirstEndpoint(uploader);
  }
}
