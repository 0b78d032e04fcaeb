/*
 * Presence of cards at one reader: sightings in, one event per presented card out.
 *
 * Input: each uid that the reader reports, as often as it reports it. Output: a uid to act on.
 * Invariants: a card gives one event when it has been seen for `minHoldMs`; each sighting makes it last
 * another `presenceTimeoutMs`; after its last sighting it must stay away for `presenceTimeoutMs + rearmDelayMs` before it gives
 * another. Each of the last PRESENCE_CARDS_MAX cards has its own times, so that two cards in turn are two events.
 * A number that is not a card's key gives none: a random uid (ISO/IEC 14443-3: four bytes, the first 08), the first half
 * of a longer uid (its cascade tag 88 in front), all bytes 00 or all FF. Nor does one that is seen fewer than
 * `minSightings` times within heldMs: readers of 125 kHz make up frames with a right check sum, but never the same twice.
 */
import type { Instant } from "../../hal/ports";
import type { ReaderConfiguration } from "../configuration/configuration";
import { hexDigit } from "../base/bytes";
import { invariant } from "../base/invariant";
import { elapsedMs } from "../base/monotonic";
import { PRESENCE_CARDS_MAX, SIGHTINGS_MAX } from "../limits";
import { xorByte } from "./reader/frame";

/** States of a place for a card; above DONE: on its way, seen so many times less one. */
const FREE = 0;
const HOLDING = 1;
const DONE = 2;

export interface Presence {
  presenceTimeoutMs: number;
  forgetMs: number;
  minHoldMs: number;
  minSightings: number;
  refusesRandom: boolean;
  /** Parallel, one entry a card, at most PRESENCE_CARDS_MAX; none while no card is remembered. */
  uids: string[];
  states: number[];
  firstMs: number[];
  lastMs: number[];
  /** Why the last card was refused, "" when none was; the caller that logs it clears it. */
  refusal: string;
}

/** `refusesRandom` and `minSightings` (1 … 5) are the driver's: only readers of ISO/IEC 14443 cards can meet a random or half uid. */
export function createPresence(configuration: ReaderConfiguration, refusesRandom: boolean, minSightings: number): Presence {
  return {
    presenceTimeoutMs: configuration.presenceTimeoutMs, forgetMs: configuration.presenceTimeoutMs + configuration.rearmDelayMs, minHoldMs: configuration.minHoldMs,
    minSightings: configuration.minSightings > 0 ? configuration.minSightings : minSightings, refusesRandom: refusesRandom, uids: [], states: [], firstMs: [], lastMs: [], refusal: "",
  };
}

/** Why `uid` is no card's key: "random", "half", "constant"; "" when it may be one. `isCascaded`: the reader reads ISO/IEC 14443 cards. */
export function unfitUid(uid: string, isCascaded: boolean): string {
  const first = uid.substring(0, 2);
  let isConstant = first === "00" || first === "FF";
  for (let at = 2; at < uid.length && isConstant; at += 2) isConstant = uid.substring(at, at + 2) === first;
  if (isConstant) return "constant";
  if (!isCascaded) return "";
  if (first === "08" && uid.length === 8) return "random";
  if (first !== "88") return "";
  // Some readers add the check byte of the half: the exclusive or of all five is 0.
  let check = 0;
  for (let at = 0; at < uid.length; at += 2) check = xorByte(check, hexDigit(uid.charCodeAt(at)) * 16 + hexDigit(uid.charCodeAt(at + 1)));
  return uid.length === 8 || (uid.length === 10 && check === 0) ? "half" : "";
}

/** The refusal as a line, why and what to do; "" when there is none. Forgets it. @part reader */
export function takeRefusal(p: Presence): string {
  const refusal = p.refusal;
  p.refusal = "";
  const kind = refusal.charAt(0);
  if (kind === "") return "";
  return refusal + " refused: " + (kind === "r" ? "it changes at every reading; use another card"
    : kind === "h" ? "different cards share it; use a reader that gives 7-byte uids"
      : kind === "c" ? "no card has it; look at the reader's wires and supply"
        : "a held card repeats; hold it longer, or set minSightings to 1 for a reader that sends once");
}

/** One sighting. `uid` is canonical: upper-case hexadecimal, first byte first. */
export function presenceSeen(p: Presence, uid: string, now: Instant): void {
  invariant(uid.length > 0, "PRESENCE_UID");
  let place = -1;
  let oldest = 0;
  for (let index = 0; index < p.states.length; index++) {
    if (p.states[index] !== FREE && p.uids[index] === uid) place = index;
    if (p.states[index] === FREE) oldest = index;
    else if (p.states[oldest] !== FREE && elapsedMs(p.lastMs[index]!, p.lastMs[oldest]!) > 0) oldest = index;
  }
  if (place >= 0) {
    const awayMs = elapsedMs(p.lastMs[place]!, now.ms);
    if (awayMs < 0 || awayMs > p.forgetMs) p.states[place] = FREE;
    // A card on its way to its hold time begins again when it was taken away in between.
    else if (p.states[place] !== DONE) {
      if (awayMs > p.presenceTimeoutMs) {
        p.firstMs[place] = now.ms;
        p.states[place] = HOLDING;
      } else if (p.states[place]! < DONE + SIGHTINGS_MAX) p.states[place]! += p.states[place] === HOLDING ? 2 : 1;
    }
  } else {
    place = p.states.length < PRESENCE_CARDS_MAX ? p.states.length : oldest;
    p.states[place] = FREE;
  }
  if (p.states[place] === FREE) {
    p.uids[place] = uid;
    p.firstMs[place] = now.ms;
    p.states[place] = HOLDING;
    const unfit = unfitUid(uid, p.refusesRandom);
    if (unfit !== "") {
      p.states[place] = DONE;
      p.refusal = unfit + " uid " + uid;
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
    const awayMs = elapsedMs(p.lastMs[index]!, now.ms);
    const shownMs = elapsedMs(p.firstMs[index]!, p.lastMs[index]!);
    const sightings = p.states[index] === HOLDING ? 1 : p.states[index]! - DONE + 1;
    if (p.states[index] !== DONE && shownMs >= p.minHoldMs && sightings >= p.minSightings) {
      if (due < 0 || elapsedMs(p.firstMs[index]!, p.firstMs[due]!) > 0) due = index;
    } else if (awayMs < 0 || awayMs > p.forgetMs) {
      if (p.states[index] !== DONE && sightings < p.minSightings) p.refusal = "lone frame " + p.uids[index];
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
  return p.uids[due]!;
}
