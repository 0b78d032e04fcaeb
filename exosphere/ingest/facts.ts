/*
 * A device's reports beside its rows: clock facts, losses, gaps.
 *
 * Input: records of a batch, inside its transaction. Output: rows of the endpoint's own tables. Invariant: each
 * record is there once; all numbers are whole and below 2^31 (batch.ts), which every column holds.
 */
import type { Queryable } from "../database/database";
import type { FactRecord } from "./batch";

const SOURCE = "FROM json_to_recordset($2::json) AS r(s bigint, a integer, b integer, c integer)";

const FACT_SQL: Record<FactRecord["kind"], string> = {
  clock: `INSERT INTO exosphere.clock_fact (device, sequence, boot, uptime_s, epoch_s) SELECT $1, r.s, r.a, r.b, r.c ${SOURCE}`,
  loss: `INSERT INTO exosphere.loss (device, sequence, row_count, first, reason, received_at) SELECT $1, r.s, r.a, r.b, r.c, $3::timestamptz ${SOURCE}`,
  gap: `INSERT INTO exosphere.gap (device, sequence, first_sequence, last_sequence, row_count, received_at) SELECT $1, r.s, r.a, r.b, r.c, $3::timestamptz ${SOURCE}`,
};

/** True when a clock fact was new: moments may be dated now. */
export async function writeFacts(queryable: Queryable, device: string, records: FactRecord[], receivedAt: string): Promise<boolean> {
  let clock = false;
  for (const kind of ["clock", "loss", "gap"] as const) {
    const facts = records.filter((record) => record.kind === kind);
    if (facts.length === 0) continue;
    const document = JSON.stringify(facts.map(({ sequence, numbers: [a, b, c] }) => ({ s: sequence, a, b, c })));
    const rows = await queryable.query(`${FACT_SQL[kind]} ON CONFLICT DO NOTHING RETURNING sequence`, kind === "clock" ? [device, document] : [device, document, receivedAt]);
    clock ||= kind === "clock" && rows.length > 0;
  }
  return clock;
}
