/*
 * Which interpreter `sdc deploy` refuses, and what it says.
 *
 * Input: what an interpreter says about itself. Output: test results. Invariant: a refusal names the remedy.
 */
import assert from "node:assert/strict";
import { refusal } from "../../../tools/board/deploy";

describe("sdc deploy", () => {
  it("refuses an interpreter that is too old, or built for what has no firmware, and says what would fit", () => {
    assert.match(refusal({ build: "ESP32", version: "1v99", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, ""), /Espruino 1v99.*needs 2v27/);
    assert.match(refusal({ build: "PICO_R1_3", version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, ""), /no firmware for that/);
    assert.match(refusal({ build: "ESP32_IDF4", version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, "esp32_devkit"), /ESP32_IDF4, which has no hashes and no TLS; flash the release for ESP32/);
    assert.match(refusal({ build: "ESP32C3_IDF4", version: "2v28", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, ""), /Espruino 2v28, this firmware needs 2v29 or newer on this chip/);
    assert.equal(refusal({ build: "ESP32C3_IDF4", version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, ""), "");
    assert.match(refusal({ build: "ESP32", version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, ""), /--board esp32_devkit or wallbox_addon/);
    assert.match(refusal({ build: "ESP32", version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, "esp23"), /there is no board esp23/);
    for (const build of ["LINUX", "LINUX32"]) assert.equal(refusal({ build, version: "2v29", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, "linux"), "");
    assert.equal(refusal({ build: "ESP32", version: "2v29.277", freeBytes: 0, storageBytes: 0, trashBytes: 0 }, "esp32_devkit"), "");
  });
});
