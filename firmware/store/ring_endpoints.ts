/*
 * The places of several endpoints in one ring.
 *
 * Input: a Ring for one or more endpoints. Output: another one's place in the ring's own fields; what is true of all of
 * them. Invariant: exactly one is selected, the places of the others are in `others`, each named by its number.
 */
import type { Ring } from "./ring_page";

/** From here on tail, pending and states are those of another endpoint. */
export function selectEndpoint(ring: Ring, endpoint: number): void {
  if (endpoint === ring.endpoint) return;
  for (let index = 0; index < ring.others.length; index++) {
    const place = ring.others[index]!;
    if (place.endpoint === endpoint) {
      ring.others[index] = { endpoint: ring.endpoint, tail: ring.tail, tailOffset: ring.tailOffset, tailIndex: ring.tailIndex, pending: ring.pending };
      ring.tail = place.tail;
      ring.tailOffset = place.tailOffset;
      ring.tailIndex = place.tailIndex;
      ring.pending = place.pending;
      ring.endpoint = endpoint;
      ring.statesOf = -1;
    }
  }
}

/** Records that wait for the endpoint which lags most. */
export function waitingRecords(ring: Ring): number {
  let most = ring.pending;
  for (let index = 0; index < ring.others.length; index++) if (ring.others[index]!.pending > most) most = ring.others[index]!.pending;
  return most;
}

/** Pages from the oldest with a pending record, for any endpoint, to the newest; 0 when none is pending. */
export function neededPages(ring: Ring): number {
  let tail = ring.pending > 0 ? ring.tail : ring.head + 1;
  for (let index = 0; index < ring.others.length; index++) {
    const place = ring.others[index]!;
    if (place.pending > 0 && place.tail < tail) tail = place.tail;
  }
  return ring.head + 1 - tail;
}
