/*
 * Writes the rows of one device into one table, set-based: three statements, however many rows.
 *
 * Input: records of a batch for one table, inside the batch's transaction and under the device's lock.
 * Output: which sequences are in the table now, and why others cannot be. Invariants: a row is applied
 * once, whichever of start and end comes first and however often; where both fill a column the end's value
 * stands; a number that is already used by another row is refused, never overwritten; an end completes its
 * own start only.
 */
import type { SessionRecord } from "./batch";
import { isIsoMoment } from "./cell";
import { type Queryable, quoteIdentifier } from "../database/database";
import { findRefusedStarts } from "./idempotency";
import { collectRows, type ExistingRow, type RefusedRecord } from "./pending_rows";
import { cellColumns, keyColumn, sqlType, timeColumn } from "../tables/table";
import type { TableSchema } from "../tables/table_documents";

export interface UndatedMoment { key: number; column: number; boot: number; uptimeS: number }
export interface WriteResult {
  refused: RefusedRecord[];
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

async function existingRows(queryable: Queryable, table: TableSchema, device: string, records: SessionRecord[]): Promise<Map<number, ExistingRow>> {
  const keys = [...new Set(records.map((record) => table.mode === "session" ? record.session : record.sequence))];
  const own = table.mode === "session" ? "_start_sequence AS start, _end_sequence AS end" : "NULL AS start, NULL AS end";
  const rows = await queryable.query<ExistingRow>(
    `SELECT ${keyColumn(table)} AS key, _session AS session, ${own}, (_at AT TIME ZONE $3)::date::text AS day
       FROM public.${quoteIdentifier(table.name)} WHERE _device = $1 AND ${keyColumn(table)} = ANY($2::bigint[])`, [device, keys, table.timeZone]);
  return new Map(rows.map((row) => [row.key, row]));
}

function upsertSql(table: TableSchema): string {
  const name = `public.${quoteIdentifier(table.name)}`;
  const types = cellColumns(table).map((column) => `, c${column.id} ${sqlType(column.type)}`).join("");
  const columns = cellColumns(table).map((column) => `, ${quoteIdentifier(column.name)}`).join("");
  const values = cellColumns(table).map((column) => `, r.c${column.id}`).join("");
  const source = `FROM json_to_recordset($2::json) AS r(key bigint, session bigint, "start" bigint, "end" bigint, kind text, at timestamptz${types})`;
  const day = "(_at AT TIME ZONE $4)::date::text AS day";
  if (table.mode === "event") {
    return `WITH done AS (INSERT INTO ${name} (_device, _sequence, _session, _kind, _at, _received_at${columns})
      SELECT $1, r.key, r.session, r.kind, COALESCE(r.at, $3::timestamptz), $3::timestamptz${values} ${source}
      RETURNING _at) SELECT DISTINCT ${day} FROM done`;
  }
  // In the row that is there already, `old`: the end's value stands, in whichever order they come.
  const updates = cellColumns(table).map(({ name: column }) => {
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
  const rows = collectRows(table, records, existing, refusedStartSessions, result.refused);
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
  const checks = cellColumns(table).map((column) => `${quoteIdentifier(column.name)} IS NOT NULL AS c${column.id}`).join(", ");
  const [row] = await queryable.query(`SELECT ${checks} FROM public.${quoteIdentifier(table.name)} WHERE _device = $1 AND ${keyColumn(table)} = $2`, [device, key]);
  return new Set(cellColumns(table).filter((column) => row?.[`c${column.id}`] === true).map((column) => column.id));
}
