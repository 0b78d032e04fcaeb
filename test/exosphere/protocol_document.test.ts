/*
 * docs/PROTOCOL.md against the code: every value of its worked examples is computed here again.
 *
 * Input: the page, the row encoder of the firmware, the signature module. Output: failures that name the
 * missing text. Invariant: a changed format fails here until the page follows.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { cborDecimal, cborHead, cborInteger, cborText, CBOR_ARRAY, CBOR_BYTES, CBOR_MAP } from "../../firmware/base/cbor";
import { hexOf } from "../../firmware/base/bytes";
import { factRow, momentCell, sessionRow } from "../../firmware/session/row";
import { type Components, contentDigest, sign, signatureBase } from "../../exosphere/devices/signature";

const page = readFileSync(new URL("../../docs/PROTOCOL.md", import.meta.url), "utf8");
const key = Buffer.from("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F", "hex");

function has(text: string): void {
  assert.ok(page.includes(text), `docs/PROTOCOL.md lacks: ${text}`);
}

describe("the protocol page", () => {
  const status = cborHead(CBOR_ARRAY, 2) + cborInteger(0) + cborHead(CBOR_MAP, 5) + cborInteger(0) + cborInteger(3) + cborInteger(1) +
    cborInteger(125) + cborInteger(2) + cborText("0.1.0") + cborInteger(4) + cborInteger(2) + cborInteger(8) + cborInteger(0);
  const start = sessionRow(1, 41, 1, 7, 3, cborInteger(1) + momentCell({ epochS: 0, boot: 3, uptimeS: 60 }) +
    cborInteger(3) + cborHead(CBOR_BYTES, 4) + "\x04\xa2\x2b\x91" + cborInteger(4) + cborDecimal("7.45"));
  const fact = factRow(5, 42, 3, 120, 1767225600);

  it("shows the body of its example as the row encoder makes it", () => {
    for (const part of [status, start, fact]) has(hexOf(part));
    has(`Body, ${(status + start + fact).length} bytes`);
  });

  it("shows base and signature of the upload", () => {
    const components: Components = [["@method", "POST"], ["@path", "/api/v1/rows"],
      ["content-digest", contentDigest(Buffer.from(status + start + fact, "latin1"))], ["content-type", "application/cbor-seq"]];
    const signed = sign(key, components, { created: undefined, boot: 3, counter: 2, keyId: "garage.1" });
    has(signatureBase(components, [["nonce", "3.2"], ["keyid", "garage.1"], ["alg", "hmac-sha256"]]));
    has(`Signature-Input: ${signed.signatureInput}\nSignature: ${signed.signature}`);
  });

  it("shows base and signature of the answer", () => {
    const body = /Body, (\d+) bytes: `(\{.*\})`/.exec(page)!;
    assert.equal(body[2]!.length, Number(body[1]));
    const components: Components = [["@status", "200"], ["content-digest", contentDigest(Buffer.from(body[2]!))], ["content-type", "application/json"]];
    const signed = sign(key, components, { created: 1767225606, boot: 3, counter: 2, keyId: "garage.1" });
    has(signatureBase(components, [["created", 1767225606], ["nonce", "3.2"], ["keyid", "garage.1"], ["alg", "hmac-sha256"]]));
    has(`Signature-Input: ${signed.signatureInput}\nSignature: ${signed.signature}`);
  });

  it("shows base and signature of a request without a body", () => {
    const components: Components = [["@method", "GET"], ["@path", "/api/v1/users"], ["@query", "?after=7&from=0"]];
    has(signatureBase(components, [["nonce", "3.3"], ["keyid", "garage.1"], ["alg", "hmac-sha256"]]));
    has(sign(key, components, { created: undefined, boot: 3, counter: 3, keyId: "garage.1" }).signature);
  });
});
