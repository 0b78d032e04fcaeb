/*
 * A row's bytes: the CBOR array that is stored in the ring and sent, unchanged, to the endpoint.
 *
 * Input: the connector's event and its cells, already encoded one by one. Output: the payload for
 * ring.append. Invariant: [kind, sequence, table, session, {column id: cell, …}] for sessions and events;
 * the other kinds as docs/PROTOCOL.md lists them. Cells keep the content's own type; datatypes are the
 * database's business.
 */
import type { Bytes } from "../../hal/ports";
import { CBOR_ARRAY, CBOR_MAP, CBOR_TAG, cborHead, cborInteger } from "../base/cbor";
import { TAG_EPOCH, TAG_UPTIME } from "../protocol";

/**
 * A moment as it can be known: `epochS` is UTC seconds, or 0 while this start of the program has no time;
 * boot and uptime always hold, so that the moment can be dated later.
 * @packed
 */
export interface Moment {
  epochS: number;
  boot: number;
  uptimeS: number;
}

export function copyMoment(from: Moment, to: Moment): void {
  to.epochS = from.epochS;
  to.boot = from.boot;
  to.uptimeS = from.uptimeS;
}

/** A datetime cell. */
export function momentCell(moment: Moment): Bytes {
  if (moment.epochS > 0) return cborHead(CBOR_TAG, TAG_EPOCH) + cborInteger(moment.epochS);
  return cborHead(CBOR_TAG, TAG_UPTIME) + cborHead(CBOR_ARRAY, 2) + cborInteger(moment.boot) + cborInteger(moment.uptimeS);
}

/** A session or event row; `cells` is `cellCount` pairs of column id and cell, one after the other. */
export function sessionRow(kind: number, sequence: number, table: number, session: number, cellCount: number, cells: Bytes): Bytes {
  return cborHead(CBOR_ARRAY, 5) + cborInteger(kind) + cborInteger(sequence) + cborInteger(table) + cborInteger(session) +
    cborHead(CBOR_MAP, cellCount) + cells;
}

/** A record of whole numbers only: clock facts, losses and gaps. */
export function factRow(kind: number, sequence: number, first: number, second: number, third: number): Bytes {
  return cborHead(CBOR_ARRAY, 5) + cborInteger(kind) + cborInteger(sequence) + cborInteger(first) + cborInteger(second) + cborInteger(third);
}
