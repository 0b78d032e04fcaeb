/*
 * The device's signatures against the worked examples of docs/PROTOCOL.md and against the endpoint's code.
 *
 * Input: the page itself, so that neither can change alone. Output: test results. Invariant: an answer is
 * authentic only when nothing at all in it was changed.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { bytesOfHex } from "../../../firmware/base/bytes";
import { answerAuthentic, signRequest } from "../../../firmware/uplink/signature";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { emptyAnswer } from "../../../hal/mock/http";
import type { HttpAnswer, HttpRequest } from "../../../hal/ports";
import { KEY, KEY_ID } from "../../boards/endpoint_model";

const page = readFileSync(new URL("../../../docs/PROTOCOL.md", import.meta.url), "utf8");
const crypto = createMockCrypto();

function requestOf(method: "GET" | "POST", url: string, body = ""): HttpRequest {
  return { method, url, headers: method === "POST" ? ["Content-Type", "application/cbor-seq"] : [], body, timeoutMs: 1000 };
}

function headerOf(request: HttpRequest, name: string): string {
  return `${name}: ${request.headers[request.headers.indexOf(name) + 1]}`;
}

function exampleAnswer(): HttpAnswer {
  const part = page.substring(page.indexOf("HTTP/1.1 200 OK"));
  const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(part)?.[1] ?? "";
  const body = /Body, 99 bytes: `(.*)`/.exec(page)?.[1] ?? "";
  return { ...emptyAnswer(), status: 200, body, contentType: field("Content-Type"), contentDigest: field("Content-Digest"), signatureInput: field("Signature-Input"), signature: field("Signature") };
}

describe("the device's signatures", () => {
  it("are those of the protocol's example of an upload", () => {
    const hex = /```\n([0-9A-F\n]+)```/.exec(page)?.[1]!.replace(/\n/g, "") ?? "";
    const request = requestOf("POST", "http://192.168.1.20:8090/api/v1/rows", bytesOfHex(hex) ?? "");
    signRequest(crypto, KEY, KEY_ID, "3.2", 0, request);
    for (const name of ["Content-Type", "Content-Digest", "Signature-Input", "Signature"]) assert.ok(page.includes(headerOf(request, name)), headerOf(request, name));
  });

  it("are those of the protocol's example without a body", () => {
    const request = requestOf("GET", "http://192.168.1.20:8090/api/v1/users?after=7&from=0");
    signRequest(crypto, KEY, KEY_ID, "3.3", 0, request);
    assert.ok(page.includes(headerOf(request, "Signature")));
  });

  it("tell the time only when it is known", () => {
    const request = requestOf("POST", "http://h/api/v1/rows");
    signRequest(crypto, KEY, KEY_ID, "1.1", 1767225606, request);
    assert.match(headerOf(request, "Signature-Input"), /\);created=1767225606;nonce="1.1";/);
  });

  it("cover the root path when the address has none", () => {
    const bare = requestOf("POST", "http://h");
    const root = requestOf("POST", "http://h/");
    signRequest(crypto, KEY, KEY_ID, "1.1", 0, bare);
    signRequest(crypto, KEY, KEY_ID, "1.1", 0, root);
    assert.equal(headerOf(bare, "Signature"), headerOf(root, "Signature"));
  });

  it("accept the protocol's example of an answer", () => {
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.2", exampleAnswer()), true);
  });

  it("refuse that answer for any other request, key or key id", () => {
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.3", exampleAnswer()), false);
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "13.2", exampleAnswer()), false);
    assert.equal(answerAuthentic(crypto, "x" + KEY.substring(1), KEY_ID, "3.2", exampleAnswer()), false);
    assert.equal(answerAuthentic(crypto, KEY, "garage.2", "3.2", exampleAnswer()), false);
  });

  it("refuse that answer when any one character of it is changed, missing or doubled", () => {
    const fields: (keyof HttpAnswer)[] = ["body", "contentType", "contentDigest", "signatureInput", "signature"];
    for (const field of fields) {
      const text = String(exampleAnswer()[field]);
      for (let at = 0; at < text.length; at++) {
        const other = text[at] === "x" ? "y" : "x";
        for (const changed of [text.substring(0, at) + other + text.substring(at + 1), text.substring(0, at) + text.substring(at + 1), text.substring(0, at) + text[at] + text.substring(at)]) {
          if (changed === text) continue;
          assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.2", { ...exampleAnswer(), [field]: changed }), false, `${field} at ${at}`);
        }
      }
    }
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.2", { ...exampleAnswer(), status: 201 }), false);
  });

  it("refuse an answer that covers less than it must", () => {
    const answer = exampleAnswer();
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.2", { ...answer, signatureInput: answer.signatureInput.replace(" \"content-digest\"", "") }), false);
    assert.equal(answerAuthentic(crypto, KEY, KEY_ID, "3.2", emptyAnswer()), false);
  });

  it("are not made, and no answer is believed, when there is no memory for a hash", () => {
    const forged = { ...exampleAnswer(), contentDigest: "sha-256=::", signature: "sdc=::" };
    const noHash = { ...crypto, sha256: () => "" };
    const noSignature = { ...crypto, hmacSha256: () => "" };
    for (const poor of [noHash, noSignature, { ...noHash, hmacSha256: () => "" }]) {
      assert.equal(signRequest(poor, KEY, KEY_ID, "3.2", 0, requestOf("POST", "http://h/x", "rows")), false);
      assert.equal(answerAuthentic(poor, KEY, KEY_ID, "3.2", exampleAnswer()), false);
      assert.equal(answerAuthentic(poor, KEY, KEY_ID, "3.2", forged), false);
    }
    assert.equal(signRequest(noHash, KEY, KEY_ID, "3.2", 0, requestOf("GET", "http://h/x")), true, "a request without a body needs no digest");
  });
});
