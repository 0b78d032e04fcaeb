/*
 * A meter's register over pulses, page changes and new settings.
 *
 * Input: pulses on a mock flash. Output: test results, against the register by plain arithmetic.
 */
import assert from "node:assert/strict";
import { verifyWord, countPulse, METER_HEADER_BYTES, openMeterPage } from "../../../firmware/store/meter_page";
import { createHostCrypto } from "../../../hal/host/crypto";
import { createMockFlash } from "../../../hal/mock/flash";
import type { MockFlash } from "../../../hal/mock/flash";

const crypto = createHostCrypto();
const open = (flash: MockFlash, perKwh: number, registerWh = 0) => {
  flash.start();
  return openMeterPage(flash, crypto, { address: 0, bytes: flash.bytes.length }, perKwh, registerWh);
};

describe("the meter pages", () => {
  for (const perKwh of [1, 7, 500, 1000, 1600, 10_000, 100_000]) {
    it(`count whole Wh and keep the remainder at ${String(perKwh)} pulses per kWh`, () => {
      const flash = createMockFlash(2048, { pageBytes: 1024 });
      let meter = open(flash, perKwh, 123_456);
      for (let pulse = 1; pulse <= 20_000; pulse++) {
        assert.equal(countPulse(meter), "stored");
        if (pulse % 3 === 0) assert.equal(verifyWord(meter), "stored");
        if (pulse % 1999 === 0) meter = open(flash, perKwh, 123_456);
        assert.equal(meter.energyWh, 123_456 + Math.floor(pulse * 1000 / perKwh));
      }
    });
  }

  it("writes four bytes and reads nothing for a pulse", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 1000);
    flash.resetStatistics();
    for (let pulse = 0; pulse < 32; pulse++) countPulse(meter);
    assert.deepEqual([flash.reads, flash.writes, flash.bytesWritten], [0, 32, 128]);
  });

  it("changes page once per 32,512 pulses", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 1000);
    for (let pulse = 0; pulse < (4096 - METER_HEADER_BYTES) * 8; pulse++) countPulse(meter);
    assert.equal(flash.erases, 1);
    countPulse(meter);
    assert.equal(flash.erases, 2);
    assert.equal(open(flash, 1000).energyWh, 32_513);
  });

  it("takes a new register setting, and leaves the register alone while the setting stays", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 1000, 500);
    for (let pulse = 0; pulse < 40; pulse++) countPulse(meter);
    assert.equal(open(flash, 1000, 500).energyWh, 540);
    assert.equal(open(flash, 1000, 7000).energyWh, 7000);
    assert.equal(open(flash, 1000, 7000).energyWh, 7000);
  });

  it("changes page at a start only for another setting", () => {
    const flash = createMockFlash(8192);
    countPulse(open(flash, 1000, 0x01020304));
    const erases = ([perKwh, registerWh]: [number, number]): number => {
      flash.resetStatistics();
      open(flash, perKwh, registerWh);
      return flash.erases;
    };
    assert.deepEqual(([[1000, 0x01020304], [2000, 0x01020304], [2000, 0x01020304], [2000, 5], [2000, 5]] as [number, number][]).map(erases), [0, 1, 0, 1, 0]);
  });

  it("never takes a correction of the register, either way, for metered energy", () => {
    const flash = createMockFlash(8192);
    let metered = 500;
    for (const [perKwh, registerWh] of [[1000, 500], [1000, 12_345_678], [1000, 0], [500, 0], [500, 3500], [2000, 3500], [2000, 1]] as const) {
      const meter = open(flash, perKwh, registerWh);
      assert.equal(meter.energyWh - meter.correctedWh, metered, `${perKwh} ${registerWh}`);
      for (let pulse = 0; pulse < 40; pulse++) countPulse(meter);
      metered += 40_000 / perKwh;
      assert.equal(meter.energyWh - meter.correctedWh, metered);
    }
    const [last] = [open(flash, 2000, 1)];
    assert.deepEqual([last.energyWh, last.energyWh - last.correctedWh], [21, 500 + 3 * 40 + 2 * 80 + 2 * 20]);
  });

  it("keeps the remainder of a Wh over a correction, so that a session that runs loses nothing", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 3000, 0);
    for (let pulse = 0; pulse < 5; pulse++) countPulse(meter);
    const corrected = open(flash, 3000, 100);
    countPulse(corrected);
    assert.deepEqual([corrected.energyWh, corrected.energyWh - corrected.correctedWh], [101, 2]);
  });

  it("keeps register and remainder when the pulses per kWh change", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 10_000);
    for (let pulse = 0; pulse < 25; pulse++) countPulse(meter);
    assert.equal(meter.energyWh, 2);
    const other = open(flash, 1600);
    assert.equal(other.energyWh, 2);
    countPulse(other);
    // 0.5 Wh were left; a pulse at 1,600 per kWh is 0.625 Wh.
    assert.equal(other.energyWh, 3);
    assert.equal(open(flash, 1600).energyWh, 3);
  });

  it("notices a write that did nothing at the next check, and counts it again", () => {
    const flash = createMockFlash(8192);
    const meter = open(flash, 1000);
    for (let pulse = 0; pulse < 5; pulse++) {
      if (pulse > 1) flash.faults.silentWrites.push(flash.writes);
      countPulse(meter);
    }
    assert.equal(verifyWord(meter), "stored");
    assert.equal(meter.faults, 1);
    assert.equal(open(flash, 1000).energyWh, 5);
  });

  it("loses no pulse when a page fails at the change", () => {
    const flash = createMockFlash(4096, { pageBytes: 1024, faults: { stuckPages: [1024] } });
    flash.write(1024, "junk");
    const meter = open(flash, 1000);
    for (let pulse = 0; pulse < 8000; pulse++) assert.equal(countPulse(meter), "stored");
    assert.equal(open(flash, 1000).energyWh, 8000);
    assert.equal(meter.faults, 1);
  });

  it("says fault and still counts in memory when no page can be opened", () => {
    const flash = createMockFlash(2048, { pageBytes: 1024, faults: { stuckPages: [0, 1024] } });
    flash.bytes.fill(0);
    const meter = open(flash, 1000);
    assert.equal(countPulse(meter), "fault");
    assert.equal(countPulse(meter), "fault");
    assert.equal(meter.energyWh, 2);
    assert.equal(verifyWord(meter), "fault");
  });
});
