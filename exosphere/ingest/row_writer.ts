/*
 * Writes the rows of one device into one table, set-based: three statements, however many rows.
 *
 * Input: records of a batch for one table, inside the batch's transaction and under the device's lock.
 * Output: which sequences are in the table now, and why others cannot be. Invariants: a row is applied
 * once, whichever of start and end comes first and however often; where both fill a column the end's value
 * stands; a number that is already used by another row is refused, never overwritten; an end completes its
 * own start only.
 */
import type { SessionRecord, UndatedCell } from "./batch";
import { type ColumnValue, convertCell, isIsoMoment } from "./cell";
import { type Queryable, quoteIdentifier } from "../database/database";
import { findRefusedStarts, sessionUsed } from "./idempotency";
import { keyColumn, sqlType, timeColumn } from "../tables/table";
import type { TableSchema } from "../tables/table_documents";

export interface Refusal { record: SessionRecord; reason: string }
export interface UndatedMoment { key: number; column: number; boot: number; uptimeS: number }
export interface WriteResult {
  refused: Refusal[];
  undated: UndatedMoment[];
  /** Cells that an end gave a final value, so that no later dating of the start's may touch them. */
  settled: { key: number; column: number }[];
  /** Days, in the table's time zone, in which rows changed. */
  days: string[];
}

export function noResult(): WriteResult {
  return { refused: [], undated: [], settled: [], days: [] };
}

/** Adds what `more` did to `result`. */
export function joinResults(result: WriteResult, more: WriteResult): void {
  result.refused.push(...more.refused);
  result.undated.push(...more.undated);
  result.settled.push(...more.settled);
  result.days.push(...more.days);
}

interface Pending {
  key: number;
  session: number;
  start: number | null;
  end: number | null;
  kind: string;
  values: Map<number, ColumnValue>;
  undated: Map<number, UndatedCell>;
}

/** Converts all cells of a record; a reason when one does not fit. */
function convertRecord(table: TableSchema, record: SessionRecord): Pick<Pending, "values" | "undated"> | string {
  const values = new Map<number, ColumnValue>();
  const undated = new Map<number, UndatedCell>();
  for (const [id, cell] of record.cells) {
    const column = table.columns.find((candidate) => candidate.id === id);
    if (column === undefined) return `column ${id} unknown`;
    const converted = convertCell(cell, column, table.minorDigits);
    if ("reason" in converted) return converted.reason;
    if ("undated" in converted) undated.set(id, converted.undated);
    else if (converted.value !== null) values.set(id, converted.value);
  }
  return { values, undated };
}

/** Adds `record` to what its session has so far; the end's values win in either order. */
function merge(pending: Pending, record: SessionRecord, converted: Pick<Pending, "values" | "undated">): void {
  const wins = record.kind === "end";
  for (const [id, value] of converted.values) {
    if (!wins && (pending.values.has(id) || pending.undated.has(id))) continue;
    pending.values.set(id, value);
    pending.undated.delete(id);
  }
  for (const [id, value] of converted.undated) {
    if (!wins && (pending.values.has(id) || pending.undated.has(id))) continue;
    pending.undated.set(id, value);
    pending.values.delete(id);
  }
  if (record.kind === "start") pending.start = record.sequence;
  if (record.kind === "end") pending.end = record.sequence;
}

interface Existing { [name: string]: unknown; key: number; session: number; start: number | null; end: number | null; day: string }

async function existingRows(queryable: Queryable, table: TableSchema, device: string, records: SessionRecord[]): Promise<Map<number, Existing>> {
  const keys = [...new Set(records.map((record) => table.mode === "session" ? record.session : record.sequence))];
  const own = table.mode === "session" ? "_start_sequence AS start, _end_sequence AS end" : "NULL AS start, NULL AS end";
  const rows = await queryable.query<Existing>(
    `SELECT ${keyColumn(table)} AS key, _session AS session, ${own}, (_at AT TIME ZONE $3)::date::text AS day
       FROM public.${quoteIdentifier(table.name)} WHERE _device = $1 AND ${keyColumn(table)} = ANY($2::bigint[])`, [device, keys, table.timeZone]);
  return new Map(rows.map((row) => [row.key, row]));
}

/** Why this half of a session cannot belong to the other half that is there; undefined when it can. `refusedStartSessions`: sessions whose start was refused. */
function halfMistake(record: SessionRecord, start: number | null, end: number | null, refusedStartSessions: Set<number>): string | undefined {
  const isStart = record.kind === "start";
  const used = isStart ? start : end;
  if (used !== null) return sessionUsed(record.session, isStart ? "start" : "end", used);
  const other = isStart ? end : start;
  if (other === null) return undefined;
  // A device writes the start before the end.
  const late = isStart ? record.sequence > other : record.sequence < other;
  return late || !isStart && refusedStartSessions.has(record.session) ? `session ${record.session} has ${isStart ? "an end" : "a start"} of another board, row ${other}` : undefined;
}

/** Sorts records into new, already there, and impossible. */
function collect(table: TableSchema, records: SessionRecord[], existing: Map<number, Existing>, refusedStartSessions: Set<number>, refused: Refusal[]): Pending[] {
  const pending = new Map<number, Pending>();
  for (const record of records) {
    const refuse = (reason: string): void => { refused.push({ record, reason }); };
    if (table.mode === "session" && record.kind === "event") { refuse("table keeps sessions, not events"); continue; }
    const key = table.mode === "session" ? record.session : record.sequence;
    const before = existing.get(key);
    let row = pending.get(key);
    if (table.mode === "session") {
      const [start, end] = [before?.start ?? row?.start ?? null, before?.end ?? row?.end ?? null];
      if (record.sequence === (record.kind === "start" ? start : end)) continue;
      const mistake = halfMistake(record, start, end, refusedStartSessions);
      if (mistake !== undefined) {
        refuse(mistake);
        if (record.kind === "start") refusedStartSessions.add(record.session);
        continue;
      }
    } else if (before !== undefined) {
      if (before.session !== record.session) refuse("sequence already used by another row");
      continue;
    }
    const converted = convertRecord(table, record);
    if (typeof converted === "string") { refuse(converted); continue; }
    row ??= { key, session: record.session, start: null, end: null, kind: record.kind, values: new Map(), undated: new Map() };
    merge(row, record, converted);
    pending.set(key, row);
  }
  return [...pending.values()];
}

function upsertSql(table: TableSchema): string {
  const name = `public.${quoteIdentifier(table.name)}`;
  const types = table.columns.map((column) => `, c${column.id} ${sqlType(column.type)}`).join("");
  const columns = table.columns.map((column) => `, ${quoteIdentifier(column.name)}`).join("");
  const values = table.columns.map((column) => `, r.c${column.id}`).join("");
  const source = `FROM json_to_recordset($2::json) AS r(key bigint, session bigint, "start" bigint, "end" bigint, kind text, at timestamptz${types})`;
  const day = "(_at AT TIME ZONE $4)::date::text AS day";
  if (table.mode === "event") {
    return `WITH done AS (INSERT INTO ${name} (_device, _sequence, _session, _kind, _at, _received_at${columns})
      SELECT $1, r.key, r.session, r.kind, COALESCE(r.at, $3::timestamptz), $3::timestamptz${values} ${source}
      RETURNING _at) SELECT DISTINCT ${day} FROM done`;
  }
  // In the row that is there already, `old`: the end's value stands, in whichever order they come.
  const updates = table.columns.map(({ name: column }) => {
    const [now, before] = [`excluded.${quoteIdentifier(column)}`, `old.${quoteIdentifier(column)}`];
    return `, ${quoteIdentifier(column)} = CASE WHEN excluded._end_sequence IS NULL THEN COALESCE(${before}, ${now}) ELSE COALESCE(${now}, ${before}) END`;
  }).join("");
  return `WITH done AS (INSERT INTO ${name} AS old (_device, _session, _start_sequence, _end_sequence, _at, _received_at${columns})
    SELECT $1, r.key, r."start", r."end", COALESCE(r.at, $3::timestamptz), $3::timestamptz${values} ${source}
    ON CONFLICT (_device, _session) DO UPDATE SET
      _start_sequence = COALESCE(old._start_sequence, excluded._start_sequence),
      _end_sequence = COALESCE(old._end_sequence, excluded._end_sequence),
      _at = CASE WHEN excluded._start_sequence IS NULL THEN old._at ELSE excluded._at END${updates}
    RETURNING _at) SELECT DISTINCT ${day} FROM done`;
}

/**
 * Writes `records`, all of one table; `receivedAt` is ISO text, `refusedStartSessions` the sessions whose start was refused
 * in this upload because its number is used. Throws what the database throws.
 */
export async function writeRows(
  queryable: Queryable, table: TableSchema, device: string, records: SessionRecord[], receivedAt: string, refusedStartSessions: Set<number>,
): Promise<WriteResult> {
  const result = noResult();
  const existing = await existingRows(queryable, table, device, records);
  const completed = table.mode === "event" ? [] : records.filter(({ kind, session }) => kind === "end" && existing.get(session)?.end === null).map(({ session }) => session);
  for (const session of await findRefusedStarts(queryable, device, table.id, completed)) refusedStartSessions.add(session);
  const rows = collect(table, records, existing, refusedStartSessions, result.refused);
  if (rows.length === 0) return result;
  const time = timeColumn(table)?.id ?? 0;
  const document = rows.map((row) => {
    const at = row.values.get(time);
    const entry: Record<string, unknown> = { key: row.key, session: row.session, start: row.start, end: row.end, kind: row.kind, at: isIsoMoment(at) ? at : null };
    for (const [id, value] of row.values) entry[`c${id}`] = value;
    return entry;
  });
  const days = await queryable.query<{ day: string }>(upsertSql(table), [device, JSON.stringify(document), receivedAt, table.timeZone]);
  const changed = rows.map((row) => existing.get(row.key)?.day).filter((day) => day !== undefined);
  result.days = [...new Set([...days.map((row) => row.day), ...changed])];
  for (const row of rows) {
    const late = row.end === null && (existing.get(row.key)?.end ?? null) !== null;
    const filled = late ? await filledColumns(queryable, table, device, row.key) : new Set<number>();
    for (const [column, moment] of row.undated) {
      if (!filled.has(column)) result.undated.push({ key: row.key, column, boot: moment.boot, uptimeS: moment.uptimeS });
    }
    if (row.end !== null) for (const column of row.values.keys()) result.settled.push({ key: row.key, column });
  }
  return result;
}

/** Seldom: a start that comes after its end dates only what the end left open. */
async function filledColumns(queryable: Queryable, table: TableSchema, device: string, key: number): Promise<Set<number>> {
  const checks = table.columns.map((column) => `${quoteIdentifier(column.name)} IS NOT NULL AS c${column.id}`).join(", ");
  const [row] = await queryable.query(`SELECT ${checks} FROM public.${quoteIdentifier(table.name)} WHERE _device = $1 AND ${keyColumn(table)} = $2`, [device, key]);
  return new Set(table.columns.filter((column) => row?.[`c${column.id}`] === true).map((column) => column.id));
}
