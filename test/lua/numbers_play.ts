/*
 * The firmware's sums with large numbers, in the portable subset.
 *
 * Input: the name of a sum and a seed. Output: a text of what it gave, the same on every machine whose
 * numbers are exact. Invariant: all inputs are within the ranges that the functions name, their ends
 * included; random numbers come from the seed alone.
 */
import { readU32, u32, hexOf } from "../../firmware/base/bytes";
import { epochOf } from "../../firmware/configuration/columns";
import { cborHead, cborInteger } from "../../firmware/base/cbor";
import { s0Drift, s0RateWarning } from "../../firmware/inputs/s0_check";
import { createS0Meter, s0Edge, s0Tick } from "../../firmware/inputs/s0_meter";
import { addCost, costMinor } from "../../firmware/session/tariff";
import type { Cost } from "../../firmware/session/tariff";
import { uidText } from "../../firmware/inputs/uid_format";
import { countPulse, openMeterPage } from "../../firmware/store/meter_page";
import { decimalDigits } from "../../firmware/base/decimal";
import { isoTime } from "../../firmware/base/iso_time";
import { addMs } from "../../firmware/base/monotonic";
import { backoffS, httpDateS } from "../../firmware/uplink/backoff";
import { analogText } from "../../firmware/inputs/analog";
import { createPortableFlash, createPortableTestBoard, portsOf } from "../boards/portable_board";
import { FEE_MILLI_MAX, PRICE_MILLI_MAX } from "../../firmware/limits";

const WHOLE_MAX = 2147483647;
const MINUTES = ["58:00", "58:56", "59:59", "00:00", "01:04", "02:00"];
const AROUND_S = [-120, -64, -1, 0, 64, 120];

interface Dice { seed: number }

function part(dice: Dice): number {
  dice.seed = (dice.seed * 171 + 11213) % 53125;
  return dice.seed;
}

/** 0 … `max`; often an end, a power of two or next to one, because that is where numbers break. */
function draw(dice: Dice, max: number): number {
  const kind = part(dice) % 4;
  let value = (part(dice) % 32768) * 65536 + part(dice) % 32768 * 2 + part(dice) % 2;
  if (kind === 0) value = part(dice) % 2 === 0 ? max : 0;
  if (kind === 1) {
    value = 1;
    for (let count = part(dice) % 31; count > 0; count--) value = value * 2;
    value = value - 2 + part(dice) % 3;
    if (value < 0) value = 0;
  }
  return value <= max ? value : max === WHOLE_MAX ? value : value % (max + 1);
}

function bytesAndCbor(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 400; count++) {
    const value = draw(dice, WHOLE_MAX);
    if (readU32(u32(value), 0) !== value) text += "readU32 differs at " + String(value) + "\n";
    text += String(value) + " " + hexOf(u32(value)) + hexOf(cborHead(3, value)) + hexOf(cborInteger(-value)) + "\n";
  }
  return text;
}

/** Six moments around each midnight of four years from 1970 + 4 · `term` on, as a sum a month or so. */
function midnights(term: number): string {
  let text = "";
  let wrong = 0;
  let sum = 0;
  for (let day = term * 1461; day < term * 1461 + 1461; day++) {
    // The last day of the range is not whole.
    if (day === 0 || day > 24854) continue;
    for (let place = 0; place < AROUND_S.length; place++) {
      const epochS = day * 86400 + AROUND_S[place]!;
      const iso = isoTime(epochS);
      if (place === 3 || place === 2) {
        if (epochOf(iso) !== epochS && iso.substring(0, 4) !== "2038") wrong++;
        for (let at = 0; at < 10; at++) sum = (sum * 31 + iso.charCodeAt(at)) % 1000003;
      }
      if (iso.substring(14, 19) !== MINUTES[place] || iso.substring(11, 13) !== (place < 3 ? "23" : "00")) wrong++;
    }
    if (day % 30 === 0) text += isoTime(day * 86400) + " " + String(sum) + "\n";
  }
  return text + String(wrong) + " wrong\n";
}

function costs(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 120; count++) {
    const tariff = {
      minorDigits: 2, utcOffsetMin: part(dice) % 1441 - 720, daylightSaving: (part(dice) % 2 === 0 ? "eu" : "none") as "eu" | "none",
      fromMin: [0, 1 + part(dice) % 1439], pricePerKwhMilli: [draw(dice, PRICE_MILLI_MAX), draw(dice, PRICE_MILLI_MAX)], feePerHourMilli: draw(dice, FEE_MILLI_MAX),
    };
    const cost: Cost = { minor: 0, restMicro: 0, feeRest: 0, pricedWh: 0, feeS: 0, priceMilli: -1 };
    const stepWh = count % 3 === 0 ? 400000000 : 40000;
    const stepS = count % 4 === 0 ? 400000000 : 9000;
    let energyWh = 0;
    let durationS = 0;
    for (let step = 0; step < 5; step++) {
      energyWh += draw(dice, stepWh);
      durationS += draw(dice, stepS);
      addCost(cost, tariff, energyWh, durationS, draw(dice, WHOLE_MAX));
    }
    text += String(cost.minor) + " " + String(cost.restMicro) + " " + String(cost.feeRest) + " " + String(costMinor(cost, tariff, cost.pricedWh)) + "\n";
  }
  return text;
}

function meters(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 120; count++) {
    const pulsesPerKwh = 1 + draw(dice, 99999);
    const meter = createS0Meter({ input: { pin: 1, pull: "up", activeLevel: 0, debounceMs: 0 }, pulsesPerKwh: pulsesPerKwh, filterMs: 0, spacingMs: 0, registerWh: 0 }, 1, 0);
    let nowMs = draw(dice, 1073741823);
    for (let edge = 0; edge < 4; edge++) {
      s0Edge(meter, edge % 2, nowMs);
      nowMs = addMs(nowMs, 1 + draw(dice, count % 2 === 0 ? 400000000 : 30000));
      s0Tick(meter, nowMs);
      text += String(meter.powerW) + " ";
    }
    text += String(s0Drift(draw(dice, WHOLE_MAX), draw(dice, WHOLE_MAX), 0)) + " " + s0RateWarning(pulsesPerKwh, 1 + draw(dice, 999999), 10, 0) + "\n";
  }
  return text;
}

function registers(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 12; count++) {
    const flash = createPortableFlash(0, 1024, 4);
    const crypto = portsOf(createPortableTestBoard(flash), () => undefined).crypto;
    const registerWh = draw(dice, 2000000000);
    const area = { address: 0, bytes: 4096 };
    for (let turn = 0; turn < 3; turn++) {
      const meter = openMeterPage(flash, crypto, area, 1 + draw(dice, 99999), registerWh);
      for (let pulse = part(dice) % 70; pulse > 0; pulse--) countPulse(meter);
      text += String(meter.energyWh) + " " + String(meter.remainderMilli) + "\n";
    }
  }
  return text;
}

function scales(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 300; count++) {
    const low = draw(dice, 999999999) * (part(dice) % 2 === 0 ? 1 : -1);
    const high = draw(dice, 999999999) * (part(dice) % 2 === 0 ? 1 : -1);
    text += analogText({
      place: 0, pin: 1, scaleLow: low, scaleHigh: high, scaleDecimals: part(dice) % 5,
    }, draw(dice, 1000)) + "\n";
  }
  return text;
}

function waits(dice: Dice): string {
  let text = "";
  for (let count = 0; count < 200; count++) {
    const byte = String.fromCharCode(draw(dice, 255));
    const date = "Mon, " + String(10 + part(dice) % 22) + " Dec " + String(1970 + draw(dice, 67)) + " 2" + String(part(dice) % 4) + ":59:59 GMT";
    text += String(backoffS(1 + draw(dice, 40), byte)) + " " + String(httpDateS(date)) + " " + uidText(u32(draw(dice, WHOLE_MAX)), part(dice) % 2 === 0 ? "decimal10" : "8h10d");
    const digits = decimalDigits(String(draw(dice, WHOLE_MAX)));
    text += digits === undefined ? " none\n" : " " + String(digits.whole) + "\n";
  }
  return text;
}

/** Plays the sum `name`, one of SUMS. */
export function play(name: string, seed: number): string {
  const dice: Dice = { seed: seed };
  if (name === "bytes and CBOR heads") return bytesAndCbor(dice);
  if (name === "midnights") return midnights(seed);
  if (name === "costs") return costs(dice);
  if (name === "powers and drifts") return meters(dice);
  if (name === "registers") return registers(dice);
  if (name === "scales") return scales(dice);
  return waits(dice);
}
