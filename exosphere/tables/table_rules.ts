/*
 * Rules of a table that JSON Schema cannot express: names that SQL can hold, contents that fit their columns.
 *
 * Input: parts of a document, of any shape. Output: errors with their places. Invariant: nothing here throws;
 * what is of a wrong shape is left to the schema.
 */
import { CONTENTS, DECLARED_FILLS } from "../../firmware/protocol";
import type { InputError } from "../http/schema/vocabulary";
import { CURRENCIES, currencyDigits } from "../pages/money.js";

/** PostgreSQL 18, section 5.6; a table of such a name would only be confusing. */
const SYSTEM_COLUMNS = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/** PostgreSQL cuts names at 63 bytes silently; we refuse instead. */
export function sqlNameError(name: string): string | undefined {
  if (name.trim() === "") return "must not be only blanks";
  if (Buffer.byteLength(name) > 63) return "must have at most 63 bytes";
  if (/[\0-\x1f\x7f]/.test(name)) return "must not hold control characters";
  if (/\p{Cs}/u.test(name)) return "must not hold half a character";
  if (SYSTEM_COLUMNS.includes(name)) return "is a name that PostgreSQL keeps for itself";
  return name.startsWith("_") ? "must not begin with _" : undefined;
}

/** Whether the content can fill a column of the type. */
export function columnErrors({ type, content: name }: { type?: unknown; content?: unknown }): InputError[] {
  if (typeof name !== "string" || name === "") return [];
  const content = CONTENTS.find((candidate) => candidate.name === name);
  if (content === undefined) return [{ pointer: "/content", detail: `there is no content ${name}; GET /api/v1/contents lists them` }];
  const fills: string[] = content.type === "declared" ? Object.values(DECLARED_FILLS).flat() : content.fills;
  return typeof type !== "string" || fills.includes(type) ? [] : [{ pointer: "/type", detail: `${content.name} (${content.type}) cannot fill a column of type ${type}; it fills ${fills.join(", ")}` }];
}

/** Ids and names that a column before has already. */
export function repeatedColumnErrors(columns: unknown[]): InputError[] {
  // Two names that look alike are one name.
  const parts = columns.map((column) => (column ?? {}) as { id?: unknown; name?: unknown }).map(({ id, name }) => ({ id, name: typeof name === "string" ? name.normalize("NFC") : name }));
  return parts.flatMap(({ id, name }, place) => {
    const before = parts.slice(0, place);
    const repeated = [...id !== undefined && before.some((one) => one.id === id) ? ["id"] : [], ...name !== undefined && before.some((one) => one.name === name) ? ["name"] : []];
    return repeated.map((member) => ({ pointer: `/${place}/${member}`, detail: "is used twice" }));
  });
}

export function currencyError(currency: string): string | undefined {
  return currency === "" || CURRENCIES.includes(currency) ? undefined : "must be a currency of ISO 4217 such as EUR, or empty";
}

/** Decimals of a currency are those of ISO 4217. */
export function moneyErrors({ currency, minorDigits }: { currency?: unknown; minorDigits?: unknown }): InputError[] {
  if (typeof currency !== "string" || currency === "" || typeof minorDigits !== "number" || minorDigits === currencyDigits(currency)) return [];
  return [{ pointer: "/minorDigits", detail: `must be ${currencyDigits(currency)}, the decimals of ${currency}; it may be left out` }];
}
