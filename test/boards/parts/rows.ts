/*
 * Rows of the ring as values, for every board of the tests.
 *
 * Input: payloads as the firmware wrote them (CBOR, docs/PROTOCOL.md). Output: decoded rows. Invariant: a time keeps its
 * kind: seconds of the calendar and seconds since a start are different records.
 */
import { decode } from "cborg";
import type { Bytes } from "../../../hal/ports";

/** A decoded row: [kind, sequence, table, session, cells]. */
export interface Row {
  kind: number;
  sequence: number;
  table: number;
  session: number;
  cells: Map<number, unknown>;
}

const TAGS = { 1: (read: () => unknown) => ({ epochS: read() }), 40100: (read: () => unknown) => ({ bootUptime: read() }) };
const PLAIN_TAGS = { 1: (read: () => unknown) => read(), 40100: (read: () => unknown) => read() };

export function rowOf(payload: Bytes): Row {
  const [kind, sequence, table, session, cells] = decode(Buffer.from(payload, "latin1"), { useMaps: true, tags: TAGS }) as [number, number, number, number, Map<number, unknown>];
  return { kind, sequence, table, session, cells };
}

/** The row as the list that it is, its times as numbers. */
export function plainRow(payload: Bytes): unknown[] {
  return decode(Buffer.from(payload, "latin1"), { useMaps: true, tags: PLAIN_TAGS }) as unknown[];
}
