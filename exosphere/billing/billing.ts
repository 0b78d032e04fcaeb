/*
 * The debt of each person in a period, and giving sessions to people by hand.
 *
 * Input: table, period. Output: a line for each person, groups of no person, totals. Invariant: the lines and groups
 * together are the total.
 */
import { createHash } from "node:crypto";
import { writeAudit } from "../accounts/audit";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import type { TableSchema } from "../tables/table_documents";
import { placeOf, readAttribution } from "./attribution";
import { countOpenRows, type Period } from "./billed_row";
import type { BilledRow, Billing, BillingLine } from "./billing_documents";
import { totalsOf } from "./statement";

export interface Payer { id: number; fields: Record<string, string>; cards: string[]; isListed: boolean }

/** People by id, those who left the list too. */
export async function readPayers(queryable: Queryable): Promise<Map<number, Payer>> {
  const rows = await queryable.query<Row & Payer>(
    `SELECT p.id, p.fields, p.deleted_at IS NULL AS "isListed", COALESCE((SELECT json_agg(c.uid ORDER BY c.uid) FROM exosphere.card c WHERE c.person = p.id), '[]'::json) AS cards FROM exosphere.person p`);
  return new Map(rows.map((row) => [row.id, row]));
}

/** Of everything that a paper says of its rows. */
export function rowHash(rows: BilledRow[]): string {
  const said = rows.map(({ device, key, start, end, energyWh, durationS, cost, meterStart, meterEnd }) => [device, key, start, end, energyWh, durationS, cost, meterStart, meterEnd]);
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

/** Last statements of a period that are in force, by person; `hash` is that of their rows. */
export type LastStatement = NonNullable<BillingLine["statement"]> & { person: number; hash: string };

export async function readLast(queryable: Queryable, table: number, { from, to }: Period): Promise<Map<number, LastStatement>> {
  const rows = await queryable.query<Row & LastStatement>(
    `SELECT DISTINCT ON (person) person, id, number, to_char(issued_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "issuedAt", row_hash AS hash,
            content->'totals'->>'cost' AS cost, content->'totals'->>'energyWh' AS "energyWh", (content->'totals'->>'sessions')::integer AS sessions
       FROM exosphere.statement WHERE table_id = $1 AND from_day = $2::date AND to_day = $3::date AND cancelled_at IS NULL ORDER BY person, id DESC`, [table, from, to]);
  return new Map(rows.map((row) => [row.person, row]));
}

/** Numbers of statements in force for other periods that share days with this one, by person. */
export async function readOverlaps(queryable: Queryable, table: number, { from, to }: Period): Promise<Map<number, string>> {
  const rows = await queryable.query<Row & { person: number; number: string }>(
    `SELECT person, min(number) AS number FROM exosphere.statement
      WHERE table_id = $1 AND cancelled_at IS NULL AND from_day <= $3::date AND to_day >= $2::date AND NOT (from_day = $2::date AND to_day = $3::date) GROUP BY person`, [table, from, to]);
  return new Map(rows.map(({ person, number }) => [person, number]));
}

export async function readBilling(queryable: Queryable, table: TableSchema, period: Period): Promise<Billing> {
  const { byPerson, groups, all } = await readAttribution(queryable, table, period);
  const payers = await readPayers(queryable);
  const last = await readLast(queryable, table.id, period);
  const overlaps = await readOverlaps(queryable, table.id, period);
  const people = new Set([...byPerson.keys(), ...last.keys()]);
  const lines = [...people].map((person): BillingLine => {
    const rows = byPerson.get(person) ?? [];
    const payer = payers.get(person);
    const found = last.get(person);
    const statement = found === undefined ? null : { id: found.id, number: found.number, issuedAt: found.issuedAt, cost: found.cost, energyWh: found.energyWh, sessions: found.sessions };
    return {
      person, name: payer?.fields.name ?? "", isListed: payer?.isListed ?? false, cards: payer?.cards ?? [], totals: totalsOf(rows, table.minorDigits),
      statement, isChanged: found !== undefined && found.hash !== rowHash(rows), blockedBy: overlaps.get(person) ?? null,
    };
  });
  const collator = new Intl.Collator("de");
  lines.sort((one, other) => collator.compare(one.name, other.name) || one.person - other.person);
  return {
    ...period, currency: table.currency, minorDigits: table.minorDigits, timeZone: table.timeZone, lines,
    groups: groups.map(({ group, label, rows }) => ({ group, label, totals: totalsOf(rows, table.minorDigits) })),
    totals: totalsOf(all, table.minorDigits), open: await countOpenRows(queryable, table, period),
  };
}

/** The sessions of a person, of a group, or all. */
export async function readSessions(queryable: Queryable, table: TableSchema, period: Period, person: number | undefined, group: string | undefined): Promise<BilledRow[]> {
  const { byPerson, groups, all } = await readAttribution(queryable, table, period);
  if (person !== undefined) return byPerson.get(person) ?? [];
  return group === undefined ? all : groups.find((one) => one.group === group)?.rows ?? [];
}

/** Gives the sessions of a group to a person, or (null) takes back what "person:<id>" was given by hand; how many. */
export async function assignSessions(database: Database, table: TableSchema, period: Period, group: string, person: number | null, actor: string): Promise<number> {
  return database.transaction(async (queryable) => {
    const { byPerson, groups } = await readAttribution(queryable, table, period);
    const owner = /^person:(\d+)$/.exec(group)?.[1];
    const rows = owner === undefined ? groups.find((one) => one.group === group)?.rows ?? [] : byPerson.get(Number(owner)) ?? [];
    if (rows.length === 0) throw new Problem(404, "no-sessions", "There are no such sessions in this period; load the page again.");
    const [devices, keys] = [rows.map(({ device }) => device), rows.map(({ key }) => key)];
    if (person === null) {
      const gone = await queryable.query("DELETE FROM exosphere.row_assignment a USING unnest($2::text[], $3::bigint[]) AS r(device, key) WHERE a.table_id = $1 AND a.device = r.device AND a.row_key = r.key RETURNING a.row_key", [table.id, devices, keys]);
      await writeAudit(queryable, actor, "sessions.unassign", String(table.id), { group, ...period, sessions: gone.length });
      return gone.length;
    }
    const [payer] = await queryable.query("SELECT id FROM exosphere.person WHERE id = $1 FOR KEY SHARE", [person]);
    if (payer === undefined) throw new Problem(422, "user-unknown", `There is no user ${person}.`);
    await queryable.query(
      `INSERT INTO exosphere.row_assignment (table_id, device, row_key, person) SELECT $1, r.device, r.key, $4 FROM unnest($2::text[], $3::bigint[]) AS r(device, key)
         ON CONFLICT (table_id, device, row_key) DO UPDATE SET person = EXCLUDED.person`, [table.id, devices, keys, person]);
    await writeAudit(queryable, actor, "sessions.assign", String(table.id), { group, person, ...period, sessions: rows.map(placeOf).slice(0, 100), count: rows.length });
    return rows.length;
  });
}
