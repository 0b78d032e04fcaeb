/*
 * Signatures: the RFC's own vector, and every way in which a message may differ from what was signed.
 *
 * Input: RFC 9421 appendix B.2.5, and messages made here. Output: verdicts. Invariant: a verifier that
 * accepts everything, or ignores one component, fails here.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import {
  COMPONENTS_WITH_BODY, type Components, contentDigest, contentDigestMatches, hmacSignature, readSignature, sign, signatureBase, verify,
} from "../../exosphere/devices/signature";
import { parseDictionary } from "../../exosphere/devices/structured_field";

const key = Buffer.alloc(32, 7);
const components: Components = [["@method", "POST"], ["@path", "/api/v1/rows"], ["content-digest", contentDigest(Buffer.from("body"))], ["content-type", "application/cbor-seq"]];
const parameters = { created: 1767225606, boot: 3, counter: 9, keyId: "garage.1" };
const signed = sign(key, components, parameters);

describe("signature", () => {
  it("gives the signature of RFC 9421 B.2.5", () => {
    const secret = Buffer.from("uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==", "base64");
    const base = signatureBase(
      [["date", "Tue, 20 Apr 2021 02:07:55 GMT"], ["@authority", "example.com"], ["content-type", "application/json"]],
      [["created", 1618884473], ["keyid", "test-shared-secret"]],
    );
    assert.equal(hmacSignature(secret, base).toString("base64"), "pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=");
  });

  it("reads back what it signed", () => {
    const received = readSignature(signed.signatureInput, signed.signature)!;
    assert.deepEqual([received.boot, received.counter, received.keyId, received.created], [3, 9, "garage.1", 1767225606]);
    assert.ok(verify(received, key, components));
  });

  it("refuses another key and another value of any component", () => {
    const received = readSignature(signed.signatureInput, signed.signature)!;
    assert.equal(verify(received, Buffer.alloc(32, 8), components), false);
    for (let index = 0; index < components.length; index++) {
      const changed = components.map(([name, value], at): [string, string] => [name, at === index ? `${value}x` : value]);
      assert.equal(verify(received, key, changed), false, `changed ${components[index]![0]}`);
    }
  });

  it("refuses a signature over fewer components, however right it is", () => {
    for (let index = 0; index < COMPONENTS_WITH_BODY.length; index++) {
      const fewer = components.filter((_, at) => at !== index);
      const narrow = sign(key, fewer, parameters);
      const received = readSignature(narrow.signatureInput, narrow.signature)!;
      assert.ok(verify(received, key, fewer));
      assert.equal(verify(received, key, components), false);
    }
  });

  it("refuses a changed nonce, key id or time", () => {
    for (const [from, to] of [["3.9", "3.10"], ["garage.1", "garage.2"], ["1767225606", "1767225607"]] as const) {
      const received = readSignature(signed.signatureInput.replace(from, to), signed.signature)!;
      assert.equal(verify(received, key, components), false);
    }
  });

  it("knows no other algorithm, label, parameter or nonce form", () => {
    for (const [from, to] of [["hmac-sha256", "none"], ["sdc=", "other="], ["3.9", "39"], ["3.9", "-3.9"], [";alg", ";tag=\"x\";alg"], ["3.9", "99999999999.1"], [" ", ""]] as const) {
      assert.equal(readSignature(signed.signatureInput.replace(from, to), signed.signature), undefined, to);
    }
    assert.equal(readSignature(signed.signatureInput, signed.signature.replace(":", "")), undefined);
  });

  it("accepts only the digest of the body itself", () => {
    assert.ok(contentDigestMatches(contentDigest(Buffer.from("body")), Buffer.from("body")));
    assert.equal(contentDigestMatches(contentDigest(Buffer.from("body")), Buffer.from("Body")), false);
    assert.equal(contentDigestMatches("sha-512=:AAAA:", Buffer.from("body")), false);
    assert.equal(contentDigestMatches("", Buffer.from("")), false);
  });

  it("never throws on any field text", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string().map((text) => `sdc=("${text}`), fc.stringMatching(/^[ -~]{0,40}$/)), (text) => {
      parseDictionary(text);
      readSignature(text, signed.signature);
      readSignature(signed.signatureInput, text);
      contentDigestMatches(text, Buffer.from("x"));
    }));
  });
});
