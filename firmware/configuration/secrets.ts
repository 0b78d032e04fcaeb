/*
 * Secrets of a configuration document: never given out, and not lost when a document comes back without them.
 *
 * Input: the bytes of a document. Output: the document with each secret replaced by SECRET, or the other way
 * round. Invariant: redactSecrets leaves no byte of a secret; a document that is not JSON is given out as "".
 */
import type { Bytes, CryptoPort } from "../../hal/ports";
import { bytesOfHex } from "../base/bytes";
import { createJsonReader, nextJson, skipJson } from "../base/json_reader";
import { SEALED } from "../protocol";
import { openSealed } from "./sealed";

/** Placeholder of a secret in a document; sent back, it means "the one you have". */
export const SECRET = "(secret)";

/** Is `name` in the top-level object `object` a secret? */
function isSecret(object: Bytes, name: Bytes): boolean {
  return (object.substring(0, 8) === "endpoint" && name === "key") || ((object === "network" || object === "device") && name === "password") || (object === "api" && name === "token");
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

/** The secret in `sealed` for the device whose document is `old`; "" when it does not open with its key. */
function opened(crypto: CryptoPort, old: Bytes, place: Bytes, sealed: Bytes): Bytes {
  const written = secretOf(old, "endpoint");
  const key = bytesOfHex(written.substring(1, written.length - 1));
  return key === undefined || key === "" ? "" : openSealed(crypto, key, place, sealed);
}

/**
 * Copies `document` with every secret exchanged: for SECRET, or, given `old`, each SECRET for the one in `old`; given
 * `crypto` too, each sealed one for what it holds. One that does not open stays sealed. One pass, because each copy
 * of a document is a large part of a board's memory.
 */
function exchange(document: Bytes, old: Bytes | undefined, crypto: CryptoPort | undefined): Bytes {
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
      const name = reader.value;
      const secret = isSecret(section, name);
      const token = nextJson(reader);
      const start = reader.start;
      const value = token === "text" ? reader.value : "";
      skipJson(reader);
      if (!secret) continue;
      let known = "";
      if (old === undefined) known = "\"" + SECRET + "\"";
      else if (value === SECRET) known = secretOf(old, section);
      else if (crypto !== undefined && value.substring(0, SEALED.length) === SEALED) known = opened(crypto, old, section + "." + name, value);
      // A secret that is not exchanged stays as it is written.
      if (known === "") continue;
      copy += document.substring(copied, start) + known;
      copied = reader.at;
    }
  }
  nextJson(reader);
  return reader.token === "end" ? copy + document.substring(copied) : "";
}

/** The document as it may be shown; "" when it is not JSON. */
export function redactSecrets(document: Bytes): Bytes {
  return exchange(document, undefined, undefined);
}

/**
 * A new document in which each SECRET is the secret of `old` again and, with `crypto`, each sealed secret is open by the
 * key in `old`; as it is when it is not JSON. A sealed secret that does not open stays so: see hasSealed.
 */
export function restoreSecrets(document: Bytes, old: Bytes, crypto: CryptoPort | undefined): Bytes {
  const restored = exchange(document, old, crypto);
  return restored === "" ? document : restored;
}

/** Whether a text of the document is sealed: no board may take it for a password. */
export function hasSealed(document: Bytes): boolean {
  return document.indexOf("\"" + SEALED) >= 0;
}
