/*
 * Registers and energies by the world's own account of pulses and of what an electrician set.
 *
 * Input: the truth of a place. Output: whole Wh, as a span where the power made pulses doubtful. Invariant: pulses per
 * kWh divide 1,000, so that each pulse is a whole number of Wh, and nothing is rounded.
 */
import type { Span } from "../world/expected";
import type { Truth } from "../world/truth";

interface Setting { atMs: number; registerWh: number; pulsesPerKwh: number }

const made = new WeakMap<Truth, { settings: Setting[]; doubts: number[]; ends: number }>();

function settingsOf(truth: Truth): { settings: Setting[]; doubts: number[] } {
  const known = made.get(truth);
  if (known !== undefined && known.ends === truth.events.length) return known;
  const settings = truth.events.flatMap((event) => (event.what === "meter" ? [event as Setting] : []));
  const fresh = { settings, doubts: [...truth.doubtfulPulses].sort((a, b) => a - b), ends: truth.events.length };
  made.set(truth, fresh);
  return fresh;
}

/** Place of the first moment at or after `atMs` in a sorted list. */
export function placeOf(list: number[], atMs: number): number {
  let low = 0;
  for (let high = list.length; low < high; ) {
    const middle = (low + high) >> 1;
    if (list[middle]! < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function settingAt(truth: Truth, atMs: number): Setting {
  const { settings } = settingsOf(truth);
  let found = settings[0]!;
  for (const setting of settings) if (setting.atMs <= atMs) found = setting;
  return found;
}

export function perKwhAt(truth: Truth, atMs: number): number {
  return settingAt(truth, atMs).pulsesPerKwh;
}

/** Energy of these pulses, Wh. */
export function energyOf(truth: Truth, pulsesMs: number[]): number {
  return pulsesMs.reduce((sum, atMs) => sum + 1000 / perKwhAt(truth, atMs), 0);
}

/** The register at a moment that lies in the span; undefined where it was set within the span. */
export function registerAt(truth: Truth, [fromMs, toMs]: Span): Span | undefined {
  const setting = settingAt(truth, toMs);
  if (settingAt(truth, fromMs - 3000) !== setting && setting.atMs > 0) return undefined;
  const { doubts } = settingsOf(truth);
  const begin = placeOf(truth.pulsesMs, setting.atMs);
  const pulses = placeOf(truth.pulsesMs, fromMs) - begin;
  const doubtful = placeOf(doubts, fromMs) - placeOf(doubts, setting.atMs);
  const later = placeOf(truth.pulsesMs, toMs) - placeOf(truth.pulsesMs, fromMs);
  const wh = 1000 / setting.pulsesPerKwh;
  return [setting.registerWh + (pulses - doubtful) * wh, setting.registerWh + (pulses + later) * wh];
}
