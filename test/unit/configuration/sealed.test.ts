/*
 * Secrets that the endpoint seals for a device: only that board opens them.
 *
 * Input: secrets, keys, places. Output: sealed texts, opened again. Invariant: the pinned text is that of docs/PROTOCOL.md §5.
 */
import assert from "node:assert/strict";
import { openSealed } from "../../../firmware/configuration/sealed";
import { hasSealed, restoreSecrets } from "../../../firmware/configuration/secrets";
import { createMockCrypto } from "../../../hal/mock/crypto";
import { sealForDevice } from "../../../exosphere/devices/seal_for_device";

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index));
const OTHER = Buffer.alloc(32, 7);
const PINNED = "(sealed)B8E7B2FD86BB7A72A46267D09EECD404268366193CE77FF3499DBC6283F80F1A8B50AD20C00AD0B668F26A12746051BE";
const crypto = createMockCrypto();
const open = (key: Buffer, place: string, sealed: string): string => openSealed(crypto, key.toString("latin1"), place, sealed);

describe("a sealed secret", () => {
  it("has one spelling, which is pinned", () => {
    assert.equal(sealForDevice(KEY, "network.password", '"a password"'), PINNED);
    assert.equal(open(KEY, "network.password", PINNED), '"a password"');
  });

  it("is opened at any length and with any characters", () => {
    for (const secret of ['""', '"x"', `"${"k".repeat(30)}"`, `"${"k".repeat(31)}"`, `"${"0f".repeat(32)}"`, '"Grüße \\" \\\\ "', `"${"long".repeat(300)}"`]) {
      const bytes = Buffer.from(secret).toString("latin1");
      assert.equal(open(KEY, "api.token", sealForDevice(KEY, "api.token", secret)), bytes);
    }
  });

  it("hides its length within 32 bytes", () => {
    assert.equal(sealForDevice(KEY, "api.token", '"x"').length, sealForDevice(KEY, "api.token", `"${"x".repeat(30)}"`).length);
  });

  it("opens with no other key, in no other place, and with no byte changed", () => {
    assert.equal(open(OTHER, "network.password", PINNED), "");
    assert.equal(open(KEY, "device.password", PINNED), "");
    for (let at = "(sealed)".length; at < PINNED.length; at++) {
      const changed = PINNED.slice(0, at) + (PINNED.charAt(at) === "0" ? "1" : "0") + PINNED.slice(at + 1);
      assert.equal(open(KEY, "network.password", changed), "", `character ${at}`);
    }
    for (const text of ["(sealed)", "(sealed)0", "(sealed)zz", PINNED.slice(0, 40)]) assert.equal(open(KEY, "network.password", text), "");
  });

  it("is exchanged in a document, and stays sealed, so that the board refuses it, where it does not open", () => {
    const old = `{"endpoint":{"key":"${KEY.toString("hex")}"}}`;
    const document = (password: string): string => `{"network":{"ssid":"house","password":${password}},"api":{"token":"(secret)"}}`;
    assert.equal(restoreSecrets(document(`"${PINNED}"`), old, crypto), document('"a password"'));
    assert.equal(restoreSecrets(document('"plain"'), old, crypto), document('"plain"'));
    const wrong = restoreSecrets(document(`"${PINNED}"`), `{"endpoint":{"key":"${OTHER.toString("hex")}"}}`, crypto);
    assert.equal(wrong, document(`"${PINNED}"`));
    assert.deepEqual([hasSealed(wrong), hasSealed(document('"plain"'))], [true, false]);
  });
});
