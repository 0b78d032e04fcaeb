/*
 * Cuts the power at every moment of a scenario and starts the store again on what is left.
 *
 * Input: scenarios, a mode, the store's modules. Output: how many cuts were made, and the first broken
 * promises, each with an id that replays it. Modes: "none" runs through; "linear" cuts at each byte of each
 * write and at each stage of each erase; "pairs" cuts again while the store recovers and goes on; "silent"
 * lets each write do nothing once; "stuck" lets each page refuse to be erased, wholly or in one
 * word. Invariant: a case is decided
 * by its id alone: NAME/MODE/STEP.SEED[/STEP2].
 */
import { PowerCut } from "../../hal/mock/flash";
import type { FlashFaults } from "../../hal/mock/flash";
import type { Operation } from "./model";
import { checkPromises } from "./promises";
import type { Scenario } from "./scenarios";
import type { StoreModules } from "./store_modules";
import { applyOperation, copyStoreTestBoard, createStoreTestBoard, startStoreTestBoard, promise } from "../boards/store_board";
import type { StoreTestBoard } from "../boards/store_board";

export type Mode = "none" | "linear" | "pairs" | "silent" | "stuck";

export interface Outcome {
  cases: number;
  /** Moments at which the power was cut at least once. */
  moments: number;
  /** "id: broken promise", at most FAILURES_MAX. */
  failures: string[];
}

export const FAILURES_MAX = 5;
/** Of the cases, one in this many goes on with the rest of the scenario instead of a short test drive. */
const LONG_EVERY = 101;

/** Operations that every store must still be able to do after a cut. */
const TEST_DRIVE: Operation[] = [
  { op: "append", bytes: 33 }, { op: "acknowledge", nth: 0 }, { op: "append", bytes: 200 }, { op: "pulse" }, { op: "check" },
  { op: "state", kind: 2, bytes: 40 }, { op: "state", kind: 14, bytes: 3 }, { op: "document", bytes: 270 }, { op: "restart" },
];

function start(world: StoreTestBoard): void {
  world.flash.boot();
  startStoreTestBoard(world);
  checkPromises(world);
}

/** Starts after a cut, once or more, then goes on, then starts again. */
function goOn(world: StoreTestBoard, rest: Operation[], starts: number): void {
  for (let count = 0; count < starts; count++) start(world);
  for (const operation of rest) applyOperation(world, operation);
  start(world);
}

/** Losses are counted exactly once the ring has opened another page. */
function checkLosses(world: StoreTestBoard): void {
  const { ring, model } = world;
  if (ring === undefined || world.scenario.whenFull !== "dropOldest") return;
  const page = ring.head;
  for (let index = 0; index < 60 && ring.head === page; index++) applyOperation(world, { op: "append", bytes: 60 });
  promise(ring.lost === model.dropped, `${model.dropped} rows were dropped, ${ring.lost} are reported`);
}

/** One case; the message of the broken promise, or "". */
function tryCase(at: StoreTestBoard, index: number, faults: Partial<FlashFaults>, secondStep: number, long: boolean): { broken: string; steps: number } {
  const operations = at.scenario.operations;
  const world = copyStoreTestBoard(at, faults);
  const rest = long ? operations.slice(index + 1) : TEST_DRIVE;
  let steps = 0;
  try {
    try {
      applyOperation(world, operations[index]!);
      return { broken: "", steps: 0 };
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    const begun = world.flash.steps;
    try {
      if (secondStep >= 0) {
        world.flash.boot();
        world.flash.faults.cutStep = begun + secondStep;
        startStoreTestBoard(world);
        checkPromises(world);
        for (const operation of rest) applyOperation(world, operation);
        world.flash.faults.cutStep = -1;
      }
    } catch (error) {
      if (!(error instanceof PowerCut)) throw error;
    }
    // The power often fails twice: weak bits then change before anything is written.
    goOn(world, rest, faults.seed !== undefined && faults.seed % 4 === 3 ? 2 : 1);
    if (secondStep < 0) checkLosses(world);
    steps = world.flash.steps - begun;
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error), steps: 0 };
  }
  return { broken: "", steps };
}

/** A case in which the power holds and flash fails. */
function tryFault(scenario: Scenario, store: StoreModules, faults: Partial<FlashFaults>): string {
  try {
    const world = createStoreTestBoard(scenario, store, faults);
    for (const operation of scenario.operations) applyOperation(world, operation);
    start(world);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "";
}

export interface RunOptions {
  /** Tear patterns tried at each moment. */
  seeds: number;
  /** Of the moments, one in this many is tried; the first is shifted by `phase`. */
  stride: number;
  phase: number;
  /** Only this case. */
  only?: { step: number; seed: number; second: number };
}

/** Runs one scenario in one mode. */
export function runScenario(scenario: Scenario, store: StoreModules, mode: Mode, options: RunOptions): Outcome {
  const outcome: Outcome = { cases: 0, moments: 0, failures: [] };
  const report = (id: string, broken: string): void => {
    if (broken !== "") outcome.failures.push(`${scenario.name}/${mode}/${id}: ${broken}`);
  };
  const wanted = (step: number): boolean => (options.only === undefined ? (step + options.phase) % options.stride === 0 : step === options.only.step);
  if (mode === "silent" || mode === "stuck" || mode === "none") {
    const sound = createStoreTestBoard(scenario, store);
    report("-", tryFault(scenario, store, {}));
    outcome.cases++;
    if (mode === "none") return outcome;
    for (const operation of scenario.operations) applyOperation(sound, operation);
    const pages = sound.flash.bytes.length / 1024;
    const count = mode === "silent" ? sound.flash.writes : 2 * pages;
    for (let step = 0; step < count && outcome.failures.length < FAILURES_MAX; step++) {
      if (!wanted(step)) continue;
      const faults = mode === "silent" ? { silentWrites: [step] } : step < pages ? { stuckPages: [step * 1024] } : { scarredPages: [(step - pages) * 1024] };
      report(`${step}.0`, tryFault(scenario, store, faults));
      outcome.cases++;
      outcome.moments++;
    }
    return outcome;
  }
  const world = createStoreTestBoard(scenario, store);
  for (let index = 0; index < scenario.operations.length; index++) {
    const before = copyStoreTestBoard(world, {});
    applyOperation(world, scenario.operations[index]!);
    for (let step = before.flash.steps; step < world.flash.steps; step++) {
      if (!wanted(step)) continue;
      outcome.moments++;
      for (let seed = 0; seed < options.seeds; seed++) {
        if (options.only !== undefined && options.only.seed !== seed) continue;
        const faults = { cutStep: step, seed: step * 64 + seed, weakBits: seed % 2 === 1 };
        const long = (step + seed) % LONG_EVERY === 0;
        const first = tryCase(before, index, faults, -1, long);
        outcome.cases++;
        report(`${step}.${seed}`, first.broken);
        for (let second = 0; mode === "pairs" && second < first.steps; second++) {
          if (options.only !== undefined ? options.only.second !== second : second % options.stride !== 0) continue;
          outcome.cases++;
          report(`${step}.${seed}/${second}`, tryCase(before, index, faults, second, long).broken);
        }
        if (outcome.failures.length >= FAILURES_MAX) return outcome;
      }
    }
  }
  return outcome;
}
