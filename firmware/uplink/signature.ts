/*
 * HTTP Message Signatures (RFC 9421, hmac-sha256) with Content-Digest (RFC 9530), in the narrow profile of
 * docs/PROTOCOL.md.
 *
 * Input: a request without its signature, or an answer as it came. Output: header fields, or a verdict.
 * Invariants: an answer is authentic only when its body, type and status were signed with this key for
 * this very nonce; everything that must be in Signature-Input is compared as text, so nothing is parsed
 * from bytes that are not yet trusted. The signature does not depend on a right clock. The comparison may
 * stop early: each nonce is used once, so no attacker can try byte after byte.
 */
import type { CryptoPort, HttpAnswer, HttpRequest } from "../../hal/ports";

const BODY_COMPONENTS = "(\"@method\" \"@path\" \"content-digest\" \"content-type\")";
const QUERY_COMPONENTS = "(\"@method\" \"@path\" \"@query\")";
const ANSWER_COMPONENTS = "(\"@status\" \"content-digest\" \"content-type\")";

/** A Content-Digest whose hash is missing, because there was no memory for it. */
const NO_DIGEST = "sha-256=::";

/** Value of Content-Digest. */
export function contentDigest(crypto: CryptoPort, body: string): string {
  return "sha-256=:" + crypto.base64(crypto.sha256(body)) + ":";
}

function parametersOf(createdS: number, nonce: string, keyId: string): string {
  return (createdS > 0 ? ";created=" + createdS : "") + ";nonce=\"" + nonce + "\";keyid=\"" + keyId + "\";alg=\"hmac-sha256\"";
}

/**
 * Adds the signature's header fields to a request whose other parts are complete; with a body, its
 * Content-Type is the first header. `createdS` is UTC seconds, 0 while unknown: then it is left out. False:
 * there was no memory to sign it, so it must not be sent.
 */
export function signRequest(crypto: CryptoPort, key: string, keyId: string, nonce: string, createdS: number, request: HttpRequest): boolean {
  let at = request.url.indexOf("/", request.url.indexOf("://") + 3);
  if (at < 0) at = request.url.length;
  let path = request.url.substring(at);
  const mark = path.indexOf("?");
  const query = mark < 0 ? "?" : path.substring(mark);
  if (mark >= 0) path = path.substring(0, mark);
  let base = "\"@method\": " + request.method + "\n\"@path\": " + (path === "" ? "/" : path);
  let input = parametersOf(createdS, nonce, keyId);
  if (request.method === "GET") {
    input = QUERY_COMPONENTS + input;
    base += "\n\"@query\": " + query;
  } else {
    const digest = contentDigest(crypto, request.body);
    if (digest === NO_DIGEST) return false;
    input = BODY_COMPONENTS + input;
    base += "\n\"content-digest\": " + digest + "\n\"content-type\": " + request.headers[1];
    request.headers.push("Content-Digest", digest);
  }
  base += "\n\"@signature-params\": " + input;
  const signature = crypto.hmacSha256(key, base);
  request.headers.push("Signature-Input", "sdc=" + input, "Signature", "sdc=:" + crypto.base64(signature) + ":");
  return signature !== "";
}

/** Whether `answer` is the endpoint's own answer to the request with this nonce. */
export function answerAuthentic(crypto: CryptoPort, key: string, keyId: string, nonce: string, answer: HttpAnswer): boolean {
  const input = answer.signatureInput.substring(4);
  const tail = parametersOf(0, nonce, keyId);
  if (answer.signatureInput.substring(0, 4) !== "sdc=" || input.substring(0, ANSWER_COMPONENTS.length) !== ANSWER_COMPONENTS) return false;
  if (input.length < ANSWER_COMPONENTS.length + tail.length || input.substring(input.length - tail.length) !== tail) return false;
  // The text between the components and the tail is ";created=…"; the signature covers it as it came.
  if (answer.contentDigest !== contentDigest(crypto, answer.body)) return false;
  const base = "\"@status\": " + answer.status + "\n\"content-digest\": " + answer.contentDigest + "\n\"content-type\": " + answer.contentType +
    "\n\"@signature-params\": " + input;
  // Without memory there is no signature, and an empty MAC must never compare equal.
  const signature = crypto.hmacSha256(key, base);
  return signature !== "" && answer.signature === "sdc=:" + crypto.base64(signature) + ":";
}
