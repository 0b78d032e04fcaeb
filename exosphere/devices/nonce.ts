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
import { onlyRow } from "../invariant";
import type { ReceivedSignature } from "./signature";

/** Whether a nonce is above the last one of its device. */
export function isAbove(received: Pick<ReceivedSignature, "boot" | "counter">, last: { boot: number; counter: number }): boolean {
  return received.boot > last.boot || (received.boot === last.boot && received.counter > last.counter);
}

/** As the database keeps it, to tell a repeat. */
export function signatureText(received: ReceivedSignature): string {
  return Buffer.from(received.signature).toString("base64");
}

/**
 * Takes the nonce; `nowS` is the endpoint's UTC seconds. "repeat": byte for byte the last request of the
 * device, which may be a lost answer or a replay; the caller answers it and changes nothing.
 */
export async function takeNonce(queryable: Queryable, key: KeyRecord, received: ReceivedSignature, nowS: number): Promise<"new" | "repeat"> {
  const signature = signatureText(received);
  // The device's row first: uploads with the old and the new key of one device wait for each other too.
  const last = onlyRow(await queryable.query<Row & { boot: number; counter: number; key_id: string; signature: string }>(
    "SELECT nonce_boot AS boot, nonce_counter AS counter, nonce_key_id AS key_id, nonce_signature AS signature FROM exosphere.device WHERE id = $1 FOR UPDATE", [key.device]));
  if (isAbove(received, last)) {
    const [held] = await queryable.query<Row & { used: boolean }>("SELECT used FROM exosphere.device_key WHERE key_id = $1 AND revoked_at IS NULL", [key.keyId]);
    // Revoked between the check of the signature and this lock.
    if (held === undefined) throw new Problem(401, "key-revoked", "This key has been revoked.");
    if (!held.used) await queryable.query("UPDATE exosphere.device_key SET used = true WHERE key_id = $1", [key.keyId]);
    await queryable.query("UPDATE exosphere.device SET revision = revision + 1, nonce_boot = $2, nonce_counter = $3, nonce_key_id = $4, nonce_signature = $5 WHERE id = $1", [key.device, received.boot, received.counter, key.keyId, signature]);
    return "new";
  }
  if (received.boot === last.boot && received.counter === last.counter && last.key_id === key.keyId && last.signature === signature) return "repeat";
  throw new Problem(401, "replayed-request", "The nonce of this request is not above the last one of this device.", { last: await lastNumbers(queryable, key.device), time: nowS });
}
