/*
 * Dates the moments that a device knew only as boot and uptime (docs/PROTOCOL.md, "Dating").
 *
 * Input: undated moments, clock facts and sightings of one device, inside the batch's transaction. Output:
 * filled columns. Invariants: a moment dated by a fact of its own boot is final; an estimate keeps its
 * bounds and is made again when anything new is known; nothing here reads a clock.
 */
import { isoSeconds } from "./cell";
import { type Queryable, quoteIdentifier } from "../database/database";
import { keyColumn, type TableSchema, timeColumn } from "../tables/table";
import { findTable } from "../tables/table_store";
import type { UndatedMoment } from "./row_writer";

interface Known { [name: string]: unknown; boot: number; uptime_s: number; epoch_s: number }
interface UndatedRow { [name: string]: unknown; table_id: number; row_key: number; column_id: number; boot: number; uptime_s: number }
export interface Dated { epochS: number; quality: "backfilled" | "estimated"; notBefore: number | null; notAfter: number | null }

/**
 * The moment `uptimeS` of `boot`. `facts` are the device's own, `seen` the endpoint's upper bounds;
 * undefined when nothing at all is known, not even when the device was heard.
 */
export function dateMoment(boot: number, uptimeS: number, facts: Known[], seen: Known[]): Dated | undefined {
  let own: Known | undefined;
  let notBefore: number | null = null;
  let notAfter: number | null = null;
  for (const fact of facts) {
    if (fact.boot === boot && (own === undefined || Math.abs(fact.uptime_s - uptimeS) < Math.abs(own.uptime_s - uptimeS))) own = fact;
    // An earlier boot was still running at its last fact, and this one began later.
    if (fact.boot < boot) notBefore = Math.max(notBefore ?? 0, fact.epoch_s + uptimeS);
  }
  if (own !== undefined) return { epochS: own.epoch_s + uptimeS - own.uptime_s, quality: "backfilled", notBefore: null, notAfter: null };
  let tight = false;
  for (const known of [...facts, ...seen]) {
    if (known.boot < boot) continue;
    // A later boot began after this moment; a sighting of this boot is off only by the way of the message.
    const bound = known.boot === boot ? known.epoch_s + uptimeS - known.uptime_s : known.epoch_s - known.uptime_s;
    if (notAfter === null || bound < notAfter) {
      notAfter = bound;
      tight = known.boot === boot;
    }
  }
  if (notAfter === null) return undefined;
  if (notBefore !== null && notBefore > notAfter) notBefore = notAfter;
  const epochS = tight || notBefore === null ? notAfter : Math.floor((notBefore + notAfter) / 2);
  return { epochS, quality: "estimated", notBefore, notAfter };
}

export async function addUndated(queryable: Queryable, device: string, table: number, moments: UndatedMoment[]): Promise<void> {
  await queryable.query(
    `INSERT INTO exosphere.undated (device, table_id, row_key, column_id, boot, uptime_s)
       SELECT $1, $2, r.key, r."column", r.boot, r."uptimeS" FROM json_to_recordset($3::json) AS r(key bigint, "column" integer, boot integer, "uptimeS" integer)
       ON CONFLICT (device, table_id, row_key, column_id) DO UPDATE SET boot = excluded.boot, uptime_s = excluded.uptime_s`,
    [device, table, JSON.stringify(moments)]);
}

/** Forgets moments whose column an end has filled since. */
export async function settleUndated(queryable: Queryable, device: string, table: number, cells: { key: number; column: number }[]): Promise<void> {
  await queryable.query(
    `DELETE FROM exosphere.undated u USING json_to_recordset($3::json) AS r(key bigint, "column" integer)
      WHERE u.device = $1 AND u.table_id = $2 AND u.row_key = r.key AND u.column_id = r."column"`,
    [device, table, JSON.stringify(cells)]);
}

async function writeColumn(queryable: Queryable, table: TableSchema, device: string, column: number, dated: { key: number; value: Dated }[]): Promise<string[]> {
  const target = table.columns.find((candidate) => candidate.id === column)!;
  const isTime = timeColumn(table)?.id === column;
  const value = target.content === "session.clock" ? "r.quality" : target.type === "datetime" ? "r.at" : "r.text";
  const document = dated.map(({ key, value: { epochS, quality } }) => ({ key, quality, at: isoSeconds(epochS), text: isoSeconds(epochS) }));
  // The days before and after: both totals change when a row moves.
  const rows = await queryable.query<{ before: string; after: string }>(
    `UPDATE public.${quoteIdentifier(table.name)} t SET ${quoteIdentifier(target.name)} = ${value}${isTime ? ", _at = r.at" : ""}
       FROM json_to_recordset($2::json) AS r(key bigint, quality text, at timestamptz, text text),
            (SELECT _device, ${keyColumn(table)} AS key, _at FROM public.${quoteIdentifier(table.name)}) old
      WHERE t._device = $1 AND t.${keyColumn(table)} = r.key AND old._device = $1 AND old.key = r.key
      RETURNING (old._at AT TIME ZONE $3)::date::text AS before, (t._at AT TIME ZONE $3)::date::text AS after`,
    [device, JSON.stringify(document), table.timeZone]);
  return rows.flatMap((row) => [row.before, row.after]);
}

/** Dates what can be dated; returns the days whose totals changed, by table id. */
export async function dateRows(queryable: Queryable, device: string): Promise<Map<number, Set<string>>> {
  const days = new Map<number, Set<string>>();
  const undated = await queryable.query<UndatedRow>("SELECT table_id, row_key, column_id, boot, uptime_s FROM exosphere.undated WHERE device = $1", [device]);
  if (undated.length === 0) return days;
  const facts = await queryable.query<Known>("SELECT boot, uptime_s, epoch_s FROM exosphere.clock_fact WHERE device = $1", [device]);
  const seen = await queryable.query<Known>("SELECT boot, uptime_s, epoch_s FROM exosphere.boot_seen WHERE device = $1", [device]);
  const groups = new Map<string, { row: UndatedRow; value: Dated }[]>();
  for (const row of undated) {
    const value = dateMoment(row.boot, row.uptime_s, facts, seen);
    if (value === undefined) continue;
    const group = `${row.table_id}.${row.column_id}`;
    groups.set(group, [...(groups.get(group) ?? []), { row, value }]);
  }
  for (const entries of groups.values()) {
    const { table_id: id, column_id: column } = entries[0]!.row;
    const changed = await writeColumn(queryable, await findTable(queryable, id), device, column, entries.map(({ row, value }) => ({ key: row.row_key, value })));
    days.set(id, new Set([...(days.get(id) ?? []), ...changed]));
    const final = entries.filter(({ value }) => value.quality === "backfilled").map(({ row }) => ({ key: row.row_key, column }));
    if (final.length > 0) await settleUndated(queryable, device, id, final);
    const bounds = entries.filter(({ value }) => value.quality === "estimated").map(({ row, value }) => ({ key: row.row_key, before: value.notBefore, after: value.notAfter }));
    if (bounds.length === 0) continue;
    await queryable.query(
      `UPDATE exosphere.undated u SET not_before = r.before, not_after = r.after FROM json_to_recordset($4::json) AS r(key bigint, before integer, after integer)
        WHERE u.device = $1 AND u.table_id = $2 AND u.column_id = $3 AND u.row_key = r.key`, [device, id, column, JSON.stringify(bounds)]);
  }
  return days;
}
