/*
 * Events at a wallbox, as data: the script that a player feeds into a board's pins and wires.
 *
 * Input: made by day.ts and driver.ts. Output: played on the host, in Lua and against the interpreter.
 * Invariant: a list of events is sorted by time; times are whole milliseconds from the script's start.
 */

export type WorldEvent =
  | { atMs: number; kind: "level"; pin: number; level: number }
  | { atMs: number; kind: "bytes"; port: number; bytes: string }
  | { atMs: number; kind: "powerOff" }
  | { atMs: number; kind: "powerOn" }
  | { atMs: number; kind: "endpoint"; reachable: boolean };

/** A person with a car, as the endpoint knows them; `name` "" for an unregistered card. */
export interface Driver {
  name: string;
  /** EM4100 card, 10 upper-case hexadecimal digits; "" for a person without a card. */
  uid: string;
}

/** One session as the script means it: the ledger against which the database is checked. */
export interface LedgerEntry {
  driver: Driver;
  startMs: number;
  endMs: number;
  energyWh: number;
  /** Moments of the pulses, for the cost. */
  pulsesMs: number[];
  endReason: string;
}

export interface WorldScript {
  seed: number;
  durationMs: number;
  events: WorldEvent[];
  ledger: LedgerEntry[];
}

/** Puts events in order of time; those of one moment keep the order in which they were made. */
export function sortEvents(events: WorldEvent[]): WorldEvent[] {
  return events.map((event, index) => ({ event, index }))
    .sort((a, b) => a.event.atMs - b.event.atMs || a.index - b.index)
    .map((entry) => entry.event);
}
