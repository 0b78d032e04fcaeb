/*
 * Records that no table could take, byte for byte, with the reason.
 *
 * Input: refused records of one device, inside the batch's transaction. Output: rows of exosphere.quarantine.
 * Invariants: any record of a device can be kept here, because no key, no text and no number of it has a limit
 * that a record of one upload could exceed; the same record is kept once, with the reason of the last try.
 */
import { createHash } from "node:crypto";
import type { Queryable, Row } from "../database/database";
import { storableText } from "../database/storable";
import type { BatchRecord } from "./batch";

export interface Refusal { record: BatchRecord; reason: string }

/** Characters of a reason that is kept. Longer than any reason of ours; the database quotes the value that it refuses, which may be long. */
export const KEPT_REASON_MAX = 500;

export async function keepRefused(queryable: Queryable, device: string, refused: Refusal[], receivedAt: string): Promise<void> {
  const document = refused.map(({ record, reason }) => ({
    s: record.sequence, item: Buffer.from(record.bytes).toString("hex"), digest: createHash("sha256").update(record.bytes).digest("hex"), reason: storableText(reason, KEPT_REASON_MAX),
    ..."cells" in record ? { kind: record.kind, table: record.table, session: record.session } : {},
  }));
  await queryable.query(
    `INSERT INTO exosphere.quarantine (device, sequence, digest, item_hex, reason, received_at, kind, table_id, session)
       SELECT $1, r.s, decode(r.digest, 'hex'), r.item, r.reason, $3::timestamptz, r.kind, r."table", r.session
         FROM json_to_recordset($2::json) AS r(s bigint, digest text, item text, reason text, kind text, "table" integer, session bigint)
       ON CONFLICT (device, sequence, digest) DO UPDATE SET reason = excluded.reason`,
    [device, JSON.stringify(document), receivedAt]);
}

type Kept = Row & { sequence: number; item_hex: string };

/** At most `limit` records from `from` on, one for each sequence: the oldest of it. */
export function takeRefused(queryable: Queryable, device: string, from: number, limit: number): Promise<Kept[]> {
  return queryable.query<Kept>(
    `WITH taken AS (SELECT DISTINCT ON (sequence) sequence, digest, item_hex FROM exosphere.quarantine WHERE device = $1 AND sequence >= $2 ORDER BY sequence, received_at, digest LIMIT $3)
     DELETE FROM exosphere.quarantine q USING taken t WHERE q.device = $1 AND q.sequence = t.sequence AND q.digest = t.digest RETURNING q.sequence, q.item_hex`,
    [device, from, limit]);
}
