/*
 * The last rejected request of each device, so that a wrong key is visible on the fleet page.
 *
 * Input: why a request was rejected, and the key id it named. Output: rows of exosphere.turned_away.
 * Invariants: one row for each device that exists and one for all unknown key ids; each is written at most
 * once in WRITE_EVERY_S, however many requests come; of a sender's text at most KEY_ID_MAX harmless
 * characters are kept; no answer to a device depends on these rows.
 */
import type { Queryable, Row } from "../database/database";
import type { UnknownKeyRequest } from "./device_documents";

/** "signature-wrong" and "body-changed" are unverified: anybody can send such a request. The others were signed with the device's key. */
export type RejectionProblem = "signature-wrong" | "body-changed" | "key-revoked" | "device-disabled" | "key-unknown";

const WRITE_EVERY_S = 60;
const KEY_ID_MAX = 32;
/** Stored as the device of an unknown key id; a real device id is never empty. */
const NO_DEVICE = "";

/** `device` is undefined for a key id that no device has; `nowS` is the endpoint's UTC seconds. */
export async function recordRejectedRequest(queryable: Queryable, device: string | undefined, problem: RejectionProblem, keyId: string, nowS: number): Promise<void> {
  const harmless = keyId.slice(0, KEY_ID_MAX).replace(/[^A-Za-z0-9._-]/g, "?");
  try {
    // Within the minute it is a read. The last condition is for two requests at once.
    await queryable.query(
      `INSERT INTO exosphere.turned_away AS old (device, problem, key_id, at) SELECT $1::text, $2::text, $3::text, to_timestamp($4::bigint)
         WHERE NOT EXISTS (SELECT 1 FROM exosphere.turned_away WHERE device = $1 AND abs(extract(epoch FROM at) - $4::bigint) < ${WRITE_EVERY_S})
       ON CONFLICT (device) DO UPDATE SET problem = excluded.problem, key_id = excluded.key_id, at = excluded.at
         WHERE abs(extract(epoch FROM old.at) - extract(epoch FROM excluded.at)) >= ${WRITE_EVERY_S}`,
      [device ?? NO_DEVICE, problem, harmless, nowS]);
  } catch {
    // A full disk or a database that just went away must not change the answer; the device asks again, and is written then.
  }
}

/** The last request under a key id that no device has; undefined when there was none. */
export async function lastUnknownKeyRequest(queryable: Queryable, nowS: number): Promise<UnknownKeyRequest | undefined> {
  const [row] = await queryable.query<Row & UnknownKeyRequest>(
    `SELECT key_id AS "keyId", to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
            GREATEST(0, $1::bigint - floor(extract(epoch FROM at)))::integer AS "agoS" FROM exosphere.turned_away WHERE device = $2`, [nowS, NO_DEVICE]);
  return row;
}
