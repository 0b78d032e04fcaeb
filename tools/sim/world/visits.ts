/*
 * Visits at one wallbox, one after another: who comes, shows which card when, charges how long.
 *
 * Input: the place, the people, the board's own stream. Output: inputs of the next visit, all after the moment given.
 * Invariants: bounces are shorter than the filters, so that a right board has exactly one meaning for each input; no
 * pulse falls within a second of a contact's change; a card that was left lies outside the time in which it counts, or
 * well inside it.
 */
import { rdm6300Card } from "../../emulator/rdm6300";
import type { Random } from "../../emulator/random";
import { s0Edges } from "../../emulator/s0";
import { between, oneOf } from "../streams";
import { sorted, type Meaning, type SimInput } from "./inputs";
import type { People, SimPerson } from "./people";
import type { Place } from "./place";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** A card without a session is forgotten after this (`uidTimeoutS`), and the world keeps clear of that moment. */
const UID_TIMEOUT_MS = 300 * SECOND;
const CLEAR_MS = 20 * SECOND;
const BOUNCE_PHASE_MS = 8;
/** A card, held and debounced, is before or after an edge this far from its first frame. */
const CARD_CLEAR_MS = 3 * SECOND;
const LINE_FAULTS = { lost: 3, flipped: 3, noise: 10 };
const PULSES_MAX = 90;

export interface Visits {
  place: Place;
  people: People;
  random: Random;
  /** The line of the reader is disturbed. */
  isNoisy: boolean;
}

function contact(visits: Visits, atMs: number, on: boolean, means: Meaning): SimInput[] {
  const pin = visits.place.document.inputs.contact.pin;
  const level = on ? 0 : 1;
  const inputs: SimInput[] = [{ kind: "level", pin, level, atMs, means }];
  // It opens and closes again for some milliseconds before it rests.
  let bounceMs = atMs;
  for (let count = visits.random.below(3); count > 0; count--) {
    const awayMs = bounceMs + between(visits.random, 1, BOUNCE_PHASE_MS);
    bounceMs = awayMs + between(visits.random, 1, BOUNCE_PHASE_MS);
    inputs.push({ kind: "level", pin, level: 1 - level, atMs: awayMs }, { kind: "level", pin, level, atMs: bounceMs });
  }
  return inputs;
}

/** A card held at the reader from `atMs` on. */
export function card(visits: Visits, uid: string, atMs: number): SimInput[] {
  const random = visits.random;
  const pieces = rdm6300Card(uid, atMs, between(random, 300, 900), random.below(4294967295), visits.isNoisy ? LINE_FAULTS : undefined);
  return pieces.map((piece, index): SimInput => ({ kind: "bytes", port: visits.place.document.readers[0]!.port, bytes: piece.bytes, atMs: piece.atMs, ...index === 0 ? { means: { what: "card", uid } as const } : {} }));
}

function pulses(visits: Visits, fromMs: number, toMs: number, wanted: number): SimInput[] {
  const random = visits.random;
  const distanceMs = Math.max(400, Math.floor((toMs - fromMs) / (wanted + 1)));
  const count = Math.min(wanted, Math.floor((toMs - fromMs) / (distanceMs * 1.1)) - 1);
  if (count < 1) return [];
  const pin = visits.place.document.meters[0]!.pin;
  const made = s0Edges({ pulses: count, startMs: fromMs, distanceMs, onMs: between(random, 32, 90), activeLevel: 0, bounceMs: 4, spikes: visits.isNoisy ? 60 : 5, seed: random.below(4294967295) });
  const begins = new Set(made.pulsesMs);
  return made.edges.map((edge): SimInput => {
    const isBegin = begins.delete(edge.atMs);
    return { kind: "level", pin, level: edge.level, atMs: edge.atMs, ...isBegin ? { means: { what: "pulse" } as const } : {} };
  });
}

function whoComes(visits: Visits): SimPerson | undefined {
  const { random, people, place } = visits;
  if (random.chance(120)) return undefined;
  return random.chance(80) ? oneOf(random, people.strangers) : people.known[oneOf(random, place.regulars)];
}

/** A time after which the last card is forgotten for certain, or within which it is known for certain. */
function clearOf(gapMs: number): number {
  return Math.abs(gapMs - UID_TIMEOUT_MS) < CLEAR_MS ? UID_TIMEOUT_MS + 2 * CLEAR_MS : gapMs;
}

/** Opens and closes between `fromMs` and `toMs`, as a contactor for load control does, and not while the card of `cardMs` is held; returns the spans in which current flows. */
function contactor(visits: Visits, fromMs: number, toMs: number, cardMs: number, inputs: SimInput[]): [number, number][] {
  const random = visits.random;
  const spans: [number, number][] = [];
  let onMs = fromMs;
  for (let count = random.below(4); count > 0; count--) {
    const openMs = onMs + between(random, 30 * SECOND, 20 * MINUTE);
    const closeMs = openMs + between(random, 5 * SECOND, 100 * SECOND);
    if (closeMs + 5 * MINUTE > toMs || [openMs, closeMs].some((edgeMs) => Math.abs(edgeMs - cardMs) < CARD_CLEAR_MS)) break;
    inputs.push(...contact(visits, openMs, false, { what: "open" }), ...contact(visits, closeMs, true, { what: "close" }));
    spans.push([onMs, openMs]);
    onMs = closeMs;
  }
  spans.push([onMs, toMs]);
  return spans;
}

/** The next visit after `afterMs`; the moment at which it is over comes with it. */
export function nextVisit(visits: Visits, afterMs: number): { inputs: SimInput[]; overMs: number } {
  const { random, place } = visits;
  const who = whoComes(visits);
  const uid = who === undefined ? "" : oneOf(random, who.cards);
  const hasPause = (place.document.block.pauseS ?? 0) > 0;
  // Where pauses are joined, who comes within one is told apart by a card alone.
  const isSwap = random.chance(200) && (!hasPause || uid !== "");
  const plugMs = afterMs + clearOf(isSwap ? between(random, 4 * SECOND, 60 * SECOND) : Math.floor((0.2 + random.below(1600) / 1000) * place.pauseH * HOUR));
  const inputs: SimInput[] = [];
  if (uid !== "" && random.chance(40)) {
    // Shows the card, and leaves without a session.
    inputs.push(...card(visits, uid, plugMs));
    return { inputs: sorted(inputs), overMs: plugMs + UID_TIMEOUT_MS + CLEAR_MS };
  }
  const hasLeft = random.chance(180) ? between(random, 20 * SECOND, 90 * SECOND) : 0;
  const unplugMs = plugMs + (hasLeft > 0 ? hasLeft : Math.floor((0.2 + random.below(6000) / 1000) * HOUR));
  inputs.push(...contact(visits, plugMs, true, { what: "plug" }));
  let cardMs = -Infinity;
  if (uid !== "") {
    const early = isSwap ? between(random, 1500, 3000) : between(random, 1500, 30 * SECOND);
    cardMs = (isSwap && hasPause) || random.chance(600) ? plugMs - early : plugMs + between(random, 1500, Math.min(120 * SECOND, unplugMs - plugMs - 8 * SECOND));
    inputs.push(...card(visits, uid, cardMs));
  }
  const spans = hasPause && hasLeft === 0 ? contactor(visits, plugMs, unplugMs, cardMs, inputs) : [[plugMs, unplugMs] as [number, number]];
  for (const [fromMs, toMs] of spans) inputs.push(...pulses(visits, fromMs + 4 * SECOND, toMs - 2 * SECOND, 1 + random.below(Math.floor(PULSES_MAX / spans.length))));
  if (uid !== "" && hasLeft === 0 && random.chance(60)) {
    // Another driver tries a card in mid-session and drives on.
    const other = visits.people.known[oneOf(random, place.regulars)]!;
    inputs.push(...card(visits, oneOf(random, other.cards), between(random, plugMs + 6 * MINUTE, unplugMs - MINUTE)));
  }
  inputs.push(...contact(visits, unplugMs, false, { what: "unplug" }));
  // The wallbox itself draws current between two cars.
  const hasStandby = random.chance(150);
  if (hasStandby) inputs.push(...pulses(visits, unplugMs + 5 * SECOND, unplugMs + MINUTE, between(random, 1, 3)));
  return { inputs: sorted(inputs), overMs: unplugMs + (hasStandby ? MINUTE + SECOND : 2 * SECOND) };
}
