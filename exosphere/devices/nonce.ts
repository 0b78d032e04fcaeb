/*
 * The use of a signature's nonce, once, for all processes of the endpoint.
 *
 * Input: a key and a verified signature, inside the transaction that acts on the request. Output: nothing,
 * or Problem 401 with the highest numbers of the device. Invariants: the highest nonce of a device, whichever
 * of its keys made it, is in the database and moves with the commit; the device's row lock lets one request
 * of it act at a time, so the rest of the transaction needs no lock.
 */
import type { Queryable, Row } from "../database/database";
import type { KeyRecord } from "./device_store";
import { lastNumbers } from "./last_numbers";
import { Problem } from "../http/problem";
import type { ReceivedSignature } from "./signature";

/** Takes the nonce; `nowS` is the endpoint's UTC seconds. The very same request once more is let through: it can change nothing. */
export async function takeNonce(queryable: Queryable, key: KeyRecord, received: ReceivedSignature, nowS: number): Promise<void> {
  const text = Buffer.from(received.signature).toString("base64");
  // The device's row first: uploads with the old and the new key of one device wait for each other too.
  await queryable.query("SELECT id FROM exosphere.device WHERE id = $1 FOR UPDATE", [key.device]);
  const rows = await queryable.query<Row>(
    `UPDATE exosphere.device_key k SET last_boot = $2, last_counter = $3, last_signature = $4
      WHERE key_id = $1 AND revoked_at IS NULL AND NOT EXISTS (SELECT 1 FROM exosphere.device_key o WHERE o.device = k.device
        AND ((o.last_boot, o.last_counter) > ($2::integer, $3::integer)
          OR (o.last_boot = $2 AND o.last_counter = $3 AND NOT (o.key_id = $1 AND o.last_signature = $4)))) RETURNING key_id`,
    [key.keyId, received.boot, received.counter, text]);
  if (rows.length > 0) return;
  throw new Problem(401, "replayed-request", "The nonce of this request is not above the last one of this device.", { last: await lastNumbers(queryable, key.device), time: nowS });
}
