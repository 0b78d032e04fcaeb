/*
 * Secrets of a configuration document: never given out, and not lost when a document comes back without them.
 *
 * Input: the bytes of a document. Output: the document with each secret replaced by SECRET, or the other way
 * round. Invariant: redactSecrets leaves no byte of a secret; a document that is not JSON is given out as "".
 */
import type { Bytes } from "../../hal/ports";
import { createJsonReader, nextJson, skipJson } from "../base/json_reader";

/** What stands in place of a secret; sent back, it means "the one you have". */
export const SECRET = "(secret)";

/** Is `name` in the top-level object `object` a secret? */
function isSecret(object: Bytes, name: Bytes): boolean {
  return (object === "endpoint" && name === "key") || ((object === "network" || object === "device") && name === "password") || (object === "api" && name === "token");
}

/** The secret of `object` as it is written in `document`, with its quotes; "" when there is none. */
function secretOf(document: Bytes, object: Bytes): Bytes {
  const reader = createJsonReader(document);
  if (nextJson(reader) !== "{") return "";
  while (nextJson(reader) === "key") {
    const section = reader.value;
    let token = nextJson(reader);
    if (section !== object || token !== "{") {
      skipJson(reader);
      continue;
    }
    while (nextJson(reader) === "key") {
      const name = reader.value;
      token = nextJson(reader);
      if (token === "text" && isSecret(section, name)) return document.substring(reader.start, reader.at);
      skipJson(reader);
    }
  }
  return "";
}

/** Copies `document` with every secret exchanged: for SECRET, or, given `old`, each SECRET for the one in `old`. */
function exchange(document: Bytes, old: Bytes | undefined): Bytes {
  const reader = createJsonReader(document);
  let copy = "";
  let copied = 0;
  if (nextJson(reader) !== "{") return "";
  while (nextJson(reader) === "key") {
    const section = reader.value;
    if (nextJson(reader) !== "{") {
      skipJson(reader);
      continue;
    }
    while (nextJson(reader) === "key") {
      const secret = isSecret(section, reader.value);
      const token = nextJson(reader);
      const start = reader.start;
      const kept = token === "text" && reader.value === SECRET;
      skipJson(reader);
      if (!secret || (old !== undefined && !kept)) continue;
      const known = old === undefined ? "" : secretOf(old, section);
      copy += document.substring(copied, start) + (known === "" ? "\"" + SECRET + "\"" : known);
      copied = reader.at;
    }
  }
  nextJson(reader);
  return reader.token === "end" ? copy + document.substring(copied) : "";
}

/** The document as it may be shown; "" when it is not JSON. */
export function redactSecrets(document: Bytes): Bytes {
  return exchange(document, undefined);
}

/** A new document in which each SECRET is the secret of `old` again; as it is when it is not JSON. */
export function restoreSecrets(document: Bytes, old: Bytes): Bytes {
  const restored = exchange(document, old);
  return restored === "" ? document : restored;
}
