/*
 * The drift of a register as `sdc status --display` tells it.
 *
 * Input: counters of a board and readings of a display. Output: lines and exit code. Invariant: what the display's
 * last digit may hide is no drift; every drift comes with a cause to look at and the number to write.
 */
import assert from "node:assert/strict";
import type { MeterLook } from "../../../tools/board/board_snapshot";
import { driftOf, parseDisplay } from "../../../tools/board/meter_drift";
import type { Display } from "../../../tools/board/meter_drift";

const SINCE_WH = 10_000_000;

function meter(countedWh: number, more: Partial<MeterLook> = {}): MeterLook {
  return { energyWh: SINCE_WH + countedWh, rest: 0, pulsesPerKwh: 1000, registerWh: SINCE_WH, powerW: 0, on: false, bounces: 0, tooClose: 0, fault: "", ...more };
}

function shows(meteredWh: number, stepWh = 1): Display {
  return { meter: 1, wh: SINCE_WH + meteredWh, stepWh };
}

describe("what a display shows", () => {
  it("is read with point or comma, and its last digit says how sharp it is", () => {
    assert.deepEqual(parseDisplay("1=12345.6"), { meter: 1, wh: 12345600, stepWh: 100 });
    assert.deepEqual(parseDisplay("2=12345,678"), { meter: 2, wh: 12345678, stepWh: 1 });
    assert.deepEqual(parseDisplay("1=0"), { meter: 1, wh: 0, stepWh: 1000 });
  });

  for (const text of ["12345.6", "1=", "0=5", "1=12.3456", "1=-5", "1=12 345", "meter=1", "1=2147483.648", "1=99999999"]) {
    it(`is refused as "${text}"`, () => assert.equal(parseDisplay(text), undefined));
  }
});

describe("the drift of a register", () => {
  it("is none as long as the display's last digit and one pulse explain it, and is one beyond", () => {
    assert.equal(driftOf(meter(50_000), shows(50_101, 100)).exitCode, 0);
    assert.match(driftOf(meter(50_000), shows(49_900, 100)).lines[1]!, /no drift; a difference of up to 101 Wh/);
    assert.equal(driftOf(meter(50_000), shows(50_102, 100)).exitCode, 1);
    assert.equal(driftOf(meter(50_000, { pulsesPerKwh: 100 }), shows(50_011)).exitCode, 0);
    assert.equal(driftOf(meter(50_000, { pulsesPerKwh: 100 }), shows(50_012)).exitCode, 1);
  });

  it("is told in Wh and in per mille since the register was set, with the number that sets it right", () => {
    const { lines } = driftOf(meter(98_000), shows(100_000));
    assert.equal(lines[0], "meter 1: the board counts 10098.000 kWh, the display shows 10100.000 kWh");
    assert.equal(lines[1], "meter 1: drift -2000 Wh, -20 per mille of the 100.000 kWh metered since the register was set to 10000.000 kWh");
    assert.equal(lines.at(-1), "meter 1: to set the register right, write \"registerWh\": 10100000 and provision the board");
    assert.match(driftOf(meter(100_050), shows(100_000)).lines[1]!, /drift \+50 Wh, less than 1 per mille/);
  });

  const causes: [string, MeterLook, Display, RegExp][] = [
    ["half the pulses: another number of pulses per kWh", meter(50_000), shows(100_000), /fits a meter of about 500 pulses per kWh, pulsesPerKwh is 1000[^]*without power/],
    ["ten times the pulses: another number of pulses per kWh", meter(1_000_000), shows(100_000), /fits a meter of about 10000 pulses per kWh/],
    ["a little too much: bounces", meter(101_000, { bounces: 77 }), shows(100_000), /too much is counted[^]*raise filterMs \(77 shorter levels/],
    ["a little too little: lost pulses or a board without power", meter(99_000, { tooClose: 5, bounces: 6 }), shows(100_000), /without power[^]*lower spacingMs \(5 pulses[^]*filterMs \(6 levels/],
    ["nothing counted: wires", meter(0), shows(100_000), /not a single pulse was counted: S0\+ and S0-/],
    ["pulses without energy: interference", meter(5000), shows(0), /although nothing was metered/],
    ["a display below the register's beginning: a wrong number", meter(5000), shows(-8_000_000), /less than registerWh/],
  ];
  for (const [what, look, display, said] of causes) {
    it(`names the cause of ${what}`, () => assert.match(driftOf(look, display).lines.join("\n"), said));
  }

  it("does not blame the setting for a drift of a few per cent, nor lost power for too many pulses", () => {
    assert.doesNotMatch(driftOf(meter(96_000), shows(100_000)).lines.join("\n"), /fits a meter/);
    assert.doesNotMatch(driftOf(meter(200_000), shows(100_000)).lines.join("\n"), /without power/);
  });
});
