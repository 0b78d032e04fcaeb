/* The meter's filter, its start level, spacing, faults and power. The truth table has a test of its own. */
import assert from "node:assert/strict";
import type { MeterConfiguration } from "../../../firmware/configuration/configuration";
import { createS0Meter, s0Edge, s0Tick } from "../../../firmware/inputs/s0_meter";
import { s0Edges } from "../../../tools/emulator/s0";

function configuration(pulsesPerKwh: number, filterMs = 10, spacingMs = 0): MeterConfiguration {
  return { input: { pin: 25, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh, filterMs, spacingMs, registerWh: 0 };
}

describe("S0 meter", () => {
  it("counts a pulse at the tick at which its level has lasted, and once only", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    assert.equal(s0Edge(meter, 0, 100), 0);
    assert.equal(s0Tick(meter, 109), 0);
    assert.equal(s0Tick(meter, 110), 1);
    assert.equal(s0Tick(meter, 120), 0);
    assert.equal(s0Edge(meter, 1, 130), 0);
  });

  it("counts a pulse that came and went between two ticks", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    assert.equal(s0Edge(meter, 0, 100), 0);
    assert.equal(s0Edge(meter, 1, 130), 1);
    assert.equal(s0Tick(meter, 500), 0);
  });

  it("counts nothing for the level that it finds at start", () => {
    const meter = createS0Meter(configuration(1000), 0, 0);
    assert.equal(s0Tick(meter, 50), 0);
    assert.equal(s0Edge(meter, 1, 60), 0);
    assert.equal(s0Edge(meter, 0, 100), 0);
    assert.equal(s0Tick(meter, 120), 1);
  });

  it("does not count a pulse twice that is interrupted for less than the filter time", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    s0Edge(meter, 0, 100);
    assert.equal(s0Edge(meter, 1, 120), 1);
    assert.equal(s0Edge(meter, 0, 125) + s0Tick(meter, 200), 0);
  });

  it("leaves out and counts a pulse that comes too soon after another", () => {
    const meter = createS0Meter(configuration(1000, 10, 50), 1, 0);
    s0Edge(meter, 0, 100);
    assert.equal(s0Edge(meter, 1, 112), 1);
    s0Edge(meter, 0, 130);
    assert.equal(s0Tick(meter, 145), 0);
    assert.equal(meter.tooClose, 1);
    s0Edge(meter, 1, 160);
    s0Edge(meter, 0, 175);
    assert.equal(s0Tick(meter, 190), 1);
  });

  it("measures power from the distance of pulses and lets it fall while none comes", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    for (let at = 1000; at <= 5000; at += 1000) {
      s0Edge(meter, 0, at);
      s0Edge(meter, 1, at + 30);
      s0Tick(meter, at + 40);
    }
    assert.equal(meter.powerW, 3600);
    s0Tick(meter, 5900);
    assert.equal(meter.powerW, 3600);
    s0Tick(meter, 9000);
    assert.equal(meter.powerW, 900);
    s0Tick(meter, 5000 + 3602000);
    assert.equal(meter.powerW, 0);
  });

  it("shows no power before the second pulse", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    s0Edge(meter, 0, 2000);
    s0Tick(meter, 3500);
    assert.equal(meter.powerW, 0);
  });

  for (const pulsesPerKwh of [1, 3, 7, 75, 100, 400, 800, 1000, 10000, 99999, 100000]) {
    it("keeps the power of " + String(pulsesPerKwh) + " pulses per kWh within a watt and a thousandth, in 31 bits", () => {
      for (const watts of [1, 50, 3700, 11000, 22000, 43000]) {
        const distanceMs = Math.round(3.6e9 / (pulsesPerKwh * watts));
        if (distanceMs < 60 || distanceMs > 4e8) continue;
        const meter = createS0Meter(configuration(pulsesPerKwh), 1, 0);
        for (let pulse = 1; pulse <= 2; pulse++) {
          s0Edge(meter, 0, pulse * distanceMs);
          s0Edge(meter, 1, pulse * distanceMs + 30);
        }
        s0Tick(meter, 2 * distanceMs + 1001);
        const shown = Math.min(3.6e9 / (pulsesPerKwh * distanceMs), 3.6e9 / (pulsesPerKwh * 1001));
        assert.ok(Math.abs(meter.powerW - shown) <= 1 + shown / 1000, meter.powerW + " for " + shown);
      }
    });
  }

  it("shows a power of 31 bits for pulses that come faster than any meter sends them", () => {
    for (const distanceMs of [0, 1, 2]) {
      const meter = createS0Meter(configuration(1, 0), 1, 0);
      for (let pulse = 0; pulse < 3; pulse++) {
        s0Edge(meter, 0, 5000 + pulse * distanceMs);
        s0Edge(meter, 1, 5000 + pulse * distanceMs);
      }
      s0Tick(meter, 5000 + 2 * distanceMs);
      assert.equal(meter.powerW, 1_800_000_000);
    }
  });

  it("forgets distances that the circle of milliseconds cannot hold", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    s0Edge(meter, 0, 1000); s0Edge(meter, 1, 1040); s0Edge(meter, 0, 2000); s0Edge(meter, 1, 2040);
    for (let now = 3000; now < 2 ** 30; now += 1e6) s0Tick(meter, now);
    assert.equal(meter.powerW, 0);
    s0Edge(meter, 0, 500);
    assert.equal(s0Tick(meter, 520), 1);
    assert.equal(meter.powerW, 0);
  });

  it("shows no power any more 500,000 s after the last pulse, and at the first look after half the circle of milliseconds", () => {
    for (const [waitMs, watts] of [[500000000, 7], [500000001, 0], [2 ** 29 + 5000, 0]] as const) {
      const meter = createS0Meter(configuration(1), 1, 0);
      for (let pulse = 1; pulse <= 2; pulse++) {
        s0Edge(meter, 0, pulse * 1000);
        s0Edge(meter, 1, pulse * 1000 + 40);
      }
      s0Tick(meter, 3000);
      s0Tick(meter, 2000 + waitMs);
      assert.equal(meter.powerW, watts, String(waitMs));
    }
  });

  it("reports a line that stays active, and its recovery", () => {
    const meter = createS0Meter(configuration(1000), 1, 0);
    s0Edge(meter, 0, 1000);
    s0Tick(meter, 1010);
    s0Tick(meter, 60000);
    assert.equal(meter.fault, "");
    s0Tick(meter, 62000);
    assert.equal(meter.fault, "stuck");
    s0Edge(meter, 1, 63000);
    s0Tick(meter, 64000);
    assert.equal(meter.fault, "");
  });

  it("counts every pulse at the fastest rate of IEC 62053-31, 30 ms on and 30 ms off, with all its bounce", () => {
    const meter = createS0Meter(configuration(1000, 10, 50), 1, 0);
    const wire = s0Edges({ pulses: 1000, startMs: 100, distanceMs: 60, onMs: 30, activeLevel: 0, bounceMs: 4, spikes: 0, seed: 9 });
    assert.equal(wire.endMs, 61_741, "about 16 pulses a second");
    let counted = 0;
    for (const edge of wire.edges) counted += s0Edge(meter, edge.level, edge.atMs);
    assert.equal(counted + s0Tick(meter, wire.endMs + 100), 1000);
    assert.equal(meter.tooClose, 0);
  });

  it("counts every pulse of a bouncing output with interference, in two meters side by side", () => {
    const first = createS0Meter(configuration(1000, 10, 50), 1, 0);
    const second = createS0Meter(configuration(2000, 10, 0), 1, 0);
    const a = s0Edges({ pulses: 500, startMs: 100, distanceMs: 164, onMs: 35, activeLevel: 0, bounceMs: 4, spikes: 300, seed: 7 });
    const b = s0Edges({ pulses: 900, startMs: 130, distanceMs: 82, onMs: 30, activeLevel: 0, bounceMs: 4, spikes: 300, seed: 8 });
    const all = [...a.edges.map((edge) => ({ ...edge, meter: first })), ...b.edges.map((edge) => ({ ...edge, meter: second }))].sort((x, y) => x.atMs - y.atMs);
    let counted = 0;
    let countedSecond = 0;
    for (const edge of all) {
      if (edge.meter === first) counted += s0Edge(first, edge.level, edge.atMs);
      else countedSecond += s0Edge(second, edge.level, edge.atMs);
    }
    assert.equal(counted + s0Tick(first, a.endMs + 100), 500);
    assert.equal(countedSecond + s0Tick(second, b.endMs + 100), 900);
  });
});
