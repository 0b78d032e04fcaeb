/*
 * One S0 pulse meter (IEC 62053-31): electrical edges in, counted pulses and power out.
 *
 * Input: edges with their moments, and the tick. Output: 1 for each pulse that is now certain; powerW.
 * Invariant: a pulse is an active level that lasted `filterMs` after an inactive level that lasted
 * `filterMs`, and that began `spacingMs` or more after the pulse before. The filter is the truth table
 * of docs/SIGNALS.md, which the test reads. The level at start counts nothing.
 */
import type { MeterConfiguration } from "../configuration/configuration";
import { elapsedMs } from "../base/monotonic";

/** Power is worked out again this often, and is 0 once nothing was counted for MEMORY_MS. */
const POWER_EVERY_MS = 1000;
const MEMORY_MS = 500000000;
/** An S0 pulse lasts 30 to 500 ms; one that stays is a short circuit or a wrong polarity. */
const STUCK_MS = 60000;

/** @packed */
export interface S0Meter {
  filterMs: number;
  spacingMs: number;
  activeLevel: number;
  /** Energy of one pulse: whole joules, and thousandths of a joule over. */
  pulseJ: number;
  pulseMilliJ: number;
  /** Level of the last edge, and since when. */
  level: number;
  sinceMs: number;
  /** The level that lasted: a pulse is counted when it becomes active. */
  latched: number;
  /** Begin of the last counted pulse, and its distance from the one before; -1 while there is none. */
  pulseMs: number;
  distanceMs: number;
  /** Whole watts; 0 until two pulses were counted. */
  powerW: number;
  powerMs: number;
  /** Pulses left out because they came too soon after another. */
  tooClose: number;
  /** Changes of level that did not last: bounces and interference. */
  bounces: number;
  /** "" | "stuck" */
  fault: string;
}

/** `level` is the electrical level now. */
export function createS0Meter(configuration: MeterConfiguration, level: number, nowMs: number): S0Meter {
  const pulsesPerKwh = configuration.pulsesPerKwh;
  return {
    filterMs: configuration.filterMs, spacingMs: configuration.spacingMs, activeLevel: configuration.input.activeLevel,
    pulseJ: Math.floor(3600000 / pulsesPerKwh), pulseMilliJ: Math.floor((3600000 % pulsesPerKwh) * 1000 / pulsesPerKwh),
    level: level, sinceMs: nowMs, latched: level, pulseMs: -1, distanceMs: -1, powerW: 0, powerMs: nowMs, tooClose: 0, bounces: 0, fault: "",
  };
}

/** The level has lasted: it is latched, and when it is the active one, counts. 1 or 0. */
function latch(meter: S0Meter): number {
  meter.latched = meter.level;
  if (meter.level !== meter.activeLevel) return 0;
  const beganMs = meter.sinceMs;
  if (meter.pulseMs >= 0) {
    const distanceMs = elapsedMs(meter.pulseMs, beganMs);
    if (distanceMs < meter.spacingMs) {
      meter.tooClose++;
      return 0;
    }
    meter.distanceMs = distanceMs;
  }
  meter.pulseMs = beganMs;
  return 1;
}

/** Takes one edge; returns the pulses that became certain by it, 0 or 1. After lost edges, call it with the level read. */
export function s0Edge(meter: S0Meter, level: number, atMs: number): number {
  let counted = 0;
  if (meter.level !== meter.latched) {
    // Nearly always the plain difference: a negative one may be of a full circle.
    let lastedMs = atMs - meter.sinceMs;
    if (lastedMs < 0) lastedMs = elapsedMs(meter.sinceMs, atMs);
    if (lastedMs >= meter.filterMs) counted = latch(meter);
    else meter.bounces++;
  }
  meter.level = level;
  meter.sinceMs = atMs;
  return counted;
}

/**
 * Returns the pulses that became certain by waiting, 0 or 1, and keeps power and fault; call it once a second or more
 * often. Power never exceeds what the time since the last pulse allows.
 */
export function s0Tick(meter: S0Meter, nowMs: number): number {
  let counted = 0;
  if (meter.level !== meter.latched && elapsedMs(meter.sinceMs, nowMs) >= meter.filterMs) counted = latch(meter);
  const sinceW = elapsedMs(meter.powerMs, nowMs);
  if (sinceW >= 0 && sinceW < POWER_EVERY_MS) return counted;
  meter.powerMs = nowMs;
  if (meter.latched !== meter.activeLevel) meter.fault = "";
  else if (elapsedMs(meter.sinceMs, nowMs) > STUCK_MS) meter.fault = "stuck";
  if (meter.pulseMs < 0) return counted;
  let perMs = elapsedMs(meter.pulseMs, nowMs);
  if (perMs < 0 || perMs > MEMORY_MS) {
    // Beyond what the circle of milliseconds can measure: the next pulse is the first again.
    meter.pulseMs = -1;
    meter.distanceMs = -1;
    meter.powerW = 0;
  } else if (meter.distanceMs >= 0) {
    if (perMs < meter.distanceMs) perMs = meter.distanceMs;
    if (perMs < 2) perMs = 2;
    // P = E / t in parts that stay below 2^31; above 1,000 s whole seconds are exact to a thousandth.
    if (perMs > 1000000) meter.powerW = Math.floor(meter.pulseJ / Math.floor(perMs / 1000));
    else meter.powerW = Math.floor(meter.pulseJ / perMs) * 1000 + Math.floor(((meter.pulseJ % perMs) * 1000 + meter.pulseMilliJ) / perMs);
  }
  return counted;
}
