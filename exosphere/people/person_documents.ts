/*
 * Requests and answers of the API about the people who charge and their cards.
 *
 * Input: none. Output: schemas and the types that follow from them. Invariant: the fields are those that a
 * board can put into a row.
 */
import { type Static, Type } from "typebox";
import { TEXT_BYTES_MAX } from "../../firmware/limits";
import { USER_FIELDS } from "../../firmware/protocol";
import { count, INTEGER_MAX, type InputError, named, object, objectRule, textRule } from "../http/schema/vocabulary";
import { cardKey } from "./card";


function fieldError(value: string): string | undefined {
  return Buffer.byteLength(value) > TEXT_BYTES_MAX ? `must be a text of at most ${TEXT_BYTES_MAX} bytes` : undefined;
}

function uidError(uid: string): string | undefined {
  return cardKey(uid) === undefined ? "must be a uid of 1 to 64 bytes" : undefined;
}

function fieldsErrors({ name }: { name?: unknown }): InputError[] {
  return typeof name === "string" && name !== "" && name.trim() === "" ? [{ pointer: "/name", detail: "must not be only blanks" }] : [];
}

function validityErrors({ validFrom, validUntil }: { validFrom?: unknown; validUntil?: unknown }): InputError[] {
  if (typeof validFrom !== "number" || typeof validUntil !== "number" || validUntil === 0 || validUntil > validFrom) return [];
  return [{ pointer: "/validUntil", detail: "must be after /validFrom, or 0 for open" }];
}

const time = Type.Integer({ minimum: 0, maximum: INTEGER_MAX, default: 0, description: "UTC seconds, 0 for open" });
const uid = Type.String({ pattern: "^[^\\u0000-\\u001f\\ud800-\\udfff]+$", ...textRule("uid", uidError), description: "a uid of 1 to 64 bytes" });
const cards = Type.Array(uid, { maxItems: 20, default: [], description: "a list of at most 20 uids" });
const field = Type.String({ pattern: "^[^\\u0000]*$", ...textRule("field", fieldError), description: `a text of at most ${TEXT_BYTES_MAX} bytes` });

/** By names of USER_FIELDS; a missing one is empty. */
const fields = Type.Unsafe<Record<string, string>>({
  type: "object", default: {}, additionalProperties: false, properties: Object.fromEntries(USER_FIELDS.map((name) => [name, field])), ...objectRule("user-fields", fieldsErrors),
});

export const PersonDocument = named("Person", object({ cards, fields, validFrom: time, validUntil: time }, objectRule("validity", validityErrors)));
export type Person = Static<typeof PersonDocument>;
export const People = named("People", Type.Array(object({ id: count, cards, fields, validFrom: time, validUntil: time })));
