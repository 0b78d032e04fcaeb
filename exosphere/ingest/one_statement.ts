/*
 * The one statement that stores a batch in which nothing is special: rows, totals to sum again, hashes, device.
 *
 * Input: a table's description. Output: SQL, its name and the order of its parameters; a cache of them for a process.
 * Invariants: nothing is written unless the device's revision and the table's version are those that the batch was
 * planned with; unless exactly as many rows are written as were planned, the statement fails as a whole.
 */
import { STATUS_COLUMNS } from "../devices/device_status";
import { type Queryable, quoteIdentifier } from "../database/database";
import { cellColumns, sqlType } from "../tables/table";
import type { TableSchema } from "../tables/table_documents";
import { versionedTable } from "../tables/table_store";
import { OFFER_COLUMNS } from "./offers";

/** A description, its version, and the statement made of them. */
export interface Statement { table: TableSchema; version: number; name: string; sql: string }

/** Parameters before the lists of the columns, in order. Lists are texts as PostgreSQL writes arrays. */
const FIRST = [
  "device", "revision", "nowS", "boot", "counter", "keyId", "signature", "sequence", "session", "status", "seenBoot", "seenUptimeS",
  "tableId", "version", "timeZone", "completed", "rows", "sequences", "contents", "key", "ofSession", "start", "end", "kind", "at",
] as const;
export type Parameter = typeof FIRST[number];

/** The parameters as the statement wants them; `cells` by column, in the order of cellColumns(). */
export function parameterList(values: Record<Parameter, unknown>, cells: string[]): unknown[] {
  return [...FIRST.map((name) => values[name]), ...cells];
}

function statementSql(table: TableSchema): string {
  const of = (name: Parameter): string => `$${FIRST.indexOf(name) + 1}`;
  const list = (parameter: string, type: string): string => `${parameter}::text::${type}[]`;
  const name = `public.${quoteIdentifier(table.name)}`;
  const cells = cellColumns(table).map((column, index) => list(`$${FIRST.length + index + 1}`, sqlType(column.type)));
  const columns = cellColumns(table).map((column) => `, ${quoteIdentifier(column.name)}`).join("");
  const values = cellColumns(table).map(({ id }) => `, r.c${id}`).join("");
  const status = STATUS_COLUMNS.map(([column, type]) => `, ${column} = CASE WHEN ${of("status")}::jsonb ? '${column}' THEN (${of("status")}::jsonb ->> '${column}')::${type} ELSE d.${column} END`).join("");
  const received = `to_timestamp(${of("nowS")}::bigint)`;
  const source = `FROM guard g, unnest(${[list(of("key"), "bigint"), list(of("ofSession"), "bigint"), list(of("start"), "bigint"), list(of("end"), "bigint"), list(of("kind"), "text"), list(of("at"), "timestamptz"), ...cells].join(", ")})
        AS r(key, session, "start", "end", kind, at${cellColumns(table).map(({ id }) => `, c${id}`).join("")})`;
  // A session that is there already takes the end that it waits for, and nothing else.
  const updates = cellColumns(table).map(({ name: column }) => `, ${quoteIdentifier(column)} = COALESCE(excluded.${quoteIdentifier(column)}, old.${quoteIdentifier(column)})`).join("");
  const written = table.mode === "event"
    ? `INSERT INTO ${name} (_device, _sequence, _session, _kind, _at, _received_at${columns}) SELECT g.id, r.key, r.session, r.kind, COALESCE(r.at, ${received}), ${received}${values} ${source} RETURNING _at`
    : `INSERT INTO ${name} AS old (_device, _session, _start_sequence, _end_sequence, _at, _received_at${columns})
         SELECT g.id, r.key, r."start", r."end", COALESCE(r.at, ${received}), ${received}${values} ${source}
         ON CONFLICT (_device, _session) DO UPDATE SET _end_sequence = excluded._end_sequence${updates}
          WHERE old._start_sequence IS NOT NULL AND old._end_sequence IS NULL AND excluded._start_sequence IS NULL RETURNING _at`;
  return `WITH guard AS (
      UPDATE exosphere.device d SET revision = d.revision + 1, nonce_boot = ${of("boot")}, nonce_counter = ${of("counter")}, nonce_key_id = ${of("keyId")}, nonce_signature = ${of("signature")},
             last_contact = ${received}, last_sequence = ${of("sequence")}, last_session = GREATEST(d.last_session, ${of("session")}::bigint)${status}
       WHERE d.id = ${of("device")} AND d.revision = ${of("revision")}
         AND EXISTS (SELECT 1 FROM exosphere.data_table t WHERE t.id = ${of("tableId")} AND t.version = ${of("version")})
         AND (${of("completed")}::text = '{}' OR NOT EXISTS (SELECT 1 FROM exosphere.undated u WHERE u.device = ${of("device")} AND u.table_id = ${of("tableId")} AND u.row_key = ANY(${list(of("completed"), "bigint")}))
              AND NOT EXISTS (SELECT 1 FROM exosphere.quarantine q WHERE q.device = ${of("device")} AND q.table_id = ${of("tableId")} AND q.kind = 'start' AND q.session = ANY(${list(of("completed"), "bigint")})))
       RETURNING d.id, d.configuration_revision, d.min_interval_s),
    seen AS (INSERT INTO exosphere.boot_seen AS old (device, boot, uptime_s, epoch_s) SELECT g.id, ${of("seenBoot")}::integer, ${of("seenUptimeS")}::integer, ${of("nowS")}::bigint FROM guard g WHERE ${of("seenBoot")}::integer IS NOT NULL
       ON CONFLICT (device, boot) DO UPDATE SET uptime_s = excluded.uptime_s, epoch_s = excluded.epoch_s WHERE old.epoch_s - old.uptime_s > excluded.epoch_s - excluded.uptime_s + 1),
    written AS (${written}),
    days AS (INSERT INTO exosphere.rollup AS old (device, table_id, day) SELECT ${of("device")}, ${of("tableId")}, x.day FROM (SELECT DISTINCT (_at AT TIME ZONE ${of("timeZone")}::text)::date AS day FROM written) x
       ON CONFLICT (device, table_id, day) DO UPDATE SET version = old.version + 1),
    contents AS (INSERT INTO exosphere.record_content (device, sequence, content) SELECT g.id, r.s, r.c FROM guard g, unnest(${list(of("sequences"), "bigint")}, ${list(of("contents"), "bigint")}) AS r(s, c))
    SELECT ${OFFER_COLUMNS}, 1 / (SELECT CASE WHEN count(*) = ${of("rows")}::bigint THEN 1 ELSE 0 END FROM written) AS whole FROM guard d`;
}

/** Statements by table, made once a process and version. */
export class StatementCache {
  private readonly statements = new Map<number, Statement>();

  async find(queryable: Queryable, table: number): Promise<Statement | undefined> {
    const known = this.statements.get(table);
    if (known !== undefined) return known;
    const found = await versionedTable(queryable, table);
    if (found === undefined) return undefined;
    const made = { ...found, name: `rows-${table}-${found.version}`, sql: statementSql(found.table) };
    this.statements.set(table, made);
    return made;
  }

  /** After a change of the table, which another process may have made. */
  forget(table: number): void {
    this.statements.delete(table);
  }
}
