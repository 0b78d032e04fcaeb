/*
 * Known answers of signatures, of both directions.
 *
 * Input: none. Output: run…() functions that return "" or the first difference. Invariant: in the portable
 * subset; the texts that are signed are those of docs/PROTOCOL.md.
 */
import type { CryptoPort, HttpAnswer, HttpRequest } from "../../hal/ports";
import { answerAuthentic, signRequest } from "../../firmware/uplink/signature";
import { difference } from "./check";

/** A crypto port that shows what it is given: the digest of a text is the text's length, its HMAC the text. */
function showing(): CryptoPort {
  return {
    crc32: function (): string { return ""; },
    sha256: function (bytes: string): string { return "" + bytes.length; },
    hmacSha256: function (key: string, bytes: string): string { return key + "|" + bytes; },
    base64: function (bytes: string): string { return bytes; },
    seed: function (): void { return; },
    random: function (): string { return ""; },
  };
}

export function runSignature(): string {
  const request: HttpRequest = { method: "POST", url: "http://192.168.1.20:8090/api/v1/rows", headers: ["Content-Type", "application/cbor-seq"], body: "four", timeoutMs: 1000 };
  signRequest(showing(), "K", "garage.1", "3.2", 0, request);
  let fault = difference("input", request.headers[5]!, "sdc=(\"@method\" \"@path\" \"content-digest\" \"content-type\");nonce=\"3.2\";keyid=\"garage.1\";alg=\"hmac-sha256\"");
  if (fault === "") {
    fault = difference("base", request.headers[7]!, "sdc=:K|\"@method\": POST\n\"@path\": /api/v1/rows\n\"content-digest\": sha-256=:4:\n\"content-type\": application/cbor-seq\n" +
      "\"@signature-params\": (\"@method\" \"@path\" \"content-digest\" \"content-type\");nonce=\"3.2\";keyid=\"garage.1\";alg=\"hmac-sha256\":");
  }
  const query: HttpRequest = { method: "GET", url: "http://h/api/v1/users?after=7&from=0", headers: [], body: "", timeoutMs: 1000 };
  signRequest(showing(), "K", "garage.1", "3.3", 1767225606, query);
  if (fault === "") {
    fault = difference("base with a query", query.headers[3]!, "sdc=:K|\"@method\": GET\n\"@path\": /api/v1/users\n\"@query\": ?after=7&from=0\n" +
      "\"@signature-params\": (\"@method\" \"@path\" \"@query\");created=1767225606;nonce=\"3.3\";keyid=\"garage.1\";alg=\"hmac-sha256\":");
  }
  const input = "(\"@status\" \"content-digest\" \"content-type\");created=5;nonce=\"3.2\";keyid=\"garage.1\";alg=\"hmac-sha256\"";
  const answer: HttpAnswer = {
    status: 200, body: "four", contentType: "application/json", contentDigest: "sha-256=:4:", signatureInput: "sdc=" + input,
    signature: "sdc=:K|\"@status\": 200\n\"content-digest\": sha-256=:4:\n\"content-type\": application/json\n\"@signature-params\": " + input + ":",
    date: "", retryAfter: "", location: "", failure: "",
  };
  if (fault === "" && !answerAuthentic(showing(), "K", "garage.1", "3.2", answer)) fault = "a right answer is refused";
  if (fault === "" && answerAuthentic(showing(), "K", "garage.1", "3.1", answer)) fault = "an answer to another request is taken";
  answer.body = "three";
  if (fault === "" && answerAuthentic(showing(), "K", "garage.1", "3.2", answer)) fault = "an answer with another body is taken";
  return fault;
}
