/*
 * The lists of operations that stores are tried with.
 *
 * Input: none. Output: SCENARIOS. Invariant: a scenario is data and always the same, so that the number of a
 * step in it names one moment for ever.
 */
import { createRandom, pick } from "../../hal/mock/random";
import type { Operation } from "./model";

export interface Scenario {
  name: string;
  /** Pages of 1,024 bytes of each part; parts that are left out are not opened. */
  pages: { ring?: number; state?: number; meter?: number; blob?: number };
  whenFull?: "refuseNew" | "dropOldest";
  /** The meter begins on a page of format 1, which has no field for what was metered, with this register. */
  oldMeterWh?: number;
  /** For how many endpoints rows are, 1 when absent. */
  endpoints?: number;
  operations: Operation[];
  /** Short enough to try pairs of cuts. */
  short?: boolean;
}

const SIZES = [42, 34, 43, 35, 8, 127, 128, 61, 42, 34, 300, 41, 37];

function appends(count: number, from = 0): Operation[] {
  return Array.from({ length: count }, (_, index) => ({ op: "append", bytes: SIZES[(from + index) % SIZES.length]! }));
}

function acknowledges(count: number, nth = 0, endpoint = 0): Operation[] {
  return Array.from({ length: count }, () => ({ op: "acknowledge", nth, endpoint }));
}

function repeat(times: number, make: (round: number) => Operation[]): Operation[] {
  return Array.from({ length: times }, (_, round) => make(round)).flat();
}

/** Marks in the order of a batch whose answer names rows here and there. */
function scattered(): Operation[] {
  const random = createRandom(4);
  return repeat(12, (round) => [
    ...appends(9, round),
    ...Array.from({ length: 9 }, (): Operation => ({ op: pick(random, 0, 9) === 0 ? "aside" : "acknowledge", nth: pick(random, 0, 5) })),
  ]);
}

function pulses(count: number): Operation[] {
  return repeat(count, (index) => (index % 3 === 2 ? [{ op: "pulse" }, { op: "check" }] : [{ op: "pulse" }]));
}

function session(number: number): Operation[] {
  return [
    { op: "state", kind: 3, bytes: 4 }, { op: "state", kind: 2, bytes: 101 }, { op: "append", bytes: 42 },
    ...repeat(4, () => [...pulses(5), { op: "state", kind: 2, bytes: 101 } as Operation]),
    { op: "append", bytes: 34 }, { op: "state", kind: 2, bytes: 0 }, ...acknowledges(number % 3),
  ];
}

export const SCENARIOS: Scenario[] = [
  { name: "fill", pages: { ring: 4 }, operations: appends(70) },
  { name: "wrap", pages: { ring: 4 }, operations: repeat(40, (round) => [...appends(7, round), ...acknowledges(7)]) },
  { name: "largest", pages: { ring: 3 }, operations: repeat(6, () => [{ op: "append", bytes: 960 } as Operation, ...acknowledges(1)]) },
  { name: "page end", pages: { ring: 3 }, operations: repeat(9, (round) => [{ op: "append", bytes: 500 }, { op: "append", bytes: 455 + round % 3 }, ...acknowledges(2)]) },
  { name: "scattered", pages: { ring: 4 }, operations: scattered() },
  { name: "refuse", pages: { ring: 3 }, whenFull: "refuseNew", operations: [...appends(50), ...acknowledges(20), ...appends(30), { op: "restart" }, ...appends(10)] },
  { name: "drop", pages: { ring: 3 }, whenFull: "dropOldest", operations: repeat(6, (round) => [{ op: "hold" }, ...appends(20, round), { op: "release" }, ...acknowledges(2), { op: "aside", nth: 1 }]) },
  { name: "late answer", pages: { ring: 2 }, whenFull: "dropOldest", operations: repeat(8, () => [{ op: "hold" }, ...appends(17), { op: "release" }]) },
  { name: "restarts", pages: { ring: 3 }, operations: repeat(15, (round) => [...appends(4, round), { op: "restart" }, ...acknowledges(3)]) },
  { name: "two endpoints", pages: { ring: 4 }, endpoints: 2, operations: repeat(20, (round) => [...appends(7, round), ...acknowledges(7), ...acknowledges(round % 4 === 3 ? 26 : 0, 0, 1), { op: "aside", nth: 1, endpoint: 1 }]) },
  { name: "three endpoints", pages: { ring: 3 }, endpoints: 3, operations: repeat(14, (round) => [...appends(5, round), ...acknowledges(5, 0, round % 3), ...acknowledges(4, round % 2, (round + 1) % 3), { op: "restart" }, ...acknowledges(6, 0, (round + 2) % 3)]) },
  { name: "values", pages: { state: 2 }, operations: repeat(60, (round) => [{ op: "state", kind: 1 + round * 5 % 9, bytes: round * 17 % 90 }]) },
  { name: "documents", pages: { blob: 8 }, operations: [2300, 3900, 0, 252, 253, 504, 1, 4000].map((bytes) => ({ op: "document", bytes })) },
  { name: "pulses", pages: { meter: 2 }, operations: [...pulses(700), { op: "restart" }, ...pulses(50)] },
  { name: "rotation", pages: { meter: 2 }, operations: repeat(2, () => [...Array.from({ length: 7950 }, (): Operation => ({ op: "pulse" })), { op: "check" }, ...pulses(30)]) },
  { name: "register", pages: { meter: 2 }, operations: repeat(5, (round) => [...pulses(20), { op: "register", registerWh: 1000 * round + 7 }]) },
  { name: "older meter", pages: { meter: 2 }, oldMeterWh: 5000, operations: [...pulses(12), { op: "restart" }, ...pulses(9), { op: "register", registerWh: 77 }, ...pulses(12), { op: "restart" }, { op: "register", registerWh: 5 }, ...pulses(3)] },
  { name: "older meter rotates", pages: { meter: 2 }, oldMeterWh: 5000, operations: [...Array.from({ length: 7960 }, (): Operation => ({ op: "pulse" })), { op: "check" }, ...pulses(30)] },
  { name: "sessions", pages: { ring: 3, state: 2, meter: 2 }, operations: repeat(14, session) },
  { name: "short ring", pages: { ring: 2 }, short: true, operations: [...appends(6, 7), ...acknowledges(6), { op: "append", bytes: 300 }, { op: "append", bytes: 300 }, ...acknowledges(1)] },
  { name: "short endpoints", pages: { ring: 2 }, endpoints: 2, short: true, operations: [...appends(4, 7), ...acknowledges(4), ...acknowledges(4, 0, 1), { op: "append", bytes: 300 }, { op: "append", bytes: 400 }, { op: "aside", nth: 0, endpoint: 1 }] },
  { name: "short drop", pages: { ring: 2 }, whenFull: "dropOldest", short: true, operations: repeat(4, () => [{ op: "append", bytes: 400 }, { op: "append", bytes: 300 }]) },
  { name: "short values", pages: { state: 2 }, short: true, operations: repeat(5, (round) => [{ op: "state", kind: 2, bytes: 200 }, { op: "state", kind: round + 3, bytes: 12 }]) },
  { name: "short document", pages: { blob: 2 }, short: true, operations: [40, 300, 10].map((bytes) => ({ op: "document", bytes })) },
  { name: "short pulses", pages: { meter: 2 }, short: true, operations: [...pulses(6), { op: "register", registerWh: 77 }, ...pulses(3)] },
];
