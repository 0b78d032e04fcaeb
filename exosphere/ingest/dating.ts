/*
 * Dates the moments that a device knew only as boot and uptime (docs/PROTOCOL.md, "Dating").
 *
 * Input: undated moments, clock facts and sightings of one device, inside the batch's transaction. Output:
 * filled columns. Invariants: a moment dated by a fact of its own boot is final; an estimate keeps its bounds, and
 * is made again when they change; a moment that its table does not take costs itself alone; one call writes
 * MOMENTS_MAX moments at most and says when some are left.
 */
import { present } from "../invariant";
import { isoSeconds } from "./cell";
import { type TriesLeft, writeBisected } from "./bisect";
import { KEPT_REASON_MAX } from "./quarantine";
import { type Queryable, quoteIdentifier, type Row } from "../database/database";
import { storableText } from "../database/storable";
import { type BootBounds, type Dated, dateMoment, type Known } from "./moment";
import { cellColumns, keyColumn, timeColumn } from "../tables/table";
import type { TableSchema } from "../tables/table_documents";
import { findTable } from "../tables/table_store";
import type { UndatedMoment } from "./row_writer";

const MOMENTS_MAX = 4096;

interface UndatedRow extends Row { table_id: number; row_key: number; column_id: number; boot: number; uptime_s: number }
interface Entry { key: number; value: Dated }
export interface DatingResult {
  /** Days whose totals changed, by table id. */
  days: Map<number, Set<string>>;
  /** Some moments wait for the next call. */
  open: boolean;
}

export async function addUndated(queryable: Queryable, device: string, table: number, moments: UndatedMoment[]): Promise<void> {
  await queryable.query(
    `INSERT INTO exosphere.undated (device, table_id, row_key, column_id, boot, uptime_s)
       SELECT $1, $2, r.key, r."column", r.boot, r."uptimeS" FROM json_to_recordset($3::json) AS r(key bigint, "column" integer, boot integer, "uptimeS" integer)
       ON CONFLICT (device, table_id, row_key, column_id) DO UPDATE SET boot = excluded.boot, uptime_s = excluded.uptime_s, not_before = NULL, not_after = NULL, refused = NULL`,
    [device, table, JSON.stringify(moments)]);
}

/** Forgets moments whose column an end has filled since, or that are final. */
export async function settleUndated(queryable: Queryable, device: string, table: number, cells: { key: number; column: number }[]): Promise<void> {
  await queryable.query(
    `DELETE FROM exosphere.undated u USING json_to_recordset($3::json) AS r(key bigint, "column" integer)
      WHERE u.device = $1 AND u.table_id = $2 AND u.row_key = r.key AND u.column_id = r."column"`,
    [device, table, JSON.stringify(cells)]);
}

async function writeColumn(queryable: Queryable, table: TableSchema, device: string, column: number, dated: Entry[]): Promise<string[]> {
  const target = present(cellColumns(table).find((candidate) => candidate.id === column), "columns are never removed");
  const isTime = timeColumn(table)?.id === column;
  const value = target.content === "session.clock" ? "r.quality" : target.type === "datetime" ? "r.at" : "r.text";
  const document = dated.map(({ key, value: { epochS, quality } }) => ({ key, quality, at: isoSeconds(epochS), text: isoSeconds(epochS) }));
  // The days before and after: both totals change when a row moves.
  const rows = await queryable.query<{ before: string; after: string }>(
    `WITH changed AS (UPDATE public.${quoteIdentifier(table.name)} t SET ${quoteIdentifier(target.name)} = ${value}${isTime ? ", _at = r.at" : ""}
       FROM json_to_recordset($2::json) AS r(key bigint, quality text, at timestamptz, text text),
            (SELECT _device, ${keyColumn(table)} AS key, _at FROM public.${quoteIdentifier(table.name)}) old
      WHERE t._device = $1 AND t.${keyColumn(table)} = r.key AND old._device = $1 AND old.key = r.key
      RETURNING (old._at AT TIME ZONE $3)::date AS before, (t._at AT TIME ZONE $3)::date AS after)
     SELECT DISTINCT before::text, after::text FROM changed`,
    [device, JSON.stringify(document), table.timeZone]);
  return rows.flatMap((row) => [row.before, row.after]);
}

/** Bounds of the boots in which moments are undated; `boots` undefined: all of them. */
async function boundsOf(queryable: Queryable, device: string, boots: number[] | undefined): Promise<Map<number, BootBounds>> {
  const wanted = boots === undefined ? "SELECT DISTINCT boot FROM exosphere.undated WHERE device = $1" : "SELECT DISTINCT unnest($2::integer[]) AS boot";
  // Running extremes along the boots, so that the work grows with what is known, not with its square.
  const rows = await queryable.query<Row & { boot: number; facts: [number, number][] | null; before: number | null; sighted: number | null; next: number | null }>(
    `WITH wanted AS (${wanted}),
          marks AS (SELECT boot, max(epoch_s)::bigint AS latest, min(epoch_s::bigint - uptime_s) AS start, NULL::bigint AS sighted FROM exosphere.clock_fact WHERE device = $1 GROUP BY boot
                    UNION ALL SELECT boot, NULL, epoch_s::bigint - uptime_s, epoch_s::bigint - uptime_s FROM exosphere.boot_seen WHERE device = $1
                    UNION ALL SELECT boot, NULL, NULL, NULL FROM wanted),
          boots AS (SELECT boot, max(latest) AS latest, min(start) AS start, min(sighted) AS sighted FROM marks GROUP BY boot),
          lined AS (SELECT boot, sighted, max(latest) OVER (ORDER BY boot ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
                           min(start) OVER (ORDER BY boot DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next FROM boots)
     SELECT boot, (SELECT json_agg(json_build_array(f.uptime_s, f.epoch_s) ORDER BY f.sequence) FROM exosphere.clock_fact f WHERE f.device = $1 AND f.boot = lined.boot) AS facts, before, sighted, next
       FROM lined JOIN wanted USING (boot)`, boots === undefined ? [device] : [device, boots]);
  return new Map(rows.map(({ boot, facts, before, sighted, next }) => [boot, {
    facts: (facts ?? []).map(([uptimeS, epochS]): Known => ({ uptimeS, epochS })), beforeS: before, sightedStartS: sighted, nextStartS: next,
  }]));
}

/** Moments whose bounds are not those that hold now; `fresh`: among those of which nothing is known yet. */
function findStale(queryable: Queryable, device: string, bounds: Map<number, BootBounds>, fresh: boolean): Promise<UndatedRow[]> {
  const document = [...bounds].map(([boot, { facts, beforeS, sightedStartS, nextStartS }]) => ({ boot, known: facts.length > 0, before: beforeS, sighted: sightedStartS, next: nextStartS }));
  return queryable.query<UndatedRow>(
    `SELECT u.table_id, u.row_key, u.column_id, u.boot, u.uptime_s
       FROM exosphere.undated u JOIN json_to_recordset($2::json) AS b(boot integer, known boolean, before bigint, sighted bigint, next bigint) ON b.boot = u.boot
            CROSS JOIN LATERAL (SELECT LEAST(b.sighted + u.uptime_s, b.next) AS not_after) x
      WHERE u.device = $1 AND ${fresh ? "u.not_after IS NULL AND" : ""} (b.known AND u.refused IS NULL
         OR NOT b.known AND x.not_after IS NOT NULL AND (u.not_after IS DISTINCT FROM x.not_after
            OR u.not_before IS DISTINCT FROM CASE WHEN b.before IS NOT NULL THEN LEAST(b.before + u.uptime_s, x.not_after) END))
      LIMIT ${MOMENTS_MAX}`, [device, JSON.stringify(document)]);
}

async function noteBounds(queryable: Queryable, device: string, table: number, column: number, entries: Entry[], refused: Map<number, string>): Promise<void> {
  if (entries.length === 0) return;
  await queryable.query(
    `UPDATE exosphere.undated u SET not_before = r.before, not_after = r.after, refused = r.refused
       FROM json_to_recordset($4::json) AS r(key bigint, before bigint, after bigint, refused text)
      WHERE u.device = $1 AND u.table_id = $2 AND u.column_id = $3 AND u.row_key = r.key`,
    [device, table, column, JSON.stringify(entries.map(({ key, value }) => ({ key, before: value.notBefore, after: value.notAfter, refused: refused.get(key) ?? null })))]);
}

/** Dates what can be dated: in `boots`, among moments that are new; or, undefined, all whose bounds changed. */
export async function dateRows(queryable: Queryable, device: string, boots: number[] | undefined, left: TriesLeft): Promise<DatingResult> {
  const days = new Map<number, Set<string>>();
  const bounds = await boundsOf(queryable, device, boots);
  if (bounds.size === 0) return { days, open: false };
  const stale = await findStale(queryable, device, bounds, boots !== undefined);
  const groups = new Map<string, { table: number; column: number; entries: Entry[] }>();
  for (const { table_id: table, column_id: column, row_key: key, boot, uptime_s: uptimeS } of stale) {
    const value = dateMoment(uptimeS, present(bounds.get(boot), "only moments of boots with bounds are read"));
    if (value === undefined) continue;
    const name = `${table}.${column}`;
    const group = groups.get(name) ?? { table, column, entries: [] };
    group.entries.push({ key, value });
    groups.set(name, group);
  }
  for (const { table: id, column, entries } of groups.values()) {
    const table = await findTable(queryable, id);
    const changed = days.get(id) ?? new Set<string>();
    days.set(id, changed);
    const { refused, undecided } = await writeBisected(queryable, entries, left, async (part) => {
      for (const day of await writeColumn(queryable, table, device, column, part)) changed.add(day);
    });
    const reasons = new Map(refused.map(({ item, reason }) => [item.key, storableText(reason, KEPT_REASON_MAX)]));
    const waiting = new Set(undecided);
    const done = entries.filter((entry) => !waiting.has(entry));
    const isFinal = ({ key, value }: Entry): boolean => value.quality === "backfilled" && !reasons.has(key);
    const final = done.filter(isFinal).map(({ key }) => ({ key, column }));
    if (final.length > 0) await settleUndated(queryable, device, id, final);
    await noteBounds(queryable, device, id, column, done.filter((entry) => !isFinal(entry)), reasons);
  }
  return { days, open: stale.length === MOMENTS_MAX || left.tries <= 0 };
}
