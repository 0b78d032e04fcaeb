/*
 * Secrets that an endpoint has encrypted for this device (docs/PROTOCOL.md §5, "Sealed secrets").
 *
 * Input: a sealed text and the device's key. Output: the secret as JSON writes it, with its quotes, or "". Invariant:
 * nothing that was not sealed with this key, for this very place in the document, is ever given out. HMAC-SHA-256 is
 * the only primitive, and addition takes the place of XOR: both are there on every platform, in Lua too.
 */
import type { Bytes, CryptoPort } from "../../hal/ports";
import { bytesOfHex } from "../base/bytes";
import { SEALED } from "../protocol";

const LABEL = "sdc sealed secret 1";
const TAG_BYTES = 16;
const BLOCK_BYTES = 32;

/** Opens `text`, the value of the secret `place` (such as "endpoint.key"), with the device's key; "" when it is not right. */
export function openSealed(crypto: CryptoPort, key: Bytes, place: Bytes, text: Bytes): Bytes {
  const bytes = bytesOfHex(text.substring(SEALED.length));
  if (bytes === undefined || bytes.length <= TAG_BYTES) return "";
  const own = crypto.hmacSha256(key, LABEL);
  const tag = bytes.substring(0, TAG_BYTES);
  let secret = "";
  let stream = "";
  for (let at = TAG_BYTES; at < bytes.length; at++) {
    const place32 = (at - TAG_BYTES) % BLOCK_BYTES;
    if (place32 === 0) stream = crypto.hmacSha256(own, "stream" + tag + String.fromCharCode(Math.floor((at - TAG_BYTES) / BLOCK_BYTES)));
    // Without memory there is no stream, and nothing that could be opened.
    if (stream === "") return "";
    secret += String.fromCharCode((bytes.charCodeAt(at) + 256 - stream.charCodeAt(place32)) % 256);
  }
  if (crypto.hmacSha256(own, "tag" + place + "=" + secret).substring(0, TAG_BYTES) !== tag) return "";
  // Blanks behind the text hide how long it is.
  let end = secret.length;
  while (end > 0 && secret.charAt(end - 1) === " ") end--;
  return secret.substring(0, end);
}
