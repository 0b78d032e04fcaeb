/*
 * Whether an answer is the endpoint's own.
 *
 * Input: the uploader with the answer as it came. Output: a verdict. Invariant: an answer without a signature,
 * or with one for another request, is nobody's.
 */
import type { HttpAnswer } from "../../hal/ports";
import { answerAuthentic } from "./signature";
import type { Uploader } from "./uploader_state";

/** @part verify */
export function answerVerified(uploader: Uploader, received: HttpAnswer): boolean {
  const configuration = uploader.configuration;
  return received.status !== 0 && received.signature !== "" &&
    answerAuthentic(uploader.ports.crypto, configuration.key, configuration.keyId, uploader.nonce, received);
}
