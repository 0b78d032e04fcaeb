/*
 * One contact: electrical edges in, clean "on" and "off" out.
 *
 * Input: edges with the moment they happened (bounces and all), and the tick. Output: one word per
 * change that lasted. Invariant: a level counts once it has lasted `debounceMs` unbroken, whether the
 * tick or the next edge notices it; on and off alternate, and the level at start is no event.
 */
import { elapsedMs } from "../base/monotonic";

/** A contact that finds no steady level for this long (plus its debounce time) is broken. */
const CHATTER_MS = 2000;

/** @packed */
export interface Debounce {
  debounceMs: number;
  /** Electrical level that means on. */
  activeLevel: number;
  /** Electrical level of the last edge, and since when. */
  level: number;
  sinceMs: number;
  /** Electrical level that last counted, and the edge that began it: the moment of a trigger. */
  stable: number;
  stableMs: number;
  /** Changes that counted and were not told yet; they alternate, so their number says all. */
  pending: number;
  /** First edge after the last steady level, while `unstable`. */
  unstable: boolean;
  unstableMs: number;
  /** Set by the owner for inputs that pulse: on for longer than this is a fault. 0: may stay on. */
  stuckAfterMs: number;
  /** "" | "stuck" | "chatter", and how often a fault began. */
  fault: string;
  faults: number;
  /** Edges whose level did not last. */
  bounces: number;
}

/** `level` is the electrical level now; `debounceMs` 0 … DEBOUNCE_MS_MAX. */
export function createDebounce(debounceMs: number, activeLevel: number, level: number, nowMs: number): Debounce {
  return {
    debounceMs: debounceMs, activeLevel: activeLevel, level: level, sinceMs: nowMs, stable: level, stableMs: nowMs, pending: 0,
    unstable: false, unstableMs: nowMs, stuckAfterMs: 0, fault: "", faults: 0, bounces: 0,
  };
}

/**
 * Takes one edge. An edge to the level that was there already (a "ghost") tells of a change too short to
 * be seen, so that the level begins anew. After lost edges, call it with the level read from the pin.
 */
export function debounceEdge(d: Debounce, level: number, atMs: number): void {
  const lastedMs = elapsedMs(d.sinceMs, atMs);
  if (d.level !== d.stable) {
    if (lastedMs >= d.debounceMs) {
      d.stable = d.level;
      d.stableMs = d.sinceMs;
      d.pending++;
      d.unstable = false;
    } else {
      d.bounces++;
    }
  }
  if (!d.unstable) {
    d.unstable = true;
    d.unstableMs = atMs;
  }
  d.level = level;
  d.sinceMs = atMs;
}

/** The next change that counts, "none" when there is no more: call until then. */
export function debounceTick(d: Debounce, nowMs: number): "none" | "on" | "off" {
  if (d.unstable) {
    if (elapsedMs(d.sinceMs, nowMs) >= d.debounceMs) {
      if (d.level !== d.stable) {
        d.stable = d.level;
        d.stableMs = d.sinceMs;
        d.pending++;
      }
      d.unstable = false;
      if (d.fault === "chatter" || d.stable !== d.activeLevel) d.fault = "";
    } else if (d.fault === "" && elapsedMs(d.unstableMs, nowMs) > d.debounceMs + CHATTER_MS) {
      d.fault = "chatter";
      d.faults++;
    }
  } else if (d.stuckAfterMs > 0 && d.fault === "" && d.stable === d.activeLevel && elapsedMs(d.stableMs, nowMs) > d.stuckAfterMs) {
    d.fault = "stuck";
    d.faults++;
  }
  if (d.pending === 0) return "none";
  d.pending--;
  // An even number still to come means that the change told now ends at the settled level.
  return (d.stable === d.activeLevel) === (d.pending % 2 === 0) ? "on" : "off";
}
