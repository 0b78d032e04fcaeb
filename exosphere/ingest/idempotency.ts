/*
 * Idempotency hashes: they tell a repeated record from a different one under a used sequence.
 *
 * Input: records of one device, inside the batch's transaction and under the device's lock. Output: the
 * records whose sequence another record has used. Invariants: a byte-identical repeat is no conflict; a hash
 * commits together with its record, so a refused record reserves no sequence.
 */
import { hash } from "node:crypto";
import type { BatchRecord } from "./batch";
import type { Queryable, Row } from "../database/database";

export const SEQUENCE_USED = "sequence used by another row";

/** The reason of a half of a session whose number another session of the device has. */
export function sessionUsed(session: number, half: "start" | "end", sequence: number | null): string {
  return `session ${session} has its ${half} from row ${sequence}`;
}

/** Whether a row was refused because a number of it is another one's. */
export function isNumberUsed(reason: string): boolean {
  return reason === SEQUENCE_USED || /^session \d+ has /.test(reason);
}

/** 48 bits, so that the number is exact in JavaScript, JSON and bigint; not against forgery, which the signature stops. */
const CONTENT_BYTES = 6;

export function hashOf(record: BatchRecord): number {
  return hash("sha256", record.bytes, "buffer").readUIntBE(0, CONTENT_BYTES);
}

/** The records whose sequence another record of this device has used already. */
export async function findSequenceConflicts(queryable: Queryable, device: string, records: BatchRecord[]): Promise<Set<BatchRecord>> {
  if (records.length === 0) return new Set();
  const rows = await queryable.query<Row & { sequence: number; content: number }>(
    "SELECT sequence, content FROM exosphere.record_content WHERE device = $1 AND sequence = ANY($2::bigint[])", [device, records.map(({ sequence }) => sequence)]);
  const known = new Map(rows.map(({ sequence, content }) => [sequence, content]));
  return new Set(records.filter((record) => known.has(record.sequence) && known.get(record.sequence) !== hashOf(record)));
}

/** Saves the hash of each record; hashes that exist stay. */
export async function saveIdempotencyHashes(queryable: Queryable, device: string, records: BatchRecord[]): Promise<void> {
  if (records.length === 0) return;
  await queryable.query(
    `INSERT INTO exosphere.record_content (device, sequence, content)
       SELECT $1, r.s, r.c FROM json_to_recordset($2::json) AS r(s bigint, c bigint) ON CONFLICT DO NOTHING`,
    [device, JSON.stringify(records.map((record) => ({ s: record.sequence, c: hashOf(record) })))]);
}

/**
 * Of these sessions of a table those whose start was refused because its number is another one's: an end of
 * such a session belongs to that refused start, and must not complete the session that is in the table.
 */
export async function findRefusedStarts(queryable: Queryable, device: string, table: number, sessions: number[]): Promise<Set<number>> {
  if (sessions.length === 0) return new Set();
  const rows = await queryable.query<Row & { session: number }>(
    `SELECT DISTINCT session FROM exosphere.quarantine WHERE device = $1 AND table_id = $2 AND kind = 'start' AND session = ANY($3::bigint[])
        AND (reason = $4 OR reason LIKE 'session % has %')`, [device, table, sessions, SEQUENCE_USED]);
  return new Set(rows.map(({ session }) => session));
}

/** Results of an earlier upload of exactly these records; a record that is no longer known is in neither list. */
export async function findOutcomes(queryable: Queryable, device: string, records: BatchRecord[]): Promise<{ acknowledged: number[]; refused: [number, string][] }> {
  if (records.length === 0) return { acknowledged: [], refused: [] };
  const sequences = records.map(({ sequence }) => sequence);
  const stored = await queryable.query<Row & { sequence: number; content: number }>(
    "SELECT sequence, content FROM exosphere.record_content WHERE device = $1 AND sequence = ANY($2::bigint[])", [device, sequences]);
  const quarantined = await queryable.query<Row & { sequence: number; item_hex: string; reason: string }>(
    "SELECT sequence, item_hex, reason FROM exosphere.quarantine WHERE device = $1 AND sequence = ANY($2::bigint[])", [device, sequences]);
  const hashes = new Map(stored.map(({ sequence, content }) => [sequence, content]));
  const reasons = new Map(quarantined.map((row) => [`${row.sequence} ${row.item_hex}`, row.reason]));
  const acknowledged: number[] = [];
  const refused: [number, string][] = [];
  for (const record of records) {
    const reason = reasons.get(`${record.sequence} ${Buffer.from(record.bytes).toString("hex")}`);
    if (hashes.get(record.sequence) === hashOf(record)) acknowledged.push(record.sequence);
    else if (reason !== undefined) refused.push([record.sequence, reason]);
  }
  return { acknowledged, refused };
}
