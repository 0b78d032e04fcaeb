/*
 * Whether a document belongs to the device that it is offered to.
 *
 * Input: a document, the device's id, the ids of its keys that are in force. Output: errors. Invariant: a board
 * that takes a document without any of these can still upload here afterwards; with one it would be turned away
 * from then on, and only a cable would reach it. Runs on the server and in the configuration page.
 */
import type { DocumentError } from "./check";

/** A key id is "<device>.<number>" and has at most 32 characters in a configuration: 28 leave room for 999 keys. */
export const DEVICE_ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,27}$/;
export const DEVICE_ID_WORDS = "1 to 28 letters, digits, _ and -, beginning with a letter or digit";

/** Never throws, for any `document`. Keys of a webhook are those of another server, so nothing is known of them. */
export function identityErrors(document: unknown, id: string, keyIds: string[]): DocumentError[] {
  const { device, endpoint } = (document ?? {}) as { device?: { id?: unknown } | null; endpoint?: { target?: unknown; keyId?: unknown } | null };
  const errors: DocumentError[] = [];
  if (device?.id !== id) errors.push({ path: "device.id", what: `the document is for ${String(device?.id)}, the device is ${id}`, remedy: `write ${id}, or choose the device that the document is for` });
  if (endpoint?.target === "webhook") return errors;
  const remedy = keyIds.length === 0 ? "make a new key of the device" : `write ${keyIds.join(" or ")} with its key, or make a new key of the device`;
  if (endpoint === undefined || endpoint === null) errors.push({ path: "endpoint", what: "without it the board would never come back to this endpoint", remedy: `add it; ${remedy}` });
  else if (!keyIds.includes(String(endpoint.keyId))) errors.push({ path: "endpoint.keyId", what: `${String(endpoint.keyId)} is no key of ${id} that is in force: the board would be turned away`, remedy });
  return errors;
}
