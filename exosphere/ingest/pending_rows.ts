/*
 * From the records of one table to the rows that they make: cells converted, start and end of a session joined.
 *
 * Input: records, and what is in the table already. Output: rows to write, and which records cannot be. Invariants:
 * pure; where both halves fill a column the end's value stands; a number that another row uses is refused.
 */
import { type SessionRecord, UndatedCell } from "./batch";
import { type ColumnValue, convertCell } from "./cell";
import { sessionUsed } from "./idempotency";
import { CLOCK_COLUMN } from "../tables/table";
import type { TableSchema } from "../tables/table_documents";
import { clockOf } from "./row_clock";

export interface RefusedRecord { record: SessionRecord; reason: string }

export interface PendingRow {
  key: number;
  session: number;
  start: number | null;
  end: number | null;
  kind: string;
  values: Map<number, ColumnValue>;
  undated: Map<number, UndatedCell>;
}

/** Converts all cells of a record; a reason when one does not fit. */
function convertRecord(table: TableSchema, record: SessionRecord): Pick<PendingRow, "values" | "undated"> | string {
  const values = new Map<number, ColumnValue>();
  const undated = new Map<number, UndatedCell>();
  const clock = clockOf(table, record);
  if (clock === undefined) return `column ${CLOCK_COLUMN.id} (${CLOCK_COLUMN.type}) cannot hold this value`;
  if (clock instanceof UndatedCell) undated.set(CLOCK_COLUMN.id, clock);
  else values.set(CLOCK_COLUMN.id, clock);
  for (const [id, cell] of record.cells) {
    if (id === CLOCK_COLUMN.id) continue;
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
function merge(pending: PendingRow, record: SessionRecord, converted: Pick<PendingRow, "values" | "undated">): void {
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

export interface ExistingRow { [name: string]: unknown; key: number; session: number; start: number | null; end: number | null; day: string }

/** Why this half of a session cannot belong to the other half that is there; undefined when it can. `refusedStartSessions`: sessions whose start was refused. */
function halfError(record: SessionRecord, start: number | null, end: number | null, refusedStartSessions: Set<number>): string | undefined {
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
export function collectRows(table: TableSchema, records: SessionRecord[], existing: Map<number, ExistingRow>, refusedStartSessions: Set<number>, refused: RefusedRecord[]): PendingRow[] {
  const pending = new Map<number, PendingRow>();
  for (const record of records) {
    const refuse = (reason: string): void => { refused.push({ record, reason }); };
    if (table.mode === "session" && record.kind === "event") { refuse("table keeps sessions, not events"); continue; }
    const key = table.mode === "session" ? record.session : record.sequence;
    const before = existing.get(key);
    let row = pending.get(key);
    if (table.mode === "session") {
      const [start, end] = [before?.start ?? row?.start ?? null, before?.end ?? row?.end ?? null];
      if (record.sequence === (record.kind === "start" ? start : end)) continue;
      const error = halfError(record, start, end, refusedStartSessions);
      if (error !== undefined) {
        refuse(error);
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
