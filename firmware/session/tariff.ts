/*
 * Prices a session: energy by time of day, and a fee per hour, in whole numbers.
 *
 * Input: the bound meter's register, the session's monotonic duration and the wall clock. Output: minor
 * units (cents). Invariants: nothing is rounded before the session's end, where the exact sum is rounded
 * half up once; a price holds from the moment of its change on and never backwards; every intermediate
 * value stays below 2^31.
 *
 * Energy counted while the wall clock is unknown is priced when the clock becomes known, unless the price
 * does not depend on the time. If it never becomes known, the cost is unknown: never a made-up number.
 */
import type { Bytes } from "../../hal/ports";
import type { TariffConfiguration } from "../configuration/configuration";
import { civilOf } from "../base/iso_time";
import type { CivilTime } from "../base/iso_time";
import { COST_MINOR_MAX, STEP_WH_MAX } from "../limits";


/** As `pricedWh`: energy went by that can never be priced, so the cost is unknown for good. */
export const UNPRICED = 2147483645;

/** As `priceMilli`: there is no tariff. */
export const NO_TARIFF = -2;

/** A running sum. Its exact value is minor + restMicro / 10^6 + feeRest / 3,600,000 minor units. @packed */
export interface Cost {
  minor: number;
  /** 0 … 999,999 millionths. */
  restMicro: number;
  /** 0 … 3,599,999: what is left of fee times seconds, in thousandths of a minor unit. */
  feeRest: number;
  /** Register in Wh up to which energy is in the sum; -1 when the register is unknown. */
  pricedWh: number;
  /** Seconds of the session up to which the fee is in the sum. */
  feeS: number;
  /** Price of the latest energy in thousandths of a minor unit per kWh, -1 unknown, NO_TARIFF without one. */
  priceMilli: number;
}

const civil: CivilTime = { year: 0, month: 0, day: 0, weekday: 0, hour: 0, minute: 0, second: 0 };

/** Adds whole minor units, staying at COST_MINOR_MAX. `count` times `each`, both 0 or more, neither product checked by the caller. */
function addMinor(cost: Cost, count: number, each: number): void {
  const room = COST_MINOR_MAX - cost.minor;
  if (count > 0 && each > Math.floor(room / count)) cost.minor = COST_MINOR_MAX;
  else cost.minor += count * each;
}

/** The same rule in the whole EU: from the last Sunday of March to that of October, both at 01:00 UTC. */
function summerInEurope(epochS: number): boolean {
  civilOf(epochS, civil);
  if (civil.month !== 3 && civil.month !== 10) return civil.month > 3 && civil.month < 10;
  const lastDay = 31 - ((civil.weekday + 31 - civil.day) % 7);
  const reached = civil.day > lastDay || (civil.day === lastDay && civil.hour >= 1);
  return civil.month === 3 ? reached : !reached;
}

/** Price in thousandths of a minor unit per kWh at `epochS`; -1 when it depends on the time and that is unknown (0). */
export function priceAt(tariff: TariffConfiguration, epochS: number): number {
  let index = tariff.fromMin.length - 1;
  if (index === 0) return tariff.pricePerKwhMilli[0]!;
  if (epochS <= 0) return -1;
  let minute = Math.floor((epochS % 86400) / 60) + tariff.utcOffsetMin;
  if (tariff.daylightSaving === "eu" && summerInEurope(epochS)) minute += 60;
  minute = (minute + 2880) % 1440;
  while (index > 0 && tariff.fromMin[index]! > minute) index--;
  return tariff.pricePerKwhMilli[index]!;
}

/**
 * Takes the sum to register `energyWh` (-1: no meter) and session duration `durationS`, at the price of
 * `epochS` (0: unknown). A register that went backwards is a new beginning, never a refund.
 */
export function addCost(cost: Cost, tariff: TariffConfiguration, energyWh: number, durationS: number, epochS: number): void {
  const seconds = durationS - cost.feeS;
  if (seconds > 0 && tariff.feePerHourMilli > 0) {
    // fee · seconds / 3600 thousandths, taken apart so that no product passes 2^31.
    const feeWhole = Math.floor(tariff.feePerHourMilli / 1000);
    const hours = Math.floor(seconds / 3600);
    const rest = seconds % 3600;
    addMinor(cost, hours, feeWhole);
    addMinor(cost, 1, Math.floor((rest * feeWhole) / 3600));
    cost.feeRest += ((rest * feeWhole) % 3600) * 1000 + rest * (tariff.feePerHourMilli % 1000);
    const hourMilli = hours * (tariff.feePerHourMilli % 1000);
    addMinor(cost, 1, Math.floor(hourMilli / 1000));
    cost.feeRest += (hourMilli % 1000) * 3600;
    addMinor(cost, 1, Math.floor(cost.feeRest / 3600000));
    cost.feeRest = cost.feeRest % 3600000;
  }
  if (durationS > cost.feeS) cost.feeS = durationS;
  if (energyWh < 0 || energyWh === cost.pricedWh || cost.pricedWh === UNPRICED) return;
  const price = priceAt(tariff, epochS);
  cost.priceMilli = price;
  if (price < 0) return;
  addEnergy(cost, energyWh, price);
}

/** Takes the sum to register `energyWh` at `price`, 0 or more: what a session metered before a restart has the price of then, whichever tariff is in force now. */
export function addEnergy(cost: Cost, energyWh: number, price: number): void {
  let energy = cost.pricedWh < 0 ? 0 : energyWh - cost.pricedWh;
  cost.pricedWh = energyWh;
  if (energy <= 0) return;
  if (energy > STEP_WH_MAX) energy = STEP_WH_MAX;
  // Price times energy in millionths: (a·1000 + b)(c·1000 + d), added by the size of its parts.
  const kwh = Math.floor(energy / 1000);
  const wh = energy % 1000;
  const priceWhole = Math.floor(price / 1000);
  addMinor(cost, kwh, priceWhole);
  const milli = kwh * (price % 1000) + wh * priceWhole;
  addMinor(cost, 1, Math.floor(milli / 1000));
  cost.restMicro += (milli % 1000) * 1000 + wh * (price % 1000);
  addMinor(cost, 1, Math.floor(cost.restMicro / 1000000));
  cost.restMicro = cost.restMicro % 1000000;
}

/** Minor units as a decimal of major units: 745 with two digits is "7.45". */
export function majorUnits(minor: number, digits: number): Bytes {
  let text = "" + minor;
  if (digits === 0) return text;
  while (text.length <= digits) text = "0" + text;
  return text.substring(0, text.length - digits) + "." + text.substring(text.length - digits);
}

/** The sum in minor units, rounded half up; -1 when energy up to `energyWh` could not be priced. */
export function costMinor(cost: Cost, tariff: TariffConfiguration, energyWh: number): number {
  if (cost.pricedWh !== energyWh) return -1;
  if (energyWh < 0 && !(tariff.fromMin.length === 1 && tariff.pricePerKwhMilli[0] === 0)) return -1;
  if (cost.minor >= COST_MINOR_MAX) return COST_MINOR_MAX;
  // Both rests over their common denominator 18,000,000.
  const rest = cost.feeRest * 5 + cost.restMicro * 18;
  return cost.minor + Math.floor((rest + 9000000) / 18000000);
}
