/*
 * The sessions that a wallbox had, as the specification counts them: the world's own ledger.
 *
 * Input: what really happened. Output: sessions with what may be in their rows: where the power failed in the very
 * moment, both answers are right, and everywhere else there is one. Invariants: written from docs/BEHAVIOUR.md alone;
 * nothing of the firmware is used; times are those of the world.
 */
import type { People } from "./people";
import type { Place } from "./place";
import type { Truth, TruthEvent } from "./truth";

/** From and to, both included. */
export type Span = [from: number, to: number];

export interface ExpectedSession {
  startMs: Span;
  /** Infinity: it is not over. */
  endMs: Span;
  /** Uids that may stand in the row; "" for none. */
  uids: Set<string>;
}

/** Seconds after which a card without a session is forgotten, and how exact the world can tell. */
const UID_TIMEOUT_MS = 300_000;
const TIMEOUT_DOUBT_MS = 3000;
/** An event so shortly before a cut may have been handled or not. */
const CUT_DOUBT_MS = 1000;
/** From the edge to the tick that takes it. */
const LATE_MS = 1500;

interface State {
  session: ExpectedSession | undefined;
  /** When the contact opened, and at the latest; -1: no pause. */
  pausedMs: number;
  pausedToMs: number;
  isOn: boolean;
  isPowered: boolean;
  /** Pin Uid as it may stand. */
  pin: Set<string>;
  pinMs: number;
}

/** Whether two cards are one person's to the board. */
function samePerson(place: Place, people: People, left: string, right: string): boolean {
  if (left === right) return true;
  return place.flashBytes > 0x10000 && people.known.some(({ cards }) => cards.includes(left) && cards.includes(right));
}

export class Ledger {
  readonly sessions: ExpectedSession[] = [];
  private readonly state: State = { session: undefined, pausedMs: -1, pausedToMs: -1, isOn: false, isPowered: false, pin: new Set([""]), pinMs: -Infinity };
  private readonly pauseMs: number;

  constructor(private readonly place: Place, private readonly people: People) {
    this.pauseMs = (place.document.block.pauseS ?? 0) * 1000;
  }

  /** Uids that a session which begins at `atMs` may have. */
  private pinAt(atMs: number): Set<string> {
    const { pin, pinMs } = this.state;
    const ageMs = atMs - pinMs;
    if (ageMs > UID_TIMEOUT_MS + TIMEOUT_DOUBT_MS) return new Set([""]);
    return ageMs < UID_TIMEOUT_MS - TIMEOUT_DOUBT_MS ? new Set(pin) : new Set([...pin, ""]);
  }

  private open(atMs: number, isDoubtful: boolean, latestMs: number): void {
    const uids = this.pinAt(atMs);
    if (isDoubtful) uids.add("");
    this.state.session = { startMs: [atMs, (isDoubtful ? latestMs : atMs) + LATE_MS], endMs: [Infinity, Infinity], uids };
    this.sessions.push(this.state.session);
  }

  private close(fromMs: number, toMs: number): void {
    const { state } = this;
    const session = state.session;
    if (session === undefined) return;
    session.endMs = [fromMs, toMs + LATE_MS];
    state.session = undefined;
    state.pausedMs = -1;
    // A card stands for one session; another one that was shown meanwhile waits for its own.
    state.pin = new Set([...state.pin].map((uid) => (session.uids.has(uid) ? "" : uid)));
  }

  /** The contact has been open for longer than a pause. */
  private passPause(atMs: number): void {
    if (this.state.pausedMs >= 0 && atMs - this.state.pausedMs >= this.pauseMs) this.close(this.state.pausedMs, this.state.pausedToMs);
  }

  /** `cutMs`: when the power failed next after this event, and when it was back. */
  take(event: TruthEvent, cutMs: number, backMs: number): void {
    const { state } = this;
    const atMs = event.atMs;
    const isDoubtful = cutMs - atMs < CUT_DOUBT_MS;
    this.passPause(atMs);
    if (event.what === "off") state.isPowered = false;
    else if (event.what === "on") this.restart(atMs, isDoubtful, backMs);
    else if (event.what === "card") this.card(event.uid, atMs, isDoubtful);
    else if (event.what === "plug" || event.what === "close") {
      state.isOn = true;
      if (!state.isPowered) return;
      if (state.session === undefined) this.open(atMs, isDoubtful, backMs);
      else state.pausedMs = -1;
    } else if (event.what === "unplug" || event.what === "open") {
      state.isOn = false;
      if (!state.isPowered || state.session === undefined) return;
      this.pauseOrClose(atMs, isDoubtful ? backMs : atMs);
    }
  }

  private pauseOrClose(fromMs: number, toMs: number): void {
    if (this.pauseMs === 0) this.close(fromMs, toMs);
    else if (this.state.pausedMs < 0) [this.state.pausedMs, this.state.pausedToMs] = [fromMs, toMs];
  }

  private restart(atMs: number, isDoubtful: boolean, backMs: number): void {
    const { state } = this;
    state.isPowered = true;
    const session = state.session;
    state.pin = session === undefined ? new Set([""]) : new Set(session.uids);
    state.pinMs = atMs;
    if (session === undefined && state.isOn) this.open(atMs, isDoubtful, backMs);
    else if (session !== undefined && !state.isOn) this.pauseOrClose(atMs, isDoubtful ? backMs : atMs);
    else if (session !== undefined && state.isOn) state.pausedMs = -1;
  }

  private card(uid: string, atMs: number, isDoubtful: boolean): void {
    const { state } = this;
    if (!state.isPowered) return;
    const session = state.session;
    if (session !== undefined) {
      const others = [...session.uids].filter((one) => one !== "" && !samePerson(this.place, this.people, one, uid));
      const isNoOnes = [...session.uids].every((one) => one === "");
      if (state.pausedMs >= 0 && (others.length > 0 || isNoOnes)) this.close(state.pausedMs, state.pausedToMs);
      else if (session.uids.has("")) {
        if (!isDoubtful) session.uids.delete("");
        session.uids.add(uid);
      }
    }
    state.pin = isDoubtful ? new Set([...state.pin, uid]) : new Set([uid]);
    state.pinMs = atMs;
  }

  /** Time passes without any event. */
  passTo(atMs: number): void {
    this.passPause(atMs);
  }
}

/** When the power fails next after an event, and when the board runs again for longer than a moment. */
function cutAfter(events: TruthEvent[], index: number): [cutMs: number, backMs: number] {
  let cutMs = Infinity;
  for (let at = index + 1; at < events.length; at++) {
    const { what, atMs } = events[at]!;
    if (what === "off" && cutMs === Infinity) cutMs = atMs;
    const next = events[at + 1];
    if (what === "on" && cutMs !== Infinity && !(next?.what === "off" && next.atMs - atMs < CUT_DOUBT_MS)) return [cutMs, atMs];
    if (cutMs === Infinity && atMs - events[index]!.atMs > CUT_DOUBT_MS) break;
  }
  return [cutMs, Infinity];
}

/** All sessions until `untilMs`. */
export function expectedSessions(truth: Truth, place: Place, people: People, untilMs: number): ExpectedSession[] {
  const ledger = new Ledger(place, people);
  truth.events.forEach((event, index) => {
    const [cutMs, backMs] = cutAfter(truth.events, index);
    ledger.take(event, cutMs, backMs);
  });
  ledger.passTo(untilMs);
  return ledger.sessions;
}
