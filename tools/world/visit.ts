/*
 * One driver's visit: plug, card, charging, unplug, as electrical events with all their dirt.
 *
 * Input: who, when, how much, and a source of randomness. Output: events for the player and the ledger's
 * entry. Invariant: bounce is shorter than the debounce time and S0 levels last at least 30 ms, so that a
 * right board counts exactly `energyWh` pulses of 1 Wh and exactly one session.
 */
import { rdm6300Card } from "../emulator/rdm6300";
import type { Random } from "../emulator/random";
import { bouncingEdges, s0Edges, type Edge } from "../emulator/s0";
import type { Driver, LedgerEntry, WorldEvent } from "./event";

/** Where the wires are; the same numbers as in the configuration that the board gets. */
export interface Wiring {
  contactPin: number;
  meterPin: number;
  readerPort: number;
}

export interface Visit {
  driver: Driver;
  /** Moment of the plug's contact. */
  atMs: number;
  /** The card is shown this long after the contact; negative before it. Ignored without a card. */
  cardAfterMs: number;
  chargeAfterMs: number;
  energyWh: number;
  powerW: number;
  /** From contact to unplug. */
  staysMs: number;
  /** No pulses fall in this interval, because there is no power: [from, to] in script time. */
  outage: [number, number] | undefined;
}

/** A contact at rest again after this long. */
const CONTACT_BOUNCE_MS = 12;
const S0_BOUNCE_MS = 4;
/** The car stops drawing this long before the mains fails, and begins again this long after it is back. */
const BEFORE_OUTAGE_MS = 2000;
const AFTER_OUTAGE_MS = 20000;
/** Faults on the reader's wire: thousandths of lost, flipped and invented bytes. */
const LINE_FAULTS = { lost: 4, flipped: 4, noise: 15 };

const seedOf = (random: Random): number => random.below(4294967295);

function levels(pin: number, edges: Edge[]): WorldEvent[] {
  return edges.map((edge) => ({ atMs: edge.atMs, kind: "level", pin, level: edge.level }));
}

/** Charging from `startMs`: edges and pulse moments, none of them inside the outage. */
function charging(random: Random, visit: Visit): { edges: Edge[]; pulsesMs: number[] } {
  const distanceMs = Math.round(3600000 / visit.powerW);
  const startMs = visit.atMs + visit.chargeAfterMs;
  const run = (pulses: number, fromMs: number) => s0Edges({
    pulses, startMs: fromMs, distanceMs, onMs: 35, activeLevel: 0, bounceMs: S0_BOUNCE_MS, spikes: 5, seed: seedOf(random),
  });
  if (visit.outage === undefined) return run(visit.energyWh, startMs);
  // A pulse may be up to a tenth early or late.
  const before = Math.min(visit.energyWh, Math.floor((visit.outage[0] - BEFORE_OUTAGE_MS - startMs) / (distanceMs * 1.1)));
  const first = run(before, startMs);
  const second = run(visit.energyWh - before, visit.outage[1] + AFTER_OUTAGE_MS);
  return { edges: [...first.edges, ...second.edges], pulsesMs: [...first.pulsesMs, ...second.pulsesMs] };
}

/** All events of a visit and what the database must say about it. */
export function visitEvents(random: Random, wiring: Wiring, visit: Visit): { events: WorldEvent[]; entry: LedgerEntry } {
  const endMs = visit.atMs + visit.staysMs;
  const events = levels(wiring.contactPin, bouncingEdges(random, 0, visit.atMs, CONTACT_BOUNCE_MS));
  if (visit.driver.uid !== "") {
    const pieces = rdm6300Card(visit.driver.uid, visit.atMs + visit.cardAfterMs, 300 + random.below(600), seedOf(random), LINE_FAULTS);
    for (const piece of pieces) events.push({ atMs: piece.atMs, kind: "bytes", port: wiring.readerPort, bytes: piece.bytes });
  }
  const charge = charging(random, visit);
  events.push(...levels(wiring.meterPin, charge.edges));
  if (charge.pulsesMs.length > 0 && charge.pulsesMs[charge.pulsesMs.length - 1]! + 1000 > endMs) {
    throw new Error(`a visit of ${visit.staysMs} ms is too short for ${visit.energyWh} Wh at ${visit.powerW} W`);
  }
  events.push(...levels(wiring.contactPin, bouncingEdges(random, 1, endMs, CONTACT_BOUNCE_MS)));
  return { events, entry: { driver: visit.driver, startMs: visit.atMs, endMs, energyWh: visit.energyWh, pulsesMs: charge.pulsesMs, endReason: "end" } };
}
