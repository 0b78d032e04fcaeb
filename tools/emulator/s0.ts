/*
 * An S0 output and the wire behind it: edges with their moments, bounces and interference included.
 *
 * Input: what the meter measures and how its contact behaves, a seed. Output: pin edges in order of time.
 * Invariant: `pulses` pulses are in the edges, each with on and off times of IEC 62053-31 (30 ms or more)
 * and bounces shorter than 5 ms; interference never lasts as long as the receiver's filter.
 */
import { createRandom } from "./random";
import type { Random } from "./random";

export interface Edge {
  level: number;
  atMs: number;
}

export interface S0Options {
  pulses: number;
  startMs: number;
  /** Distance from pulse to pulse, on average; each one differs by up to a tenth. */
  distanceMs: number;
  onMs: number;
  /** Electrical level of a closed output. */
  activeLevel: number;
  /** Bounce time after each change, 0 … 4 ms, and thousandths of pauses in which a spike of 1 to 4 ms falls. */
  bounceMs: number;
  spikes: number;
  seed: number;
}

/** A contact that changes to `level` at `atMs` and bounces for up to `bounceMs` before it rests. */
export function bouncingEdges(random: Random, level: number, atMs: number, bounceMs: number): Edge[] {
  const edges: Edge[] = [{ level, atMs }];
  if (bounceMs === 0) return edges;
  // Bounces are pairs: away and back. Edges of one millisecond keep their order.
  let bounceAtMs = atMs;
  for (let count = random.below(4); count > 0; count--) {
    const backAtMs = bounceAtMs + random.below(bounceMs - (bounceAtMs - atMs) + 1);
    edges.push({ level: 1 - level, atMs: backAtMs });
    edges.push({ level, atMs: backAtMs });
    bounceAtMs = backAtMs;
  }
  return edges;
}

/** The edges, the begin of each pulse, and when the last pulse is over. */
export function s0Edges(options: S0Options): { edges: Edge[]; pulsesMs: number[]; endMs: number } {
  const random = createRandom(options.seed);
  const edges: Edge[] = [];
  const pulsesMs: number[] = [];
  const active = options.activeLevel;
  let atMs = options.startMs;
  for (let pulse = 0; pulse < options.pulses; pulse++) {
    pulsesMs.push(atMs);
    edges.push(...bouncingEdges(random, active, atMs, options.bounceMs));
    edges.push(...bouncingEdges(random, 1 - active, atMs + options.onMs, options.bounceMs));
    const spread = Math.floor(options.distanceMs / 10);
    const nextMs = atMs + Math.max(options.onMs + 30, options.distanceMs - spread + random.below(2 * spread + 1));
    const pauseMs = nextMs - atMs - options.onMs;
    if (pauseMs > 40 && random.chance(options.spikes)) {
      const spikeMs = atMs + options.onMs + 15 + random.below(pauseMs - 38);
      edges.push({ level: active, atMs: spikeMs });
      edges.push({ level: 1 - active, atMs: spikeMs + 1 + random.below(4) });
    }
    atMs = nextMs;
  }
  return { edges, pulsesMs, endMs: atMs };
}
