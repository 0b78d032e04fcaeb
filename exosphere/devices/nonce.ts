/*
 * Takes the nonce of a signed request, once for all processes of the endpoint.
 *
 * Input: a key and a verified signature, inside the transaction that acts on the request. Output: whether the
 * request is new or the last one again, or Problem 401 with the highest numbers of the device. Invariants: the
 * highest nonce of a device, over all its keys, is in the database and moves with the commit; a repeat writes
 * nothing; a different request under a used nonce is refused; the device's row lock serialises its requests,
 * so the rest of the transaction needs no lock.
 */
import type { Queryable, Row } from "../database/database";
import type { KeyRecord } from "./device_store";
import { lastNumbers } from "./last_numbers";
import { Problem } from "../http/problem";
import type { ReceivedSignature } from "./signature";

/**
 * Takes the nonce; `nowS` is the endpoint's UTC seconds. "repeat": byte for byte the last request of the
 * device, which may be a lost answer or a replay; the caller answers it and changes nothing.
 */
export async function takeNonce(queryable: Queryable, key: KeyRecord, received: ReceivedSignature, nowS: number): Promise<"new" | "repeat"> {
  const signature = Buffer.from(received.signature).toString("base64");
  // The device's row first: uploads with the old and the new key of one device wait for each other too.
  await queryable.query("SELECT id FROM exosphere.device WHERE id = $1 FOR UPDATE", [key.device]);
  const [last] = await queryable.query<Row & { key_id: string; last_boot: number; last_counter: number; last_signature: string }>(
    "SELECT key_id, last_boot, last_counter, last_signature FROM exosphere.device_key WHERE device = $1 ORDER BY last_boot DESC, last_counter DESC LIMIT 1", [key.device]);
  const [boot, counter] = [last?.last_boot ?? 0, last?.last_counter ?? 0];
  if (received.boot > boot || (received.boot === boot && received.counter > counter)) {
    const taken = await queryable.query("UPDATE exosphere.device_key SET last_boot = $2, last_counter = $3, last_signature = $4 WHERE key_id = $1 AND revoked_at IS NULL RETURNING key_id", [key.keyId, received.boot, received.counter, signature]);
    if (taken.length > 0) return "new";
    // Revoked between the check of the signature and this lock.
    throw new Problem(401, "key-revoked", "This key has been revoked.");
  }
  if (received.boot === boot && received.counter === counter && last?.key_id === key.keyId && last.last_signature === signature) return "repeat";
  throw new Problem(401, "replayed-request", "The nonce of this request is not above the last one of this device.", { last: await lastNumbers(queryable, key.device), time: nowS });
}
