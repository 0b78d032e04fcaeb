/*
 * Issued statements: numbered, kept with everything that is on them, corrected, cancelled, listed.
 *
 * Input: table, period, people. Output: contents to print. Invariants: numbers of a year have no gap and no number is
 * used twice; what was issued never changes; no session is on two statements in force; rows that change or arrive later
 * come as a correction that names what it corrects.
 */
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { onlyRow } from "../invariant";
import { localClock } from "../pages/local_time.js";
import type { TableSchema } from "../tables/table_documents";
import { findTable } from "../tables/table_store";
import { readAttribution } from "./attribution";
import { type LastStatement, type Payer, readLast, readOverlaps, readPayers, rowHash } from "./billing";
import { costColumn, type Period } from "./billed_row";
import type { BilledRow, StatementEntry } from "./billing_documents";
import { readLetterhead } from "./letterhead";
import { changesBetween, type StatementContent, type TariffEntry, totalsOf } from "./statement";

interface Parts { table: TableSchema; period: Period; payer: Payer; rows: BilledRow[]; language: string; issuedOn: string; letterhead: StatementContent["letterhead"]; names: Map<string, string>; tariffs: TariffEntry[] }

function contentOf({ table, period, payer, rows, language, issuedOn, letterhead, names, tariffs }: Parts): StatementContent {
  const devices = new Set(rows.map(({ device }) => device));
  return {
    format: 1, number: "", kind: "draft", language, issuedOn, currency: table.currency, minorDigits: table.minorDigits, timeZone: table.timeZone, table: { id: table.id, name: table.name },
    period, letterhead, person: { id: payer.id, fields: payer.fields, cards: [...new Set([...payer.cards, ...rows.map(({ card }) => card).filter((card) => card !== "")])].sort() },
    places: Object.fromEntries([...devices].map((device) => [device, names.get(device) ?? device])), rows, totals: totalsOf(rows, table.minorDigits),
    tariffs: tariffs.filter(({ device }) => devices.has(device)), corrects: null, changes: [],
  };
}

/** Tariffs that were offered before the end of the period: the last one before it, and those within. */
async function readTariffs(queryable: Queryable, table: TableSchema, { from, to }: Period): Promise<TariffEntry[]> {
  return queryable.query<Row & TariffEntry>(
    `SELECT device, to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since, tariff FROM exosphere.tariff t
      WHERE since < ($2::date + 1)::timestamp AT TIME ZONE $3
        AND NOT EXISTS (SELECT 1 FROM exosphere.tariff later WHERE later.device = t.device AND later.since > t.since AND later.since <= ($1::date)::timestamp AT TIME ZONE $3)
      ORDER BY device, since`, [from, to, table.timeZone]);
}

/** Reads what all statements of a period share, and gives the content of each person's. */
async function readParts(queryable: Queryable, table: TableSchema, period: Period, language: string, nowS: number): Promise<(person: number) => StatementContent> {
  if (period.to < period.from) throw new Problem(422, "wrong-period", "The last day is before the first.");
  if (table.currency === "" && costColumn(table) !== undefined) throw new Problem(422, "no-currency", `The table ${table.name} has no currency: choose it on the page Tables first.`);
  const { byPerson } = await readAttribution(queryable, table, period);
  const payers = await readPayers(queryable);
  const devices = await queryable.query<Row & { id: string; name: string }>("SELECT id, name FROM exosphere.device");
  const shared = {
    table, period, language, issuedOn: localClock(table.timeZone)(new Date(nowS * 1000).toISOString()).day, letterhead: await readLetterhead(queryable),
    names: new Map(devices.map(({ id, name }) => [id, name])), tariffs: await readTariffs(queryable, table, period),
  };
  return (person) => {
    const payer = payers.get(person);
    if (payer === undefined) throw new Problem(422, "user-unknown", `There is no user ${person}.`);
    return contentOf({ ...shared, payer, rows: byPerson.get(person) ?? [] });
  };
}

/** The content of a statement as it would be issued now. */
export async function draftOf(queryable: Queryable, tableId: number, period: Period, person: number, language: string, nowS: number): Promise<StatementContent> {
  return (await readParts(queryable, await findTable(queryable, tableId), period, language, nowS))(person);
}

async function nextNumber(queryable: Queryable, year: number, prefix: string): Promise<string> {
  const { last } = onlyRow(await queryable.query<Row & { last: number }>("INSERT INTO exosphere.statement_counter (year, last) VALUES ($1, 1) ON CONFLICT (year) DO UPDATE SET last = statement_counter.last + 1 RETURNING last", [year]));
  return `${prefix}${year}-${String(last).padStart(4, "0")}`;
}

async function readContent(queryable: Queryable, id: number): Promise<StatementContent> {
  return onlyRow(await queryable.query<Row & { content: StatementContent }>("SELECT content FROM exosphere.statement WHERE id = $1", [id])).content;
}

/** The content as a correction of the statement in force. */
async function corrected(queryable: Queryable, content: StatementContent, last: LastStatement): Promise<StatementContent> {
  const before = await readContent(queryable, last.id);
  return { ...content, kind: "correction", corrects: { number: before.number, issuedOn: before.issuedOn, totals: before.totals }, changes: changesBetween(before.rows, content.rows) };
}

export interface IssueResult { ids: number[]; unchanged: number[] }

/** Issues statements, corrections where rows have changed, and nothing where they have not; all or none. */
export async function issueStatements(database: Database, tableId: number, period: Period, people: number[], language: string, actor: string, nowS: number): Promise<IssueResult> {
  return database.transaction(async (queryable) => {
    // One at a time: the second transaction sees what the first has issued.
    await queryable.query("SELECT id FROM exosphere.data_table WHERE id = $1 FOR UPDATE", [tableId]);
    const table = await findTable(queryable, tableId);
    const contentFor = await readParts(queryable, table, period, language, nowS);
    const [lasts, overlaps] = [await readLast(queryable, table.id, period), await readOverlaps(queryable, table.id, period)];
    const result: IssueResult = { ids: [], unchanged: [] };
    for (const person of new Set(people)) {
      const draft = contentFor(person);
      const name = draft.person.fields.name ?? String(person);
      const [last, other] = [lasts.get(person), overlaps.get(person)];
      if (other !== undefined) throw new Problem(409, "already-issued", `${name} has the statement ${other} for a period that shares days with this one: choose another period, or cancel that statement.`);
      const hash = rowHash(draft.rows);
      if (last === undefined && draft.rows.length === 0) throw new Problem(422, "no-sessions", `${name} has no session that ends in this period.`);
      if (last?.hash === hash) { result.unchanged.push(person); continue; }
      const content: StatementContent = last === undefined ? { ...draft, kind: "statement" } : await corrected(queryable, draft, last);
      const number = await nextNumber(queryable, Number(draft.issuedOn.slice(0, 4)), draft.letterhead.numberPrefix);
      const { id } = onlyRow(await queryable.query<Row & { id: number }>(
        `INSERT INTO exosphere.statement (number, table_id, person, from_day, to_day, issued_at, issued_by, content, row_hash) VALUES ($1, $2, $3, $4::date, $5::date, to_timestamp($6), $7, $8::jsonb, $9) RETURNING id`,
        [number, table.id, person, period.from, period.to, nowS, actor, JSON.stringify({ ...content, number }), hash]));
      await writeAudit(queryable, actor, `statement.${content.kind === "correction" ? "correct" : "issue"}`, number, { table: table.id, person, ...period, cost: content.totals.cost, sessions: content.totals.sessions });
      result.ids.push(id);
    }
    return result;
  }, "patient");
}

const SELECT_ENTRIES = `SELECT s.id, s.number, s.content->>'kind' AS kind, s.table_id AS table, s.person, COALESCE(s.content->'person'->'fields'->>'name', '') AS name, s.from_day::text AS from, s.to_day::text AS to,
  to_char(s.issued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "issuedAt", s.issued_by AS "issuedBy", s.content->>'currency' AS currency, (s.content->>'minorDigits')::integer AS "minorDigits", s.content->'totals' AS totals,
  s.content->'corrects'->>'number' AS corrects, to_char(s.cancelled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "cancelledAt" FROM exosphere.statement s`;

/** Newest first, older than `before` (an id, 0 for the newest). */
export async function listStatements(queryable: Queryable, { table, person, before, limit }: { table?: number; person?: number; before: number; limit: number }): Promise<StatementEntry[]> {
  return queryable.query<Row & StatementEntry>(`${SELECT_ENTRIES} WHERE ($1::integer IS NULL OR s.table_id = $1) AND ($2::integer IS NULL OR s.person = $2) AND ($3 = 0 OR s.id < $3) ORDER BY s.id DESC LIMIT $4`, [table ?? null, person ?? null, before, limit]);
}

export async function findEntries(queryable: Queryable, ids: number[]): Promise<StatementEntry[]> {
  return queryable.query<Row & StatementEntry>(`${SELECT_ENTRIES} WHERE s.id = ANY($1::integer[]) ORDER BY s.id`, [ids]);
}

/** The content of an issued statement, and when it was cancelled. */
export async function findStatement(queryable: Queryable, id: number): Promise<{ content: StatementContent; cancelledAt: string | null }> {
  const [row] = await queryable.query<Row & { content: StatementContent; cancelledAt: string | null }>(`SELECT content, to_char(cancelled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "cancelledAt" FROM exosphere.statement WHERE id = $1`, [id]);
  if (row === undefined) throw new Problem(404, "statement-unknown", `There is no statement ${id}.`);
  return row;
}

/** Takes the newest statement of a person and period out of force; it stays on the list. */
export async function cancelStatement(database: Database, id: number, actor: string, nowS: number): Promise<void> {
  await database.transaction(async (queryable) => {
    const [row] = await queryable.query<Row & { number: string; isCancelled: boolean; newer: string | null }>(
      `SELECT s.number, s.cancelled_at IS NOT NULL AS "isCancelled", (SELECT max(n.number) FROM exosphere.statement n WHERE n.table_id = s.table_id AND n.person = s.person AND n.from_day = s.from_day AND n.to_day = s.to_day AND n.cancelled_at IS NULL AND n.id > s.id) AS newer
         FROM exosphere.statement s WHERE s.id = $1 FOR UPDATE OF s`, [id]);
    if (row === undefined) throw new Problem(404, "statement-unknown", `There is no statement ${id}.`);
    if (row.isCancelled) throw new Problem(409, "already-cancelled", `${row.number} is cancelled already.`);
    if (row.newer !== null) throw new Problem(409, "newer-statement", `${row.newer} corrects ${row.number}: cancel ${row.newer} first.`);
    await queryable.query("UPDATE exosphere.statement SET cancelled_at = to_timestamp($2), cancelled_by = $3 WHERE id = $1", [id, nowS, actor]);
    await writeAudit(queryable, actor, "statement.cancel", row.number);
  });
}
