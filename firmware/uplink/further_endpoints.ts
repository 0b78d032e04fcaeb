/*
 * Chooses the endpoint that the uploader serves, of several.
 *
 * Input: the uploader, with no exchange under way. Output: another endpoint is selected: its address, key, waits, failures
 * and place in the ring are in the fields of uploader, configuration and ring. Invariants: the first one is selected
 * whenever no exchange is under way, so the rest of the device knows that one alone; every endpoint is looked at at
 * least every OTHERS_S, the one that was served last behind the others, so none starves beside one with much to fetch; nothing of it is called with one endpoint.
 */
import type { Instant } from "../../hal/ports";
import { selectEndpoint } from "../store/ring_endpoints";
import type { EndpointState, Uploader } from "./uploader_state";
import { isUploadDue } from "./uploader_state";

/** Seconds between two looks at the endpoints behind the first. */
const OTHERS_S = 2;

/** Makes the endpoint at a place of `others` the selected one. */
function swap(uploader: Uploader, place: number): void {
  const configuration = uploader.configuration;
  const chosen = uploader.others[place]!;
  const left: EndpointState = {
    endpoint: uploader.endpoint, url: configuration.url, target: configuration.target, keyId: configuration.keyId, key: configuration.key,
    uploadError: uploader.uploadError, notBeforeS: uploader.notBeforeS, failures: uploader.failures, rowsLimit: uploader.rowsLimit,
    pendingSinceS: uploader.pendingSinceS, contactS: uploader.contactS, statusS: uploader.statusS,
  };
  uploader.others[place] = left;
  uploader.endpoint = chosen.endpoint;
  configuration.url = chosen.url;
  configuration.target = chosen.target;
  configuration.keyId = chosen.keyId;
  configuration.key = chosen.key;
  uploader.uploadError = chosen.uploadError;
  uploader.notBeforeS = chosen.notBeforeS;
  uploader.failures = chosen.failures;
  uploader.rowsLimit = chosen.rowsLimit;
  uploader.pendingSinceS = chosen.pendingSinceS;
  uploader.contactS = chosen.contactS;
  uploader.statusS = chosen.statusS;
  selectEndpoint(uploader.ring, chosen.endpoint);
}

/**
 * Whether an answer of the selected endpoint may tell the time: an exosphere's, which is signed; a webhook's only when the
 * board has no exosphere, and then of the first.
 */
export function tellsTime(uploader: Uploader): boolean {
  if (uploader.configuration.target !== "webhook") return true;
  let isTelling = uploader.endpoint === 0;
  for (let place = 0; place < uploader.others.length; place++) if (uploader.others[place]!.target !== "webhook") isTelling = false;
  return isTelling;
}

/** Selects the first endpoint again. @part further */
export function selectFirstEndpoint(uploader: Uploader): void {
  for (let place = 0; place < uploader.others.length; place++) {
    if (uploader.others[place]!.endpoint === 0) swap(uploader, place);
  }
}

/** Selects a further endpoint for which an upload is due, if there is one. @part further */
export function selectDueEndpoint(uploader: Uploader, now: Instant): void {
  uploader.othersAtS = now.s + OTHERS_S;
  for (let place = 0; place < uploader.others.length; place++) {
    swap(uploader, place);
    if (uploader.ring.pending > 0 && uploader.pendingSinceS < 0) uploader.pendingSinceS = now.s;
    if (isUploadDue(uploader, now.s)) {
      const first = uploader.others[place]!;
      for (let next = place + 1; next < uploader.others.length; next++) uploader.others[next - 1] = uploader.others[next]!;
      // Where the one that is served now comes back to.
      uploader.others[uploader.others.length - 1] = first;
      return;
    }
    swap(uploader, place);
  }
}
