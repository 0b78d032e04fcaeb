/*
 * The events at one wallbox as they really were, apart from anything that the product says.
 *
 * Input: what reached the wires, and the power as it was. Output: a list in order of time. Invariant: nothing here is
 * read from the board, the ring or the database.
 */

export type TruthEvent =
  | { atMs: number; what: "plug" | "unplug" | "open" | "close" }
  | { atMs: number; what: "card"; uid: string }
  | { atMs: number; what: "off" | "on" }
  /** An electrician set the register, or pulses per kWh, by a new document that holds from here on. */
  | { atMs: number; what: "meter"; registerWh: number | undefined; pulsesPerKwh: number };

export interface Truth {
  events: TruthEvent[];
  /** Begins of the pulses while the board was on, and whether the power failed before the board promised to have it. */
  pulsesMs: number[];
  doubtfulPulses: Set<number>;
}

export function createTruth(): Truth {
  return { events: [], pulsesMs: [], doubtfulPulses: new Set() };
}

/** A counted pulse is durable 50 ms after its count, and its count may take filter and a pass: so much before a cut it is in doubt. */
const PULSE_DOUBT_MS = 150;

/** The power failed: what came last may or may not be in flash. */
export function noteOff(truth: Truth, atMs: number): void {
  truth.events.push({ atMs, what: "off" });
  for (let index = truth.pulsesMs.length - 1; index >= 0 && truth.pulsesMs[index]! > atMs - PULSE_DOUBT_MS; index--) truth.doubtfulPulses.add(truth.pulsesMs[index]!);
}
