/*
 * A counted register against the meter's own display: how far they have drifted apart, and what to do.
 *
 * Input: what the board says about a meter, and the figure on its display. Output: lines for the person
 * at the meter. Invariants: a difference that the display's last digit may hide is no drift; the share is that of
 * firmware/inputs/s0_check, since the moment at which `registerWh` was set.
 */
import { s0Drift } from "../../firmware/inputs/s0_check";
import type { Answer } from "../cli/answer";
import { kwhText } from "./board_changes";
import type { MeterLook } from "./board_snapshot";

export interface Display {
  /** 1 … 2, as in "meter 1". */
  meter: number;
  wh: number;
  /** The step of its last digit, 1 … 1,000 Wh. */
  stepWh: number;
}

/** From this share on a whole setting is wrong, and not single pulses. */
const SETTING_MILLE = 50;
const REGISTER_WH_MAX = 2 ** 31 - 1;

/** "1=12345.6" (kWh, point or comma, at most three decimals); undefined when it is not of that form. */
export function parseDisplay(text: string): Display | undefined {
  const match = /^([1-9])=(\d{1,7})(?:[.,](\d{1,3}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const decimals = match[3] ?? "";
  const wh = Number(match[2]) * 1000 + Number(decimals.padEnd(3, "0"));
  return wh > REGISTER_WH_MAX ? undefined : { meter: Number(match[1]), wh, stepWh: 10 ** (3 - decimals.length) };
}

/** Probable causes of a difference that the display's steps do not explain. */
function causes(meter: MeterLook, display: Display, mille: number): string[] {
  const counted = meter.energyWh - meter.registerWh;
  const metered = display.wh - meter.registerWh;
  if (metered < -display.stepWh) return ["the display shows less than registerWh: another meter, kWh and Wh exchanged, or registerWh was written wrong"];
  if (counted === 0) return ["not a single pulse was counted: S0+ and S0- exchanged, the wrong pin, activeLevel, or an output that needs more current (docs/SIGNALS.md, docs/BOARDS.md)"];
  if (metered <= display.stepWh) return ["pulses came although nothing was metered: interference on the wire; a longer filterMs, a shielded cable away from mains wires, 1 kOhm from the pin to 3.3 V"];
  if (Math.abs(mille) >= SETTING_MILLE) {
    const fits = Math.round((meter.pulsesPerKwh * counted) / metered);
    return [
      `this count fits a meter of about ${String(fits)} pulses per kWh, pulsesPerKwh is ${String(meter.pulsesPerKwh)}: compare it with "imp/kWh" beside the S0 terminals`,
      ...(mille < 0 ? ["if they agree: the board was without power for a part of the time, and counts nothing then"] : []),
    ];
  }
  if (mille >= 0) return [`too much is counted: bounces or interference; raise filterMs (${String(meter.bounces)} shorter levels were refused since the start)`];
  return [
    "too little is counted: the board was without power while energy flowed, or pulses are lost",
    `lost pulses: lower spacingMs (${String(meter.tooClose)} pulses left out since the start) or filterMs (${String(meter.bounces)} levels too short since the start), or shorten the cable`,
  ];
}

/** Compares; exit code 0 when they agree as far as the display can show, 1 when they do not. */
export function driftOf(meter: MeterLook, display: Display): Answer {
  const name = `meter ${String(display.meter)}`;
  const difference = meter.energyWh - display.wh;
  const head = `${name}: the board counts ${kwhText(meter.energyWh)}, the display shows ${kwhText(display.wh)}`;
  const toleranceWh = display.stepWh + Math.ceil(1000 / meter.pulsesPerKwh);
  if (Math.abs(difference) <= toleranceWh) return { lines: [head, `${name}: no drift; a difference of up to ${String(toleranceWh)} Wh is the display's last digit and one pulse`], exitCode: 0 };
  const mille = s0Drift(meter.energyWh, display.wh, meter.registerWh);
  const sign = difference > 0 ? "+" : "";
  const share = display.wh <= meter.registerWh ? "" : `, ${Math.abs(mille) < 1 ? "less than 1" : `${sign}${String(mille)}`} per mille of the ${kwhText(display.wh - meter.registerWh)} metered`;
  return {
    lines: [
      head,
      `${name}: drift ${sign}${String(difference)} Wh${share} since the register was set to ${kwhText(meter.registerWh)}`,
      ...causes(meter, display, mille).map((line) => `${name}: ${line}`),
      `${name}: to set the register right, write "registerWh": ${String(display.wh)} and provision the board`,
    ],
    exitCode: 1,
  };
}
