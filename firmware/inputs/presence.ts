/*
 * What cards do at one reader: sightings in, one event per presented card out.
 *
 * Input: each uid that the reader reports, as often as it reports it. Output: a uid to act on.
 * Invariants: a card gives one event when it has been seen for `minHoldMs`; each sighting makes it last
 * another `presenceTimeoutMs`; after its last sighting it must stay away for `presenceTimeoutMs + rearmDelayMs` before it gives
 * another. Each of the last CARDS cards has its own times, so that two cards in turn are two events.
 * A random uid (ISO/IEC 14443-3: four bytes, the first 08) gives none: the same card never shows it again.
 */
import type { Instant } from "../../hal/ports";
import type { ReaderConfiguration } from "../configuration/configuration";
import { invariant } from "../base/invariant";
import { elapsedMs } from "../base/monotonic";

const CARDS = 4;

/** States of a place for a card. */
const FREE = 0;
const HOLDING = 1;
const DONE = 2;

export interface Presence {
  presenceTimeoutMs: number;
  forgetMs: number;
  minHoldMs: number;
  refusesRandom: boolean;
  /** Parallel, one entry a card, at most CARDS; none while no card is remembered. */
  uids: string[];
  states: number[];
  firstMs: number[];
  lastMs: number[];
  /** Why the last card was refused, "" when none was; whoever logs it sets it back. */
  refusal: string;
}

/** `refusesRandom` is the driver's: only readers of ISO/IEC 14443 cards can meet a random uid. */
export function createPresence(configuration: ReaderConfiguration, refusesRandom: boolean): Presence {
  return {
    presenceTimeoutMs: configuration.presenceTimeoutMs, forgetMs: configuration.presenceTimeoutMs + configuration.rearmDelayMs, minHoldMs: configuration.minHoldMs,
    refusesRandom: refusesRandom, uids: [], states: [], firstMs: [], lastMs: [], refusal: "",
  };
}

/** One sighting. `uid` is canonical: upper-case hexadecimal, first byte first. */
export function presenceSeen(p: Presence, uid: string, now: Instant): void {
  invariant(uid.length > 0, "PRESENCE_UID");
  let place = -1;
  let oldest = 0;
  for (let index = 0; index < p.states.length; index++) {
    if (p.states[index] !== FREE && p.uids[index] === uid) place = index;
    if (p.states[index] === FREE) oldest = index;
    else if (p.states[oldest] !== FREE && elapsedMs(p.lastMs[index], p.lastMs[oldest]) > 0) oldest = index;
  }
  if (place >= 0) {
    const awayMs = elapsedMs(p.lastMs[place], now.ms);
    if (awayMs < 0 || awayMs > p.forgetMs) p.states[place] = FREE;
    // A card on its way to its hold time begins again when it was taken away in between.
    else if (p.states[place] === HOLDING && awayMs > p.presenceTimeoutMs) p.firstMs[place] = now.ms;
  } else {
    place = p.states.length < CARDS ? p.states.length : oldest;
    p.states[place] = FREE;
  }
  if (p.states[place] === FREE) {
    p.uids[place] = uid;
    p.firstMs[place] = now.ms;
    p.states[place] = HOLDING;
    if (p.refusesRandom && uid.length === 8 && uid.substring(0, 2) === "08") {
      p.states[place] = DONE;
      p.refusal = "random uid " + uid;
    }
  }
  p.lastMs[place] = now.ms;
}

/** A card that has been held long enough, the longest shown first; "" when there is none. Call until then, at every tick. @part reader */
export function presenceTake(p: Presence, now: Instant): string {
  let due = -1;
  let known = 0;
  for (let index = 0; index < p.states.length; index++) {
    if (p.states[index] === FREE) continue;
    known++;
    const awayMs = elapsedMs(p.lastMs[index], now.ms);
    const shownMs = elapsedMs(p.firstMs[index], p.lastMs[index]);
    if (p.states[index] === HOLDING && shownMs >= p.minHoldMs) {
      if (due < 0 || elapsedMs(p.firstMs[index], p.firstMs[due]) > 0) due = index;
    } else if (awayMs < 0 || awayMs > p.forgetMs) {
      p.states[index] = FREE;
    }
  }
  if (known === 0 && p.states.length > 0) {
    // All are forgotten: an idle reader takes no memory for cards.
    p.uids = [];
    p.states = [];
    p.firstMs = [];
    p.lastMs = [];
  }
  if (due < 0) return "";
  p.states[due] = DONE;
  return p.uids[due];
}
