/*
 * How much of the power runs is done, and in which order.
 *
 * Input: the environment variable POWER ("full", or the id of a case; nothing for the sample of npm test).
 * Output: outcomes by scenario and mode. Invariant: the sample takes every second moment of the linear mode
 * and two tear patterns; "full" takes every moment and four.
 */
import { SCENARIOS } from "./scenarios";
import type { Scenario } from "./scenarios";
import { runScenario } from "./runner";
import type { Mode, Outcome, RunOptions } from "./runner";
import type { StoreModules } from "./store_modules";

export const MODES: Mode[] = ["none", "linear", "pairs", "silent", "stuck"];

export interface Part {
  scenario: Scenario;
  mode: Mode;
  options: RunOptions;
}

/** The parts of a whole run. */
export function partsOf(full: boolean): Part[] {
  const parts: Part[] = [];
  for (const mode of MODES) {
    for (const scenario of SCENARIOS) {
      if (mode === "pairs" && scenario.short !== true) continue;
      const sampled = mode === "pairs" ? 41 : mode === "linear" ? 2 : scenario.name === "rotation" ? 23 : 1;
      const stride = !full ? sampled : mode === "pairs" ? 7 : 1;
      parts.push({ scenario, mode, options: { seeds: mode === "linear" ? (full ? 4 : 2) : 1, stride, phase: 0 } });
    }
  }
  return parts;
}

/** The one case that an id names; undefined when it names none. */
export function partOf(id: string): Part | undefined {
  const found = /^([^/]+)\/(\w+)\/(\d+)\.(\d+)(?:\/(\d+))?$/.exec(id);
  const scenario = SCENARIOS.find((one) => one.name === found?.[1]);
  const mode = MODES.find((one) => one === found?.[2]);
  if (found === null || scenario === undefined || mode === undefined) return undefined;
  const second = found[5] === undefined ? -1 : Number(found[5]);
  return { scenario, mode, options: { seeds: 64, stride: 1, phase: 0, only: { step: Number(found[3]), seed: Number(found[4]), second } } };
}

export function runPart(part: Part, store: StoreModules): Outcome {
  return runScenario(part.scenario, store, part.mode, part.options);
}
