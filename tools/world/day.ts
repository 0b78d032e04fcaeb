/*
 * The scripted day: nine visits, a power cut in the middle of one, and an endpoint that is away for a while.
 *
 * Input: a seed. Output: the events and the ledger for `npm start -- --once` and for the suites that play
 * the same day in Lua and on the interpreter. Invariant: the ledger is the script's own; nothing in it
 * comes from the product.
 */
import { sortEvents, type Driver, type LedgerEntry, type WorldEvent, type WorldScript } from "./event";
import { createRandom } from "../emulator/random";
import { visitEvents, type Visit, type Wiring } from "./visit";

export const DRIVERS: Driver[] = [
  { name: "Anna Weber", uid: "01000734E0" },
  { name: "Jürgen Müller, 5 €", uid: "62E3086CED" },
  { name: "O'Brien \"Bob\"; Robert", uid: "010063E9AE" },
];
const STRANGER: Driver = { name: "", uid: "100086F444" };
const NOBODY: Driver = { name: "", uid: "" };

const MINUTE = 60000;
const HOUR = 60 * MINUTE;

/** When the mains fails and comes back, inside the fourth visit. */
export const OUTAGE_MS: [number, number] = [7 * HOUR + 20 * MINUTE, 7 * HOUR + 23 * MINUTE];
/** When the endpoint is away: over the fifth and sixth visit. */
export const AWAY_MS: [number, number] = [9 * HOUR, 12 * HOUR];

function visits(): Visit[] {
  const visit = (hour: number, minute: number, driver: Driver, energyWh: number, staysMin: number, cardAfterMs: number): Visit => ({
    driver, atMs: hour * HOUR + minute * MINUTE, cardAfterMs, chargeAfterMs: 4000, energyWh, powerW: 11000,
    staysMs: staysMin * MINUTE, outage: undefined,
  });
  return [
    visit(1, 10, DRIVERS[0]!, 700, 45, -3000),
    visit(3, 5, DRIVERS[1]!, 450, 30, 8000),
    visit(5, 0, STRANGER, 120, 12, -1500),
    { ...visit(7, 15, DRIVERS[0]!, 900, 40, -2000), chargeAfterMs: 3 * MINUTE, outage: OUTAGE_MS },
    visit(9, 30, DRIVERS[2]!, 600, 50, -4000),
    visit(11, 0, DRIVERS[1]!, 333, 25, 2500),
    visit(13, 40, NOBODY, 80, 10, 0),
    visit(16, 50, DRIVERS[2]!, 500, 35, -2500),
    visit(20, 15, DRIVERS[0]!, 1, 5, -2000),
  ];
}

/** The day of a seed. Visit four has the outage, visits five and six find no endpoint. */
export function scriptedDay(seed: number, wiring: Wiring): WorldScript {
  const random = createRandom(seed);
  const events: WorldEvent[] = [
    { atMs: OUTAGE_MS[0], kind: "powerOff" },
    { atMs: OUTAGE_MS[1], kind: "powerOn" },
    { atMs: AWAY_MS[0], kind: "endpoint", reachable: false },
    { atMs: AWAY_MS[1], kind: "endpoint", reachable: true },
  ];
  const ledger: LedgerEntry[] = [];
  for (const visit of visits()) {
    const made = visitEvents(random, wiring, visit);
    events.push(...made.events);
    ledger.push(made.entry);
  }
  return { seed, durationMs: 24 * HOUR, events: sortEvents(events), ledger };
}
