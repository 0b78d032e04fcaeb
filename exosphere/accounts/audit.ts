/*
 * Who changed what, when: one line for every change that a person or program made through the endpoint, and for
 * every download.
 *
 * Input: actor, action, subject, detail. Output: rows of exosphere.audit, written in the same transaction
 * as the change. Invariant: no key, password or token is ever part of a detail.
 */
import type { Queryable, Row } from "../database/database";
import type { AuditEntry } from "./account_documents";

/** SQLSTATE of PostgreSQL. */
const DISK_FULL = "53100";

export async function writeAudit(queryable: Queryable, actor: string, action: string, subject: string, detail: object = {}): Promise<void> {
  await queryable.query("INSERT INTO exosphere.audit (actor, action, subject, detail) VALUES ($1, $2, $3, $4::jsonb)", [actor, action, subject, JSON.stringify(detail)]);
}

/**
 * The same for what was only read: a download, a configuration. On a full disk there is no line, because looking must
 * stay possible there; the access log has the request all the same.
 */
export async function auditReading(queryable: Queryable, actor: string, action: string, subject: string, detail: object = {}): Promise<void> {
  try {
    await writeAudit(queryable, actor, action, subject, detail);
  } catch (error) {
    if ((error as { code?: unknown }).code !== DISK_FULL) throw error;
  }
}

/** Newest first, `limit` entries older than `before` (an id, 0 for the newest). */
export async function readAudit(queryable: Queryable, before: number, limit: number): Promise<AuditEntry[]> {
  return queryable.query<Row & AuditEntry>(
    `SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at, actor, action, subject, detail
       FROM exosphere.audit WHERE $1 = 0 OR id < $1 ORDER BY id DESC LIMIT $2`, [before, limit]);
}
