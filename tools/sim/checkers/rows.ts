/*
 * The content of a world's database at its end, by plain SQL.
 *
 * Input: the database. Output: rows and facts of each device, and a hash of all of it. Invariant: the hash covers what a
 * user or the endpoint can read later; what differs from run to run, such as the key of a device, is not in it.
 */
import { createHash } from "node:crypto";
import type { Queryable, Row } from "../../../exosphere/database/database";
import { TABLE_NAME } from "../network/endpoint";

export interface SimRow extends Row {
  session: number;
  start_sequence: number | null;
  end_sequence: number | null;
  start_s: number | null;
  end_s: number | null;
  user: string | null;
  card: string | null;
  energy_wh: number | null;
  duration_s: number | null;
  cost_minor: number | null;
  reason: string | null;
  clock: string | null;
  /** The endpoint's own column of the same. */
  row_clock: string | null;
  meter_start: number | null;
  meter_end: number | null;
}

export interface Facts {
  rows: SimRow[];
  /** Rows that boards reported as lost, and as dropped. */
  lost: number;
  dropped: number;
  quarantined: number;
  clockFacts: number;
  /** Of each row that is not dated for certain: bounds by session and column. */
  undated: Map<string, [number | null, number | null]>;
  lastSequence: number;
  hash: string;
}

const ROWS = `SELECT _session AS session, _start_sequence AS start_sequence, _end_sequence AS end_sequence, extract(epoch FROM "start")::bigint AS start_s, extract(epoch FROM "end")::bigint AS end_s,
  "user", card, energy_wh, duration_s, (cost * 100)::bigint AS cost_minor, reason, clock, _clock AS row_clock, meter_start, meter_end FROM public.${TABLE_NAME} WHERE _device = $1 ORDER BY _session`;

interface Counts extends Row { lost: number; dropped: number; quarantined: number; facts: unknown[] | null; last_sequence: number }

export async function readFacts(database: Queryable, device: string): Promise<Facts> {
  const rows = await database.query<SimRow>(ROWS, [device]);
  const [counts] = await database.query<Counts>(
    `SELECT (SELECT COALESCE(sum(row_count), 0)::bigint FROM exosphere.loss WHERE device = $1) AS lost, (SELECT COALESCE(sum(row_count), 0)::bigint FROM exosphere.gap WHERE device = $1) AS dropped,
            (SELECT count(*)::bigint FROM exosphere.quarantine WHERE device = $1) AS quarantined,
            (SELECT json_agg(json_build_array(sequence, boot, uptime_s, epoch_s) ORDER BY sequence) FROM exosphere.clock_fact WHERE device = $1) AS facts,
            (SELECT last_sequence FROM exosphere.device WHERE id = $1) AS last_sequence`, [device]);
  const undated = await database.query<Row & { row_key: number; column_id: number; not_before: number | null; not_after: number | null }>(
    "SELECT row_key, column_id, not_before, not_after FROM exosphere.undated WHERE device = $1 ORDER BY row_key, column_id", [device]);
  const hash = createHash("sha256").update(JSON.stringify([rows.map((row) => Object.values(row)), counts, undated])).digest("hex");
  return {
    rows, lost: counts!.lost, dropped: counts!.dropped, quarantined: counts!.quarantined, clockFacts: counts!.facts?.length ?? 0, lastSequence: counts!.last_sequence, hash,
    undated: new Map(undated.map(({ row_key: key, column_id: column, not_before: before, not_after: after }) => [`${String(key)}/${String(column)}`, [before, after]])),
  };
}
