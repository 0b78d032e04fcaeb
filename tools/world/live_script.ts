/*
 * Weeks at a wallbox, for the live demonstration: drivers come at any time of the day.
 *
 * Input: a seed. Output: a script of visits that do not overlap. Invariant: the same seed gives the same
 * weeks; the first car comes within the first minute, so that a new user sees something happen.
 */
import { createRandom } from "../emulator/random";
import { DRIVERS } from "./day";
import { sortEvents, type LedgerEntry, type WorldEvent, type WorldScript } from "./event";
import { visitEvents, type Wiring } from "./visit";

const MINUTE = 60000;
const DURATION_MS = 28 * 24 * 60 * MINUTE;
const VISITS_MAX = 400;

export function liveWeek(seed: number, wiring: Wiring): WorldScript {
  const random = createRandom(seed);
  const events: WorldEvent[] = [];
  const ledger: LedgerEntry[] = [];
  let atMs = MINUTE / 2;
  for (let count = 0; count < VISITS_MAX && atMs < DURATION_MS - 120 * MINUTE; count++) {
    const driver = DRIVERS[random.below(DRIVERS.length)]!;
    const energyWh = 100 + random.below(1200);
    const powerW = [3700, 7400, 11000, 22000][random.below(4)]!;
    const staysMs = Math.ceil((energyWh * 3600000 * 1.15) / powerW) + (1 + random.below(10)) * MINUTE;
    const made = visitEvents(random, wiring, {
      driver, atMs, cardAfterMs: random.below(8000) - 4000, chargeAfterMs: 9000, energyWh, powerW, staysMs, outage: undefined,
    });
    events.push(...made.events);
    ledger.push(made.entry);
    atMs += staysMs + (1 + random.below(30)) * MINUTE;
  }
  return { seed, durationMs: DURATION_MS, events: sortEvents(events), ledger };
}
