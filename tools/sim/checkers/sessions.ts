/*
 * The rows of one board against the world's own ledger.
 *
 * Input: what was expected, what SQL holds. Output: violations. Invariants: sessions are compared one by one and in
 * order; a row that is missing must be one that the board declared as lost; energy, registers and money are exact, but
 * for pulses that came while the power failed.
 */
import type { ExpectedSession, Span } from "../world/expected";
import type { People } from "../world/people";
import type { Place } from "../world/place";
import type { Truth } from "../world/truth";
import { costSpan } from "./money";
import { energyOf, perKwhAt, placeOf, registerAt } from "./meter";
import type { Facts, SimRow } from "./rows";
import { timeViolations, type ClockTruth } from "./times";
import type { Rule, Violation } from "./violation";

export interface BoardTruth {
  place: Place;
  people: People;
  truth: Truth;
  expected: ExpectedSession[];
  beginEpochS: number;
  clock: ClockTruth;
  /** Names that a card may have had for a session that began in this span; null for none. */
  namesOf(uid: string, startMs: Span): Set<string | null>;
}

/** Pulses of a session: those that are certain, and those that the power made doubtful. */
function pulsesOf(truth: Truth, [, fromMs]: Span, [toMs]: Span, startMs: number): { certain: number[]; doubtful: number[] } {
  const certain: number[] = [];
  const doubtful: number[] = [];
  for (const atMs of truth.pulsesMs.slice(placeOf(truth.pulsesMs, startMs), placeOf(truth.pulsesMs, toMs))) {
    // Between the first and the last moment at which the session may have begun.
    if (truth.doubtfulPulses.has(atMs) || atMs < fromMs - 1500) doubtful.push(atMs);
    else certain.push(atMs);
  }
  return { certain, doubtful };
}

function within(value: number | null, [low, high]: Span): boolean {
  return value !== null && value >= low && value <= high;
}

/** One session that is there. */
function sessionViolations(board: BoardTruth, session: ExpectedSession, row: SimRow, bounds: Facts["undated"], say: (rule: Rule, text: string) => void): void {
  const { place, truth } = board;
  if (!session.uids.has(row.card ?? "")) say("card", `has card "${row.card ?? ""}", and ${[...session.uids].map((uid) => `"${uid}"`).join(" or ")} was shown`);
  const names = board.namesOf(row.card ?? "", session.startMs);
  if (!names.has(row.user)) say("user", `of card ${row.card ?? ""} has user ${String(row.user)}; right is ${[...names].map(String).join(" or ")}`);
  timeViolations(board.clock, bounds, board.beginEpochS, session, row, say);
  if (row.end_sequence === null) return;
  const { certain, doubtful } = pulsesOf(truth, session.startMs, session.endMs, session.startMs[0]);
  const energy: Span = [energyOf(truth, certain), energyOf(truth, [...certain, ...doubtful])];
  if (!within(row.energy_wh, energy)) say("energy", `has ${String(row.energy_wh)} Wh; ${String(certain.length)} pulses${doubtful.length > 0 ? ` and ${String(doubtful.length)} doubtful ones` : ""} were ${energy[0]} Wh`);
  const isCorrected = truth.events.some((event) => event.what === "meter" && event.atMs > session.startMs[0] - 2000 && event.atMs < session.endMs[1] + 2000);
  if (!isCorrected && row.meter_start !== null && row.meter_end !== null && row.energy_wh !== null && row.meter_end - row.meter_start !== row.energy_wh) {
    say("register", `went from ${String(row.meter_start)} to ${String(row.meter_end)} Wh with ${String(row.energy_wh)} Wh`);
  }
  const cost = costSpan(place.document, certain, doubtful, (atMs) => perKwhAt(truth, atMs), row.duration_s ?? 0, board.beginEpochS * 1000, { isSure: !board.clock.isEverUnsure, driftS: board.clock.driftS });
  const mayBeUnknown = board.clock.isEverUnsure && place.document.tariff.prices.length > 1;
  if (!(row.cost_minor === null ? mayBeUnknown : within(row.cost_minor, cost))) say("cost", `costs ${String(row.cost_minor)}, and ${cost[0]}${cost[1] === cost[0] ? "" : ` to ${String(cost[1])}`} is right`);
  if (row.reason !== "end") say("reason", `ended by "${String(row.reason)}"`);
}

/** The chain of registers: each session begins where the pulses before it ended. */
function registerViolations(board: BoardTruth, pairs: [ExpectedSession, SimRow][], say: (row: SimRow, text: string) => void): void {
  for (const [session, row] of pairs) {
    const right = registerAt(board.truth, session.startMs);
    if (row.meter_start !== null && right !== undefined && !within(row.meter_start, right)) {
      say(row, `begins at register ${String(row.meter_start)}; the pulses before it make ${String(right[0])}${right[1] > right[0] ? ` to ${String(right[1])}` : ""}`);
    }
  }
}

/** Rows that must be there, and rows that are. */
function countViolations(board: BoardTruth, facts: Facts, say: (rule: Rule, text: string) => void): void {
  const ended = board.expected.filter(({ endMs }) => endMs[0] !== Infinity).length;
  const wanted = board.expected.length + ended;
  const found = facts.rows.reduce((sum, row) => sum + (row.start_sequence === null ? 0 : 1) + (row.end_sequence === null ? 0 : 1), 0);
  if (found + facts.lost + facts.dropped !== wanted) {
    say("loss", `${String(wanted)} rows were due; the database has ${String(found)}, ${String(facts.lost)} are declared lost and ${String(facts.dropped)} dropped`);
  }
  if (facts.quarantined > 0) say("sessions", `${String(facts.quarantined)} rows are in quarantine`);
  if (facts.lost + facts.dropped === 0 && facts.rows.length !== board.expected.length) say("sessions", `there were ${String(board.expected.length)} sessions; the database has ${String(facts.rows.length)}`);
}

export function boardViolations(board: BoardTruth, facts: Facts): Violation[] {
  const found: Violation[] = [];
  const say = (rule: Rule, text: string): void => { found.push({ rule, board: board.place.id, text }); };
  countViolations(board, facts, say);
  let lastStart = 0;
  const pairs: [ExpectedSession, SimRow][] = [];
  for (const row of facts.rows) {
    // Numbers of sessions begin with 1 and leave none out.
    const session = board.expected[row.session - 1];
    const named = (rule: Rule, text: string): void => say(rule, `session ${String(row.session)} ${text}`);
    if (session === undefined) {
      named("sessions", "never happened");
      continue;
    }
    pairs.push([session, row]);
    sessionViolations(board, session, row, facts.undated, named);
    const sequence = row.start_sequence ?? row.end_sequence ?? 0;
    if (sequence <= lastStart || (row.start_sequence !== null && row.end_sequence !== null && row.end_sequence <= row.start_sequence)) named("order", "was written out of order");
    lastStart = sequence;
  }
  registerViolations(board, pairs, (row, text) => say("register", `session ${String(row.session)} ${text}`));
  return found;
}
