/*
 * Devices, their keys and commands, as the database knows them.
 *
 * Input: requests of an administrator. Output: rows of exosphere.device, .device_key, .command. Invariants:
 * a key leaves this module in clear exactly once, when it is made; at most two keys of a device are valid;
 * every change is in the audit.
 */
import { randomBytes } from "node:crypto";
import { writeAudit } from "../accounts/audit";
import { offerOf } from "../configuration/store";
import type { Database, Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { checked } from "../http/schema/validation";
import { onlyRow } from "../invariant";
import { type DeviceChange, NewDevice, type NewKey } from "./device_documents";
import { encryptAtRest, decryptAtRest } from "./encrypt_at_rest";

/** How a device stood when its key was read. It still does while its revision is the same. */
export interface DeviceState {
  revision: number;
  /** The last nonce. */
  boot: number;
  counter: number;
  /** The highest numbers that it has sent, refused ones included. */
  sequence: number;
  session: number;
  isKeyUsed: boolean;
  isDatingOpen: boolean;
  hasUndated: boolean;
  hasOpenCommands: boolean;
  hasOpenUpdate: boolean;
}

export interface KeyRecord {
  keyId: string;
  device: string;
  key: Buffer;
  enabled: boolean;
  revoked: boolean;
  state: DeviceState;
}

const VALID_KEYS_MAX = 2;

async function insertKey(queryable: Queryable, secret: string, device: string): Promise<NewKey> {
  const { made, valid } = onlyRow(await queryable.query<Row & { made: number; valid: number }>(
    "SELECT count(*)::integer AS made, (count(*) FILTER (WHERE revoked_at IS NULL))::integer AS valid FROM exosphere.device_key WHERE device = $1", [device]));
  if (valid >= VALID_KEYS_MAX) throw new Problem(409, "too-many-keys", "Two keys of this device are valid; revoke one first.");
  const key = randomBytes(32);
  const keyId = `${device}.${made + 1}`;
  await queryable.query("INSERT INTO exosphere.device_key (key_id, device, sealed) VALUES ($1, $2, $3)", [keyId, device, encryptAtRest(secret, key)]);
  return { keyId, keyHex: key.toString("hex").toUpperCase() };
}

/** Makes a device with its first key. `id`: 1 … 28 letters, digits, "_" and "-". */
export async function createDevice(database: Database, secret: string, id: string, name: string | undefined, actor: string): Promise<NewKey> {
  checked(NewDevice, name === undefined ? { id } : { id, name });
  return database.transaction(async (queryable) => {
    const made = await queryable.query("INSERT INTO exosphere.device (id, name) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id", [id, name ?? id]);
    if (made.length === 0) throw new Problem(409, "device-exists", `A device ${id} exists.`);
    await writeAudit(queryable, actor, "device.create", id);
    return insertKey(queryable, secret, id);
  });
}

/** A second key beside the one in use; revoke the old one when the device has been seen with the new one. */
export async function addKey(database: Database, secret: string, device: string, actor: string): Promise<NewKey> {
  return database.transaction(async (queryable) => {
    const rows = await queryable.query("SELECT id FROM exosphere.device WHERE id = $1 FOR UPDATE", [device]);
    if (rows.length === 0) throw new Problem(404, "device-unknown", `There is no device ${device}.`);
    const key = await insertKey(queryable, secret, device);
    await writeAudit(queryable, actor, "key.create", key.keyId);
    return key;
  });
}

export async function revokeKey(database: Database, device: string, keyId: string, actor: string): Promise<void> {
  await database.transaction(async (queryable) => {
    // Uploads that were checked with the key before, and are not stored yet, are refused.
    await queryable.query("UPDATE exosphere.device SET revision = revision + 1 WHERE id = $1", [device]);
    const rows = await queryable.query("UPDATE exosphere.device_key SET revoked_at = now() WHERE key_id = $1 AND device = $2 AND revoked_at IS NULL RETURNING key_id", [keyId, device]);
    if (rows.length === 0) throw new Problem(404, "key-unknown", `There is no valid key ${keyId} of ${device}.`);
    await writeAudit(queryable, actor, "key.revoke", keyId);
  });
}

/** The key of a signature, also when it is revoked, and how its device stands; undefined when there is none of that id. */
export async function findKey(queryable: Queryable, secret: string, keyId: string): Promise<KeyRecord | undefined> {
  const [row] = await queryable.query<Row & { device: string; sealed: string; enabled: boolean; revoked: boolean; state: DeviceState }>(
    `SELECT k.device, k.sealed, d.enabled, k.revoked_at IS NOT NULL AS revoked,
            json_build_object('revision', d.revision, 'boot', d.nonce_boot, 'counter', d.nonce_counter, 'sequence', d.last_sequence, 'session', d.last_session,
              'isKeyUsed', k.used, 'isDatingOpen', d.dating_open,
              'hasUndated', EXISTS (SELECT 1 FROM exosphere.undated u WHERE u.device = d.id), 'hasOpenCommands', EXISTS (SELECT 1 FROM exosphere.command c WHERE c.device = d.id AND c.status IS NULL),
              'hasOpenUpdate', EXISTS (SELECT 1 FROM exosphere.rollout_device r WHERE r.device = d.id AND r.state IN ('offered', 'fetching', 'trial'))) AS state
       FROM exosphere.device_key k JOIN exosphere.device d ON d.id = k.device WHERE k.key_id = $1`, [keyId], "device-key");
  return row === undefined ? undefined : { keyId, device: row.device, key: decryptAtRest(secret, row.sealed), enabled: row.enabled, revoked: row.revoked, state: row.state };
}

/** Throws Problem 404, and 422 for a configuration with errors. */
export async function changeDevice(database: Database, secret: string, id: string, change: DeviceChange, actor: string): Promise<void> {
  const columns: Record<keyof DeviceChange, string> = { name: "name", enabled: "enabled", configuration: "configuration", minIntervalS: "min_interval_s" };
  const keys = (Object.keys(columns) as (keyof DeviceChange)[]).filter((key) => change[key] !== undefined);
  if (keys.length === 0) return;
  const assignments = keys.map((key, index) => `${columns[key]} = $${index + 2}`);
  await database.transaction(async (queryable) => {
    const values: unknown[] = keys.map((key) => change[key]);
    if (keys.includes("configuration")) {
      const { revision, encrypted, holdsSecrets, tariff } = await offerOf(queryable, secret, id, change.configuration);
      // Statements name the tariff that was in force.
      // A revision comes again when a database was put back to an earlier state.
      await queryable.query("INSERT INTO exosphere.tariff (device, revision, since, tariff) VALUES ($1, $2, now(), $3::jsonb) ON CONFLICT (device, revision) DO UPDATE SET since = EXCLUDED.since, tariff = EXCLUDED.tariff", [id, revision, JSON.stringify(tariff ?? null)]);
      values[keys.indexOf("configuration")] = encrypted;
      assignments.push(`configuration_revision = $${values.push(revision) + 1}`, `configuration_holds_secrets = $${values.push(holdsSecrets) + 1}`);
    }
    const rows = await queryable.query(`UPDATE exosphere.device SET revision = revision + 1, ${assignments.join(", ")} WHERE id = $1 RETURNING id`, [id, ...values]);
    if (rows.length === 0) throw new Problem(404, "device-unknown", `There is no device ${id}.`);
    // The document may hold the Wi-Fi password: the audit says that it changed, not to what.
    await writeAudit(queryable, actor, "device.change", id, { changed: keys });
  });
}

/** Queues a command; its id is above all that the device has had or said that it took up, also from another database. */
export async function addCommand(database: Database, device: string, text: string, actor: string): Promise<number> {
  return database.transaction(async (queryable) => {
    const [found] = await queryable.query<Row & { taken: number }>("SELECT COALESCE(command_taken, 0) AS taken FROM exosphere.device WHERE id = $1 FOR UPDATE", [device]);
    if (found === undefined) throw new Problem(404, "device-unknown", `There is no device ${device}.`);
    const { newest } = onlyRow(await queryable.query<Row & { newest: number }>("SELECT COALESCE(max(id), 0) AS newest FROM exosphere.command WHERE device = $1", [device]));
    const id = Math.max(found.taken, newest) + 1;
    if (id >= 2 ** 31) throw new Problem(409, "commands-used-up", `The device ${device} says that it has taken up the last possible command.`);
    await queryable.query("INSERT INTO exosphere.command (device, id, text) VALUES ($1, $2, $3)", [device, id, text]);
    await writeAudit(queryable, actor, "command.create", device, { id, text });
    return id;
  });
}
