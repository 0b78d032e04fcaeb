/*
 * The configuration documents that the endpoint offers to its devices.
 *
 * Input: documents of administrators. Output: sealed text in exosphere.device, the bytes that a device fetches,
 * and for people the document without its secrets. Invariants: a secret leaves this module towards its own
 * device only, encrypted for it; a document that is offered has passed the board's own check and is of that device; its revision is above the
 * endpoint's last one and above what the device holds, because a device fetches only what is newer.
 */
import { redactSecrets, restoreSecrets, SECRET } from "../../firmware/configuration/secrets";
import { SEAL_FORMAT } from "../../firmware/protocol";
import { checkDocument, sentence } from "./check";
import { identityErrors } from "./identity";
import { bytesOfText, textOfBytes } from "../../console/bytes";
import type { OfferedConfiguration } from "../devices/device_documents";
import type { Queryable, Row } from "../database/database";
import { Problem } from "../http/problem";
import { encryptAtRest, decryptAtRest } from "../devices/encrypt_at_rest";
import { sealForDevice } from "../devices/seal_for_device";

type Stored = Row & { configuration: string | null; revision: number; held: number | null; opens: number };

/** A document as it lies in the database; those of the first release lie there in clear. */
function opened(secret: string, stored: string): string {
  return stored.startsWith("{") ? stored : decryptAtRest(secret, stored).toString("utf8");
}

async function storedOf(queryable: Queryable, id: string, lock: string): Promise<Stored> {
  const [row] = await queryable.query<Stored>(`SELECT configuration, configuration_revision AS revision, configuration_held AS held, opens_sealed AS opens FROM exosphere.device WHERE id = $1 ${lock}`, [id]);
  if (row === undefined) throw new Problem(404, "device-unknown", `There is no device ${id}.`);
  return row;
}

/** Every secret of a document by its place. */
const SECRETS: [section: string, name: string][] = [["endpoint", "key"], ["endpoint2", "key"], ["endpoint3", "key"], ["network", "password"], ["device", "password"], ["api", "token"]];

/** Whether the document holds a secret, not only the word that the board is to keep its own. */
function holdsSecret(document: Record<string, Record<string, unknown> | undefined>): boolean {
  return SECRETS.some(([section, name]) => typeof document[section]?.[name] === "string" && document[section][name] !== SECRET);
}

/** The text with each secret sealed for the device that signs with `key`. */
function sealed(text: string, key: Uint8Array): string {
  const document = JSON.parse(text) as Record<string, Record<string, unknown> | undefined>;
  for (const [section, name] of SECRETS) {
    const part = document[section];
    const value = part?.[name];
    if (part !== undefined && typeof value === "string" && value !== SECRET) part[name] = sealForDevice(key, `${section}.${name}`, JSON.stringify(value));
  }
  return JSON.stringify(document);
}

/**
 * The document for the device's download: revision and UTF-8 text, its secrets sealed with the key that it signed with.
 * Revision 0 and "" when none is offered, or when it holds secrets and the device has not said that it opens sealed
 * ones.
 */
export async function documentForDevice(queryable: Queryable, secret: string, id: string, key: Uint8Array): Promise<{ revision: number; text: string }> {
  const { configuration, revision, opens } = await storedOf(queryable, id, "");
  if (configuration === null) return { revision, text: "" };
  const text = opened(secret, configuration);
  if (opens !== SEAL_FORMAT && holdsSecret(JSON.parse(text) as Record<string, Record<string, unknown> | undefined>)) return { revision: 0, text: "" };
  return { revision, text: sealed(text, key) };
}

export async function documentForPeople(queryable: Queryable, secret: string, id: string): Promise<OfferedConfiguration> {
  const { configuration, revision, held } = await storedOf(queryable, id, "");
  if (configuration === null) return { revision, held, configuration: null };
  return { revision, held, configuration: JSON.parse(textOfBytes(redactSecrets(bytesOfText(opened(secret, configuration))))) as Record<string, unknown> };
}

/**
 * The encrypted text and the revision under which `document` is to be stored. "(secret)" keeps the secret of the
 * offer before; where there was none, the board keeps its own. Throws Problem 422 with every error, also when the document is of another device.
 */
export async function offerOf(queryable: Queryable, secret: string, id: string, document: unknown): Promise<{ revision: number; encrypted: string; holdsSecrets: boolean; tariff: unknown }> {
  const { configuration, revision: last, held } = await storedOf(queryable, id, "FOR UPDATE");
  const revision = Math.max(last, held ?? 0, 0) + 1;
  // The check reports a document that is not an object.
  const numbered: unknown = typeof document === "object" && document !== null && !Array.isArray(document) ? { ...document, revision } : document;
  const given = bytesOfText(JSON.stringify(numbered));
  const text = textOfBytes(configuration === null ? given : restoreSecrets(given, bytesOfText(opened(secret, configuration)), undefined));
  const read: unknown = JSON.parse(text);
  const keys = await queryable.query<Row & { key_id: string }>("SELECT key_id FROM exosphere.device_key WHERE device = $1 AND revoked_at IS NULL ORDER BY key_id", [id]);
  const errors = checkDocument(read, held !== null);
  // Wrong shapes and missing settings are reported already.
  for (const error of identityErrors(read, id, keys.map(({ key_id: keyId }) => keyId))) if (!errors.some(({ path }) => path === error.path || path === "")) errors.push(error);
  if (errors.length > 0) throw new Problem(422, "device-errors", errors.map(sentence).join("\n"));
  return { revision, encrypted: encryptAtRest(secret, Buffer.from(text)), holdsSecrets: holdsSecret(read as Record<string, Record<string, unknown> | undefined>), tariff: (read as { tariff?: unknown }).tariff };
}
