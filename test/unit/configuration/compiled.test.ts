/*
 * The compiled configuration behind its document: the same record, or none.
 *
 * Input: documents of every form, on a mock flash whose power fails at every byte. Output: test results.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { COMPILED_STEP_BYTES, compiledEnd, compiledStart } from "../../../firmware/configuration/compiled";
import { configurationOf, readCompiled } from "../../../firmware/configuration/compiled_read";
import { compiledBytes, keepCompiled } from "../../../firmware/configuration/compiled_write";
import type { Configuration } from "../../../firmware/configuration/configuration";
import { readConfiguration } from "../../../firmware/configuration/reader";
import { openSettings, readSettings, writeSettings } from "../../../firmware/configuration/store";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash, PowerCut } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";
import { wallboxDocument } from "../../../tools/world/garage";
import { utf8 } from "../../boards/connector_board";
import { fullDocument } from "../../espruino/full_document";

const example = (name: string): string => readFileSync(new URL(`../../../docs/examples/${name}.json`, import.meta.url), "latin1");
const EVERY = {
  network: { ssid: "house", password: "a password", ntp: "pool.ntp.org:123" },
  endpoint2: { url: "http://second/", keyId: "k2", key: "ff".repeat(16) }, endpoint3: { url: "http://third/hook", target: "webhook", keyId: "k3", key: "01".repeat(64) },
  block: { name: "Garage-2", lateUid: true, pauseS: 90, onRestart: "ignore", onPowerLoss: "close", uidTimeoutS: 86400, minDurationS: 1, minEnergyWh: 2, triggerDelayMs: 600000 },
  tariff: { utcOffsetMin: -60, daylightSaving: "none", minorDigits: 3, feePerHour: "0.5", prices: [{ from: "00:00", perKwh: "25.5" }, { from: "22:30", perKwh: 0 }] },
};
const documents: { [name: string]: string } = {
  wallbox: example("wallbox"), cards: example("cards"),
  "a least one": JSON.stringify({ version: 1, device: { id: "g" }, table: { id: 1, columns: [{ id: 1, name: "a", type: "datetime", content: "session.start" }] } }),
  "a full one": utf8(JSON.stringify(fullDocument({ ...wallboxDocument(), readers: [{ ...wallboxDocument().readers[0], port: 1 }] }, 8080))),
  "one with all that the others leave out": utf8(JSON.stringify({
    ...wallboxDocument(), ...EVERY,
    customInputs: [{ index: 16, type: "number", source: "analog", pin: 36, scaleLow: "-50.25", scaleHigh: "2000.5" }, { index: 1, type: "boolean", source: "level", pin: 39, pull: "none", latch: "trigger" }],
  })),
};

function compiled(document: string): Configuration {
  const { configuration, errors } = readConfiguration(document);
  assert.deepEqual(errors, []);
  return configuration!;
}

const crypto = createHostCrypto();
const area = (flash: MockFlash) => ({ address: 0, bytes: flash.bytes.length });

/** Settings that hold `document`. */
function stored(flash: MockFlash, document: string): ReturnType<typeof openSettings> {
  const settings = openSettings(flash, crypto, area(flash));
  assert.equal(writeSettings(settings, document), "stored");
  return settings;
}

describe("a compiled configuration", () => {
  for (const [name, document] of Object.entries(documents)) {
    it(`comes back from its bytes as it was: ${name}`, () => {
      assert.deepEqual(configurationOf(compiledBytes(compiled(document))), compiled(document));
    });
  }

  it("has the bytes that boards in service keep; when they change, raise the format in compiled.ts, then mend this", () => {
    const hash = createHash("sha256");
    for (const document of Object.values(documents)) hash.update(compiledBytes(compiled(document)), "latin1");
    assert.equal(hash.digest("hex"), "240ff48e198a1e74fc443c5808257cb6510ce07b3bd7126f25a53e83cc25a946");
  });

  it("is read at the next start, after each new document anew, and leaves the documents alone", () => {
    const flash = createMockFlash(16384);
    for (const document of Object.values(documents)) {
      const settings = stored(flash, document);
      assert.equal(readCompiled(settings), undefined);
      assert.equal(keepCompiled(settings, compiled(document)), "stored");
      const next = openSettings(flash, crypto, area(flash));
      assert.deepEqual(readCompiled(next), compiled(document));
      assert.equal(readSettings(next), document);
    }
  });

  it("is not written where the document leaves no room for it, and one byte more is room enough", () => {
    const configuration = compiled(documents["wallbox"]!);
    const bytes = 16 + Math.ceil(compiledBytes(configuration).length / 4) * 4;
    const blocks = Math.floor((4096 - 16 - bytes) / COMPILED_STEP_BYTES);
    for (const [length, expected] of [[blocks * 252, "stored"], [blocks * 252 + 1, "noRoom"]] as const) {
      const flash = createMockFlash(8192);
      const settings = stored(flash, "x".repeat(length));
      const before = flash.bytesWritten;
      assert.equal(keepCompiled(settings, configuration), expected);
      assert.equal(flash.bytesWritten > before, expected === "stored");
      assert.equal(compiledEnd(settings) - compiledStart(settings) >= bytes, expected === "stored");
    }
  });

  it("of another format stays where it is, and the one of this format comes behind it", () => {
    const flash = createMockFlash(16384);
    const configuration = compiled(documents["wallbox"]!);
    const settings = stored(flash, documents["wallbox"]!);
    const at = compiledStart(settings);
    flash.write(at, "SDR\x02");
    assert.equal(keepCompiled(settings, configuration), "stored");
    assert.equal(flash.read(at, 4), "SDR\x02");
    assert.deepEqual(readCompiled(openSettings(flash, crypto, area(flash))), configuration);
  });

  it("with any one of its bytes changed is none, or the same", () => {
    const flash = createMockFlash(8192);
    const configuration = compiled(documents["wallbox"]!);
    const settings = stored(flash, documents["wallbox"]!);
    keepCompiled(settings, configuration);
    const start = compiledStart(settings);
    for (let at = start; at < start + 16 + compiledBytes(configuration).length; at++) {
      const right = flash.bytes[at]!;
      flash.bytes[at] = right ^ 0x10;
      assert.equal(readCompiled(settings), undefined, String(at));
      flash.bytes[at] = right;
    }
    assert.deepEqual(readCompiled(settings), configuration);
  });

  it("is whole or absent after a power cut at any step, and the next start keeps one behind what was torn", () => {
    const document = documents["wallbox"]!;
    const configuration = compiled(document);
    const whole = createMockFlash(16384);
    const settings = stored(whole, document);
    whole.resetStatistics();
    keepCompiled(settings, configuration);
    const steps = whole.steps;
    assert.ok(steps > compiledBytes(configuration).length, String(steps));
    const clean = createMockFlash(16384);
    stored(clean, document);
    for (let step = 0; step < steps; step++) {
      const flash = createMockFlash(16384, { content: clean.bytes.slice(), faults: { cutStep: step, seed: step + 1 } });
      assert.throws(() => keepCompiled(openSettings(flash, crypto, area(flash)), configuration), PowerCut);
      flash.boot();
      flash.start();
      const next = openSettings(flash, crypto, area(flash));
      assert.equal(readSettings(next), document);
      if (readCompiled(next) === undefined) assert.equal(keepCompiled(next, configuration), "stored", String(step));
      assert.deepEqual(readCompiled(openSettings(flash, crypto, area(flash))), configuration, String(step));
    }
  });
});
