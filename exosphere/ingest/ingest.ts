/*
 * One upload, in one transaction: rows into their tables, facts beside them, the answer from the result.
 *
 * Input: an authenticated device, its nonce, a batch. Output: what is in the database when this returns.
 * Invariants: everything or nothing of a batch is stored; what is acknowledged is committed; a repeated
 * batch changes nothing; one record that the database refuses costs itself alone; a sequence that was used
 * by another record is refused, never acknowledged as if it were that one.
 */
import { writeAudit } from "../accounts/audit";
import { type Batch, type BatchRecord, type FactRecord, readBatch, type SessionRecord } from "./batch";
import type { Database, Queryable, Row } from "../database/database";
import { addUndated, dateRows, settleUndated } from "./dating";
import type { KeyRecord } from "../devices/device_store";
import { sightingOf, writeSighting, writeStatus } from "../devices/device_status";
import { findOutcomes, findSequenceConflicts, isNumberUsed, saveIdempotencyHashes, SEQUENCE_USED } from "./idempotency";
import { writeRows, type WriteResult } from "./row_writer";
import type { ReceivedSignature } from "../devices/signature";
import type { TableSchema } from "../tables/table";
import { lockTables } from "../tables/table_store";
import { type LastNumbers, lastNumbers } from "../devices/last_numbers";
import { takeNonce } from "../devices/nonce";
import { isoSeconds } from "./cell";

export interface PendingCommand extends Row { id: number; text: string }
export interface IngestResult {
  acknowledged: number[];
  refused: [number, string][];
  users: number;
  configuration: number;
  commands: PendingCommand[];
  minIntervalS: number | undefined;
  /** When a status came, or a row was refused because its number is used. */
  last: LastNumbers | undefined;
}

const COMMANDS_PER_ANSWER = 4;
/** PostgreSQL error classes that speak of a value, not of the server: data exception, integrity, too long for an index. */
const VALUE_ERRORS = /^(22|23|54)/;

const FACT_SQL: Record<FactRecord["kind"], string> = {
  clock: `INSERT INTO exosphere.clock_fact (device, sequence, boot, uptime_s, epoch_s) SELECT $1, r.s, r.a, r.b, r.c FROM json_to_recordset($2::json) AS r(s bigint, a integer, b integer, c integer)`,
  loss: `INSERT INTO exosphere.loss (device, sequence, row_count, first, reason, received_at) SELECT $1, r.s, r.a, r.b, r.c, $3::timestamptz FROM json_to_recordset($2::json) AS r(s bigint, a integer, b integer, c integer)`,
  gap: `INSERT INTO exosphere.gap (device, sequence, first_sequence, last_sequence, row_count, received_at) SELECT $1, r.s, r.a, r.b, r.c, $3::timestamptz FROM json_to_recordset($2::json) AS r(s bigint, a integer, b integer, c integer)`,
};

async function writeFacts(queryable: Queryable, device: string, records: FactRecord[], receivedAt: string): Promise<boolean> {
  let clock = false;
  for (const kind of ["clock", "loss", "gap"] as const) {
    const facts = records.filter((record) => record.kind === kind);
    if (facts.length === 0) continue;
    const document = facts.map(({ sequence, numbers: [a, b, c] }) => ({ s: sequence, a, b, c }));
    const parameters = kind === "clock" ? [device, JSON.stringify(document)] : [device, JSON.stringify(document), receivedAt];
    const rows = await queryable.query(`${FACT_SQL[kind]} ON CONFLICT DO NOTHING RETURNING sequence`, parameters);
    clock ||= kind === "clock" && rows.length > 0;
  }
  return clock;
}

/** Writes the group at once; when a value is to blame, again one by one, so that only the culprit is refused. */
async function writeGroup(queryable: Queryable, table: TableSchema, device: string, records: SessionRecord[], receivedAt: string, refusedStartSessions: Set<number>): Promise<WriteResult> {
  await queryable.query("SAVEPOINT rows");
  try {
    const result = await writeRows(queryable, table, device, records, receivedAt, refusedStartSessions);
    await queryable.query("RELEASE SAVEPOINT rows");
    return result;
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code !== "string" || !VALUE_ERRORS.test(code)) throw error;
    await queryable.query("ROLLBACK TO SAVEPOINT rows");
    if (records.length === 1) return { refused: [{ record: records[0]!, reason: `database: ${(error as Error).message}` }], undated: [], settled: [], days: [] };
    const whole: WriteResult = { refused: [], undated: [], settled: [], days: [] };
    for (const record of records) {
      const one = await writeGroup(queryable, table, device, [record], receivedAt, refusedStartSessions);
      whole.refused.push(...one.refused);
      whole.undated.push(...one.undated);
      whole.settled.push(...one.settled);
      whole.days.push(...one.days);
    }
    return whole;
  }
}

/** Says that the totals of these days no longer hold. */
async function touchDays(queryable: Queryable, device: string, table: number, days: Iterable<string>): Promise<void> {
  await queryable.query(
    `INSERT INTO exosphere.rollup AS old (device, table_id, day) SELECT $1, $2, d::date FROM unnest($3::text[]) AS d
       ON CONFLICT (device, table_id, day) DO UPDATE SET version = old.version + 1`, [device, table, [...new Set(days)].sort()]);
}

async function quarantine(queryable: Queryable, device: string, refused: { record: BatchRecord; reason: string }[], receivedAt: string): Promise<void> {
  const document = refused.map(({ record, reason }) => ({
    s: record.sequence, item: Buffer.from(record.bytes).toString("hex"), reason, ..."cells" in record ? { kind: record.kind, table: record.table, session: record.session } : {},
  }));
  await queryable.query(
    `INSERT INTO exosphere.quarantine (device, sequence, item_hex, reason, received_at, kind, table_id, session)
       SELECT $1, r.s, r.item, r.reason, $3::timestamptz, r.kind, r."table", r.session
         FROM json_to_recordset($2::json) AS r(s bigint, item text, reason text, kind text, "table" integer, session bigint) ON CONFLICT DO NOTHING`,
    [device, JSON.stringify(document), receivedAt]);
}

/** What every answer tells, beside the rows. */
async function readOffers(queryable: Queryable, device: string): Promise<Pick<IngestResult, "users" | "configuration" | "commands" | "minIntervalS">> {
  const [row] = await queryable.query<Row & { users: number; configuration: number; min_interval_s: number | null; commands: PendingCommand[] | null }>(
    `SELECT (SELECT version FROM exosphere.users_version) AS users, configuration_revision AS configuration, min_interval_s,
            (SELECT json_agg(c) FROM (SELECT id, text FROM exosphere.command WHERE device = $1 AND status IS NULL ORDER BY id LIMIT ${COMMANDS_PER_ANSWER}) c) AS commands
       FROM exosphere.device WHERE id = $1`, [device]);
  return { users: row!.users, configuration: row!.configuration, commands: row!.commands ?? [], minIntervalS: row!.min_interval_s ?? undefined };
}

/** Writes all records; the caller holds the device's row. Returns what was refused, which is in quarantine now. */
async function storeRecords(queryable: Queryable, device: string, batch: Batch, nowS: number): Promise<{ record: BatchRecord; reason: string }[]> {
  const receivedAt = isoSeconds(nowS);
  const refused: { record: BatchRecord; reason: string }[] = [];
  const facts: FactRecord[] = [];
  const groups = new Map<number, SessionRecord[]>();
  const conflicts = await findSequenceConflicts(queryable, device, batch.records);
  for (const record of batch.records) {
    if (conflicts.has(record)) refused.push({ record, reason: SEQUENCE_USED });
    else if (record.kind === "wrong") refused.push({ record, reason: record.reason });
    else if ("numbers" in record) facts.push(record);
    else groups.set(record.table, [...(groups.get(record.table) ?? []), record]);
  }
  const tables = groups.size === 0 ? new Map<number, TableSchema>() : await lockTables(queryable, [...groups.keys()]);
  let dating = await writeFacts(queryable, device, facts, receivedAt);
  const sighting = sightingOf(batch.status);
  if (sighting !== undefined && await writeSighting(queryable, device, sighting, nowS)) dating = true;
  const days = new Map<number, Set<string>>();
  for (const [id, records] of groups) {
    const table = tables.get(id);
    if (table === undefined) {
      refused.push(...records.map((record) => ({ record, reason: `table ${id} unknown` })));
      continue;
    }
    const refusedStartSessions = new Set([...conflicts].filter((record) => record.kind === "start" && record.table === id).map((record) => (record as SessionRecord).session));
    const result = await writeGroup(queryable, table, device, records, receivedAt, refusedStartSessions);
    refused.push(...result.refused);
    days.set(id, new Set(result.days));
    if (result.settled.length > 0) await settleUndated(queryable, device, id, result.settled);
    if (result.undated.length > 0) await addUndated(queryable, device, id, result.undated);
    dating ||= result.undated.length > 0;
  }
  if (dating) for (const [id, changed] of await dateRows(queryable, device)) days.set(id, new Set([...(days.get(id) ?? []), ...changed]));
  for (const [id, changed] of days) if (changed.size > 0) await touchDays(queryable, device, id, changed);
  if (refused.length > 0) await quarantine(queryable, device, refused, receivedAt);
  const bad = new Set(refused.map(({ record }) => record));
  await saveIdempotencyHashes(queryable, device, batch.records.filter((record) => !bad.has(record)));
  return refused;
}

/** Stores the records and the status of a new request. */
async function store(queryable: Queryable, device: string, batch: Batch, nowS: number): Promise<Pick<IngestResult, "acknowledged" | "refused">> {
  const refused = await storeRecords(queryable, device, batch, nowS);
  await writeStatus(queryable, device, batch, nowS);
  const bad = new Set(refused.map(({ record }) => record.sequence));
  return {
    acknowledged: batch.records.map((record) => record.sequence).filter((sequence) => !bad.has(sequence)),
    refused: refused.map(({ record, reason }): [number, string] => [record.sequence, reason]),
  };
}

/** Stores a batch, or answers its repeat without a change. Throws Problem 401 for a nonce that was used; anything else that is thrown stored nothing. */
export async function ingest(database: Database, key: KeyRecord, signature: ReceivedSignature, batch: Batch, nowS: number): Promise<IngestResult> {
  const { device } = key;
  return database.transaction(async (queryable) => {
    const repeat = await takeNonce(queryable, key, signature, nowS) === "repeat";
    const { acknowledged, refused } = repeat ? await findOutcomes(queryable, device, batch.records) : await store(queryable, device, batch, nowS);
    // With a status, so at the first contact of each boot, a board that does not know it is told which numbers are used.
    const last = batch.status !== undefined || refused.some(([, reason]) => isNumberUsed(reason)) ? await lastNumbers(queryable, device) : undefined;
    return { acknowledged, refused, last, ...await readOffers(queryable, device) };
  });
}

/** Offers the refused rows of a device to its tables again, after somebody mended a table; tells how many fit now. */
export async function retryQuarantine(database: Database, device: string, actor: string, nowS: number): Promise<{ stored: number; refused: number }> {
  return database.transaction(async (queryable) => {
    await queryable.query("SELECT id FROM exosphere.device WHERE id = $1 FOR UPDATE", [device]);
    const kept = await queryable.query<Row & { sequence: number; item_hex: string }>(
      "SELECT DISTINCT ON (sequence) sequence, item_hex FROM exosphere.quarantine WHERE device = $1 ORDER BY sequence, received_at LIMIT 1000", [device]);
    const batch = readBatch(Buffer.from(kept.map((row) => row.item_hex).join(""), "hex"));
    if (typeof batch === "string") throw new Error(`quarantine of ${device}: ${batch}`);
    await queryable.query(
      "DELETE FROM exosphere.quarantine q USING json_to_recordset($2::json) AS r(sequence bigint, item_hex text) WHERE q.device = $1 AND q.sequence = r.sequence AND q.item_hex = r.item_hex",
      [device, JSON.stringify(kept)]);
    // What does not fit now either goes back into quarantine, with the reason of today.
    const refused = await storeRecords(queryable, device, batch, nowS);
    await writeAudit(queryable, actor, "quarantine.retry", device, { stored: kept.length - refused.length, refused: refused.length });
    return { stored: kept.length - refused.length, refused: refused.length };
  });
}
