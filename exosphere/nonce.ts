/*
 * The use of a signature's nonce, once, for all processes of the endpoint.
 *
 * Input: a key and a verified signature, inside the transaction that acts on the request. Output: nothing,
 * or Problem 401. Invariants: the highest nonce of a key is in the database and moves with the commit; the
 * key's row lock lets one request of a device act at a time, so the rest of the transaction needs no lock.
 */
import type { Queryable, Row } from "./database";
import type { KeyRecord } from "./device_store";
import { Problem } from "./problem";
import type { ReceivedSignature } from "./signature";

/** Takes the nonce. The very same request once more is let through: it can change nothing. */
export async function takeNonce(queryable: Queryable, key: KeyRecord, received: ReceivedSignature): Promise<void> {
  const text = Buffer.from(received.signature).toString("base64");
  // The device's row first: uploads with the old and the new key of one device wait for each other too.
  await queryable.query("SELECT id FROM exosphere.device WHERE id = $1 FOR UPDATE", [key.device]);
  const rows = await queryable.query<Row>(
    `UPDATE exosphere.device_key SET last_boot = $2, last_counter = $3, last_signature = $4
      WHERE key_id = $1 AND revoked_at IS NULL
        AND ((last_boot, last_counter) < ($2::integer, $3::integer) OR (last_boot = $2 AND last_counter = $3 AND last_signature = $4)) RETURNING key_id`,
    [key.keyId, received.boot, received.counter, text]);
  if (rows.length === 0) throw new Problem(401, "replayed-request", "The nonce of this request is not above the last one of this key.");
}
