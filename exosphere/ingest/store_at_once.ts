/*
 * Stores a batch with one statement when nothing in it is special, which nearly all are.
 *
 * Input: a batch and how its device stood when its key was read. Output: the result, or undefined: nothing was
 * written, and the way of ingest.ts decides. Invariants: what is stored and answered is the same on both ways; a
 * statement that fails has written nothing; only errors of the rows, of the table or of a plan lead to the other way,
 * all others are thrown on.
 */
import type { IngestResult } from "./answer";
import type { Batch, SessionRecord } from "./batch";
import { isIsoMoment, type ColumnValue } from "./cell";
import { hashOf } from "./idempotency";
import { type OfferRow, offersOf } from "./offers";
import { parameterList, type Statement, type StatementCache } from "./one_statement";
import { collectRows, type PendingRow } from "./pending_rows";
import type { Database } from "../database/database";
import { isValueError } from "../database/storable";
import type { KeyRecord } from "../devices/device_store";
import { highestOf, sightingOf, statusColumns, tellsResults } from "../devices/device_status";
import { isAbove, signatureText } from "../devices/nonce";
import type { ReceivedSignature } from "../devices/signature";
import { cellColumns, timeColumn } from "../tables/table";

/** Not as many rows as planned; a table or column renamed or gone since the statement was made; a plan that no longer fits. */
const OTHER_WAY = new Set(["22012", "42P01", "42703", "0A000"]);

/** An array as PostgreSQL reads one. */
function arrayText(values: (ColumnValue | number | undefined)[]): string {
  let text = "";
  for (const value of values) {
    text += text === "" ? "{" : ",";
    if (value === null || value === undefined) text += "NULL";
    else if (typeof value === "string") text += `"${/["\\]/.test(value) ? value.replace(/["\\]/g, "\\$&") : value}"`;
    else text += typeof value === "number" ? value : value ? "t" : "f";
  }
  return text === "" ? "{}" : `${text}}`;
}

/** The records when all are rows of one table. */
function rowsOfOneTable({ records }: Batch): SessionRecord[] | undefined {
  const [first] = records;
  if (first === undefined || !("cells" in first)) return undefined;
  return records.every((record) => "cells" in record && record.table === first.table) ? records as SessionRecord[] : undefined;
}

/** Whether all numbers are new to the device, and nothing of it waits that this batch could change. */
function isPlain({ state, enabled, revoked }: KeyRecord, signature: ReceivedSignature, { status, records }: Batch): boolean {
  if (revoked || !enabled || !state.isKeyUsed || state.isDatingOpen || !isAbove(signature, state)) return false;
  if (status !== undefined && (state.hasUndated || state.hasOpenCommands || state.hasOpenUpdate || tellsResults(status))) return false;
  return records.every(({ sequence }) => sequence > state.sequence);
}

/** Rows to write; undefined when one of them needs a look at what is there. */
function planRows({ table }: Statement, records: SessionRecord[], lastSession: number): PendingRow[] | undefined {
  const refused: unknown[] = [];
  const rows = collectRows(table, records, new Map(), new Set(), refused as Parameters<typeof collectRows>[4]);
  const plain = refused.length === 0 && rows.every((row) => row.undated.size === 0 && (table.mode === "event" || row.start === null || row.session > lastSession));
  return plain ? rows : undefined;
}

function parametersOf(statement: Statement, rows: PendingRow[], key: KeyRecord, signature: ReceivedSignature, { status, records }: Batch, nowS: number): unknown[] {
  const { table, version } = statement;
  const { sequence, session } = highestOf(records);
  const time = timeColumn(table);
  const sighting = sightingOf(status);
  const completed = table.mode === "event" ? [] : rows.filter((row) => row.start === null && row.session <= key.state.session).map((row) => row.key);
  return parameterList({
    device: key.device, revision: key.state.revision, nowS, boot: signature.boot, counter: signature.counter, keyId: key.keyId, signature: signatureText(signature), sequence, session,
    status: JSON.stringify(status === undefined ? {} : statusColumns(status, nowS)), seenBoot: sighting?.boot ?? null, seenUptimeS: sighting?.uptimeS ?? null,
    tableId: table.id, version, timeZone: table.timeZone, completed: arrayText(completed), rows: rows.length,
    sequences: arrayText(records.map((record) => record.sequence)), contents: arrayText(records.map(hashOf)),
    key: arrayText(rows.map((row) => row.key)), ofSession: arrayText(rows.map((row) => row.session)), start: arrayText(rows.map((row) => row.start)), end: arrayText(rows.map((row) => row.end)), kind: arrayText(rows.map((row) => row.kind)),
    // A text column may hold anything; a datetime holds moments.
    at: arrayText(rows.map((row) => { const at = time === undefined ? null : row.values.get(time.id); return time?.type === "datetime" || isIsoMoment(at) ? at : null; })),
  }, cellColumns(table).map(({ id }) => arrayText(rows.map((row) => row.values.get(id)))));
}

/** Parameters of the statement; undefined when the batch needs the other way. */
export function planAtOnce(statement: Statement, key: KeyRecord, signature: ReceivedSignature, batch: Batch, nowS: number): unknown[] | undefined {
  const records = isPlain(key, signature, batch) ? rowsOfOneTable(batch) : undefined;
  const rows = records === undefined ? undefined : planRows(statement, records, key.state.session);
  return rows === undefined ? undefined : parametersOf(statement, rows, key, signature, batch, nowS);
}

/** Undefined when the batch needs the other way; nothing is written then. `nowS` is the endpoint's UTC seconds. */
export async function storeAtOnce(database: Database, statements: StatementCache, key: KeyRecord, signature: ReceivedSignature, batch: Batch, nowS: number): Promise<IngestResult | undefined> {
  const [first] = batch.records;
  if (first === undefined || !("cells" in first)) return undefined;
  const statement = await statements.find(database, first.table);
  const parameters = statement === undefined ? undefined : planAtOnce(statement, key, signature, batch, nowS);
  if (statement === undefined || parameters === undefined) return undefined;
  let offers: OfferRow | undefined;
  try {
    [offers] = await database.query<OfferRow>(statement.sql, parameters, statement.name);
  } catch (error) {
    if (!isValueError(error) && !OTHER_WAY.has(String((error as { code?: unknown }).code))) throw error;
  }
  if (offers === undefined) {
    // The table may have changed; to read its description again costs one statement.
    statements.forget(statement.table.id);
    return undefined;
  }
  const highest = highestOf(batch.records);
  return {
    acknowledged: batch.records.map(({ sequence }) => sequence), refused: [], ...offersOf(offers, nowS),
    last: batch.status === undefined ? undefined : [signature.boot, highest.sequence, Math.max(key.state.session, highest.session)],
  };
}
