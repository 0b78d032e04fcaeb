/*
 * Puts the records of a batch where they belong: rows into their tables, facts beside them, the rest into quarantine.
 *
 * Input: a batch of one device, inside a transaction that holds the device's row. Output: what was refused and
 * what was left undecided; everything else is stored. Invariants: one record that the database refuses costs itself
 * alone; a sequence that was used by another record is refused; a fault of the surroundings is thrown on.
 */
import { onlyRow } from "../invariant";
import type { Batch, BatchRecord, FactRecord, SessionRecord } from "./batch";
import { TRIES_MAX, type TriesLeft, writeBisected } from "./bisect";
import { isoSeconds } from "./cell";
import { addUndated, dateRows, settleUndated } from "./dating";
import { writeFacts } from "./facts";
import { findSequenceConflicts, saveIdempotencyHashes, SEQUENCE_USED } from "./idempotency";
import { keepRefused, type Refusal } from "./quarantine";
import { joinResults, noResult, writeRows, type WriteResult } from "./row_writer";
import type { Queryable, Row } from "../database/database";
import { sightingOf, writeSighting } from "../devices/device_status";
import type { TableSchema } from "../tables/table_documents";
import { lockTables } from "../tables/table_store";

/** Writes the group; when a value is to blame, only the culprits are refused. */
async function writeGroup(queryable: Queryable, table: TableSchema, device: string, records: SessionRecord[], receivedAt: string, refusedStartSessions: Set<number>, left: TriesLeft): Promise<WriteResult & { undecided: SessionRecord[] }> {
  const result = noResult();
  const { refused, undecided } = await writeBisected(queryable, records, left, async (part) => {
    // A part that fails must leave no trace here either.
    const known = new Set(refusedStartSessions);
    joinResults(result, await writeRows(queryable, table, device, part, receivedAt, known));
    for (const session of known) refusedStartSessions.add(session);
  });
  for (const { item, reason } of refused) result.refused.push({ record: item, reason });
  return { ...result, undecided };
}

/** Says that the totals of these days no longer hold. */
async function touchDays(queryable: Queryable, device: string, table: number, days: Iterable<string>): Promise<void> {
  await queryable.query(
    `INSERT INTO exosphere.rollup AS old (device, table_id, day) SELECT $1, $2, d::date FROM unnest($3::text[]) AS d
       ON CONFLICT (device, table_id, day) DO UPDATE SET version = old.version + 1`, [device, table, [...new Set(days)].sort()]);
}

export interface Stored { refused: Refusal[]; undecided: Set<BatchRecord> }

/** Sorts records by where they go: refused at once, facts, rows by table. */
function sortRecords(records: BatchRecord[], conflicts: Set<BatchRecord>): { refused: Refusal[]; facts: FactRecord[]; groups: Map<number, SessionRecord[]> } {
  const refused: Refusal[] = [];
  const facts: FactRecord[] = [];
  const groups = new Map<number, SessionRecord[]>();
  for (const record of records) {
    if (conflicts.has(record)) refused.push({ record, reason: SEQUENCE_USED });
    else if (record.kind === "wrong") refused.push({ record, reason: record.reason });
    else if ("numbers" in record) facts.push(record);
    else {
      const group = groups.get(record.table);
      if (group === undefined) groups.set(record.table, [record]);
      else group.push(record);
    }
  }
  return { refused, facts, groups };
}

/** Writes all records; the caller holds the device's row. Refused records are in quarantine when this returns. */
export async function storeRecords(queryable: Queryable, device: string, batch: Batch, nowS: number): Promise<Stored> {
  const receivedAt = isoSeconds(nowS);
  const left: TriesLeft = { tries: TRIES_MAX };
  const conflicts = await findSequenceConflicts(queryable, device, batch.records);
  const { refused, facts, groups } = sortRecords(batch.records, conflicts);
  const tables = groups.size === 0 ? new Map<number, TableSchema>() : await lockTables(queryable, [...groups.keys()]);
  let known = await writeFacts(queryable, device, facts, receivedAt);
  const sighting = sightingOf(batch.status);
  if (sighting !== undefined && await writeSighting(queryable, device, sighting, nowS)) known = true;
  const days = new Map<number, Set<string>>();
  const boots = new Set<number>();
  const undecided = new Set<BatchRecord>();
  for (const [id, records] of groups) {
    const table = tables.get(id);
    if (table === undefined) {
      for (const record of records) refused.push({ record, reason: `table ${id} unknown` });
      continue;
    }
    const refusedStartSessions = new Set([...conflicts].filter((record) => record.kind === "start" && record.table === id).map((record) => (record as SessionRecord).session));
    const result = await writeGroup(queryable, table, device, records, receivedAt, refusedStartSessions, left);
    refused.push(...result.refused);
    for (const record of result.undecided) undecided.add(record);
    days.set(id, new Set(result.days));
    if (result.settled.length > 0) await settleUndated(queryable, device, id, result.settled);
    if (result.undated.length > 0) await addUndated(queryable, device, id, result.undated);
    for (const { boot } of result.undated) boots.add(boot);
  }
  await dateAndNote(queryable, device, known, boots, left, days);
  for (const [id, changed] of days) if (changed.size > 0) await touchDays(queryable, device, id, changed);
  if (refused.length > 0) await keepRefused(queryable, device, refused, receivedAt);
  const bad = new Set(refused.map(({ record }) => record));
  await saveIdempotencyHashes(queryable, device, batch.records.filter((record) => !bad.has(record) && !undecided.has(record)));
  return { refused, undecided };
}

/** Dates moments, adds their days to `days`, and remembers whether more are waiting. `known`: something new is known of the boots. */
async function dateAndNote(queryable: Queryable, device: string, known: boolean, boots: Set<number>, left: TriesLeft, days: Map<number, Set<string>>): Promise<void> {
  const row = onlyRow(await queryable.query<Row & { dating_open: boolean }>("SELECT dating_open FROM exosphere.device WHERE id = $1", [device]));
  const all = known || row.dating_open;
  if (!all && boots.size === 0) return;
  const dated = await dateRows(queryable, device, all ? undefined : [...boots], left);
  for (const [id, changed] of dated.days) days.set(id, new Set([...days.get(id) ?? [], ...changed]));
  if (dated.open !== row.dating_open) await queryable.query("UPDATE exosphere.device SET dating_open = $2 WHERE id = $1", [device, dated.open]);
}
