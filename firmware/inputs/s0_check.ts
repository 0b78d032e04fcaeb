/*
 * Checks of a meter's settings and of its register before they are used.
 *
 * Input: settings of a meter, or two readings. Output: a sentence for the person who configures, or a
 * number. Invariant: loaded only while a configuration is provisioned, and by the tools; the limits are those of
 * IEC 62053-31: on and off each last 30 ms or more, contacts bounce for less than 5 ms.
 */
import type { MeterConfiguration } from "../configuration/configuration";

const ON_MS = 30;
const BOUNCE_MS = 5;
/** The most that a wallbox on three phases of 32 A draws. */
const WALLBOX_W = 22000;

/**
 * "" when the settings suit the meter, else what is wrong and what to do. `pulsesPerKwh` 1 … 100,000,
 * `maxPowerW` the most that flows through the meter, 1 … 1,000,000; times as in MeterConfiguration.
 */
export function s0RateWarning(pulsesPerKwh: number, maxPowerW: number, filterMs: number, spacingMs: number): string {
  // Distance of pulses at full power, E / P, in parts that stay below 2^31; more than a day is as good as a day.
  const pulseJ = Math.floor(3600000 / pulsesPerKwh);
  const pulseMilliJ = Math.floor((3600000 % pulsesPerKwh) * 1000 / pulsesPerKwh);
  const distanceMs = Math.min(86400, Math.floor(pulseJ / maxPowerW)) * 1000 + Math.floor(((pulseJ % maxPowerW) * 1000 + pulseMilliJ) / maxPowerW);
  if (distanceMs < 2 * filterMs) {
    return "at " + maxPowerW + " W pulses come every " + distanceMs + " ms: filterMs " + filterMs + " loses them; write at most " + Math.floor(distanceMs / 2) +
      ", or choose an output with fewer pulses per kWh";
  }
  if (spacingMs >= distanceMs) {
    return "at " + maxPowerW + " W pulses come every " + distanceMs + " ms: spacingMs " + spacingMs + " leaves them out; write less than " + distanceMs + ", or 0";
  }
  if (distanceMs < 2 * ON_MS) {
    return "at " + maxPowerW + " W pulses come every " + distanceMs + " ms, which no S0 output of IEC 62053-31 can send (60 ms): check pulsesPerKwh, or use a filterMs that suits the meter's pulse length";
  }
  if (filterMs < BOUNCE_MS) return "filterMs " + filterMs + " is shorter than an S0 contact may bounce (5 ms): pulses may be counted twice; write 5 to 20";
  if (filterMs > ON_MS - BOUNCE_MS) return "filterMs " + filterMs + " may lose an S0 pulse of 30 ms, of which 5 ms may bounce; write 5 to 25";
  return "";
}

/** The same for one meter of a configuration, at a wallbox's full power. */
export function meterWarning(meter: MeterConfiguration): string {
  return s0RateWarning(meter.pulsesPerKwh, WALLBOX_W, meter.filterMs, meter.spacingMs);
}

/**
 * How far the counted register has drifted from the meter's display, in thousandths of what was metered
 * since both agreed; positive when too much was counted. All in Wh, 0 … 2^31 - 1, both at or after `sinceWh`.
 */
export function s0Drift(registerWh: number, displayWh: number, sinceWh: number): number {
  const meteredWh = displayWh - sinceWh;
  const difference = registerWh - displayWh;
  if (meteredWh <= 0 || difference === 0) return 0;
  const size = difference < 0 ? -difference : difference;
  // Above 2,000 kWh of difference the thousandths are taken from whole kWh, to stay below 2^31.
  const thousandths = size > 2000000 ? Math.floor(size / Math.max(1, Math.floor(meteredWh / 1000))) : Math.floor(size * 1000 / meteredWh);
  return difference < 0 ? -thousandths : thousandths;
}
