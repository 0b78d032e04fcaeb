/*
 * The moment of a boot and an uptime, from what is known of the device's boots (docs/PROTOCOL.md, "Dating").
 *
 * Input: what is known. Output: a moment, or bounds. Invariant: pure; nothing here reads a clock.
 */

/** At `uptimeS` of its boot it was `epochS`. */
export interface Known { uptimeS: number; epochS: number }

/** Bounds of the moments of one boot; null where nothing is known. All in UTC seconds. */
export interface BootBounds {
  /** Clock facts of this very boot: with one, its moments are known. */
  facts: Known[];
  /** The last known moment of the boots before. */
  beforeS: number | null;
  /** Not later than this plus the uptime: when the endpoint heard this boot. */
  sightedStartS: number | null;
  /** Not later than this: the start of the next boot that is known. */
  nextStartS: number | null;
}

export interface Dated { epochS: number; quality: "backfilled" | "estimated"; notBefore: number | null; notAfter: number | null }

/** The moment `uptimeS` of a boot; undefined when nothing at all is known, not even when the device was heard. */
export function dateMoment(uptimeS: number, { facts, beforeS, sightedStartS, nextStartS }: BootBounds): Dated | undefined {
  let own: Known | undefined;
  for (const fact of facts) if (own === undefined || Math.abs(fact.uptimeS - uptimeS) < Math.abs(own.uptimeS - uptimeS)) own = fact;
  if (own !== undefined) return { epochS: own.epochS + uptimeS - own.uptimeS, quality: "backfilled", notBefore: null, notAfter: null };
  // A sighting of this boot is off only by the way of the message; a later boot began at any time after this moment.
  const sighted = sightedStartS === null ? Infinity : sightedStartS + uptimeS;
  const notAfter = Math.min(sighted, nextStartS ?? Infinity);
  if (notAfter === Infinity) return undefined;
  // An earlier boot was still running at its last fact, and this one began later.
  const notBefore = beforeS === null ? null : Math.min(beforeS + uptimeS, notAfter);
  const epochS = sighted === notAfter || notBefore === null ? notAfter : Math.floor((notBefore + notAfter) / 2);
  return { epochS, quality: "estimated", notBefore, notAfter };
}
