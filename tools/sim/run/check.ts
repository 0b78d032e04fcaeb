/*
 * All checks of a world at its end.
 *
 * Input: a world that was played. Output: what its database holds, and every broken promise. Invariant: what was allowed
 * to differ follows from what the world did to a board, and from nothing that the board said.
 */
import { logViolations } from "../checkers/log";
import { growthViolations, wearViolations } from "../checkers/resources";
import { readFacts, type Facts } from "../checkers/rows";
import { boardViolations } from "../checkers/sessions";
import type { ClockTruth } from "../checkers/times";
import { totalsViolations } from "../checkers/totals";
import type { Violation } from "../checkers/violation";
import { expectedSessions } from "../world/expected";
import { DRAIN_S } from "./play";
import type { Site, World } from "./world";

/** A slow exchange sets a clock that was never set. */
const EXCHANGE_S = 21;
/** Of a session, what a cut leaves unknown: the time since the last checkpoint. */
const CHECKPOINT_S = 301;
const DAY_S = 86_400;
const DRIFT = 50e-6;

function namesOf(world: World, site: Site, uid: string): Set<string | null> {
  if (site.place.flashBytes <= 0x10000) return new Set([null]);
  const index = world.people.known.findIndex(({ cards }) => cards.includes(uid));
  if (index < 0) return new Set([null]);
  const all = new Set<string | null>(world.names[index]);
  // A list that was not fetched yet knows no one.
  if (world.options.faults.length > 0) all.add(null);
  return all;
}

function clockOf(world: World, site: Site): ClockTruth {
  const { faults } = world.options;
  const awayDays = faults.includes("offline") ? 150 : faults.includes("wifi") ? 4 : 0;
  return {
    endpointErrorsS: world.endpointErrorsS, exchangeS: faults.includes("net") ? EXCHANGE_S : 0, driftS: Math.ceil(awayDays * DAY_S * DRIFT),
    isEverUnsure: site.outages.length > 0 || world.endpointErrorsS.length > 1,
    outageS: ([fromMs, toMs]) => site.outages.reduce((sum, [offMs, onMs]) => (offMs < toMs && onMs > fromMs ? sum + (onMs - offMs) / 1000 + CHECKPOINT_S : sum), 0),
  };
}

export async function checkWorld(world: World, drainMs: number): Promise<{ facts: Facts[]; violations: Violation[] }> {
  const violations: Violation[] = [];
  const facts: Facts[] = [];
  for (const site of world.sites) {
    const { place, truth, board } = site;
    const found = await readFacts(world.endpoint.inner, place.id);
    facts.push(found);
    violations.push(...site.broken, ...boardViolations({
      place, people: world.people, truth, expected: expectedSessions(truth, place, world.people, board.clock.worldMs), beginEpochS: world.epochS, clock: clockOf(world, site),
      namesOf: (uid) => namesOf(world, site, uid),
    }, found), ...logViolations(place.id, site.logs, found.rows), ...growthViolations(board, site.firstSize), ...wearViolations(board, world.options.days));
  }
  violations.push(...await totalsViolations(world.endpoint.inner, facts));
  if (drainMs === Infinity) violations.push({ rule: "drain", board: "all", text: `rows still wait ${String(DRAIN_S)} s after the last fault` });
  return { facts, violations };
}
