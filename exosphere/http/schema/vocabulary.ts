/*
 * The vocabulary in which requests and answers are described, each once.
 *
 * Input: none. Output: JSON Schemas (2020-12) that Fastify checks, TypeScript types that follow from them, and
 * names for the OpenAPI document. Invariants: an object has no other members than those described; the
 * description of a request's member completes the sentence "… must be".
 */
import { type Static, type TObjectOptions, type TProperties, type TSchema, Type } from "typebox";

const names = new WeakMap<object, string>();

/** Gives a schema its name among the components of the OpenAPI document. */
export function named<T extends TSchema>(name: string, schema: T): T {
  names.set(schema, name);
  return schema;
}

export function nameOf(schema: object): string | undefined {
  return names.get(schema);
}

/** Where an input is wrong, as a JSON Pointer (RFC 6901), and what is wrong there. */
export interface InputError { pointer: string; detail: string }

type Check = (value: never) => InputError[];
const checks = new Map<string, { type: string; check: Check }>();

function rule(name: string, type: string, check: Check): { "x-rule": string } {
  checks.set(name, { type, check });
  return { "x-rule": name };
}

/** Options of a schema that add what JSON Schema cannot say; it is run on values of the right JSON type only. */
export function textRule(name: string, errorOf: (value: string) => string | undefined): { "x-rule": string } {
  return rule(name, "string", (value: string) => {
    const detail = errorOf(value);
    return detail === undefined ? [] : [{ pointer: "", detail }];
  });
}

export function listRule(name: string, check: (value: unknown[]) => InputError[]): { "x-rule": string } {
  return rule(name, "array", check);
}

export function objectRule(name: string, check: (value: Record<string, unknown>) => InputError[]): { "x-rule": string } {
  return rule(name, "object", check);
}

/** Errors of `value` by the rule of a name, with pointers from `value` on. */
export function ruleErrors(name: string, value: unknown): InputError[] {
  const found = checks.get(name);
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  return found === undefined || found.type !== type ? [] : found.check(value as never);
}

/** An object without other members than these. */
export function object<T extends TProperties>(properties: T, options: TObjectOptions = {}) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

export function orNull<T extends TSchema>(schema: T, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** A list of two members of their own types each. */
export function pair<A extends TSchema, B extends TSchema>(first: A, second: B) {
  return Type.Unsafe<[Static<A>, Static<B>]>({ type: "array", prefixItems: [first, second], items: false, minItems: 2 });
}

export const text = Type.String();
/** A whole number from 0. */
export const count = Type.Integer({ minimum: 0 });
export const flag = Type.Boolean();
/** UTC, ISO 8601. */
export const moment = Type.String({ format: "date-time" });
/** Any JSON object. */
export const anyObject = Type.Unsafe<Record<string, unknown>>({ type: "object" });
/** No control characters and no half characters, which PostgreSQL cannot hold. */
const PLAIN = "^[^\\u0000-\\u001f\\ud800-\\udfff]*$";

/** A text that may be shown in one line; `description` says its rule. */
export function line(minLength: number, maxLength: number, description = `a text of ${minLength} to ${maxLength} characters without control characters`) {
  return Type.String({ minLength, maxLength, pattern: PLAIN, description });
}

/** 2^31 - 1, the largest PostgreSQL integer. */
export const INTEGER_MAX = 2_147_483_647;
/** The path of a numbered thing. */
export const numberPath = object({ id: Type.Integer({ minimum: 1, maximum: INTEGER_MAX }) });
export const idPath = object({ id: text });

export const Ok = named("Ok", object({ ok: flag }));
export const Made = named("Made", object({ id: count }));
const lastNumbers = Type.Unsafe<[number, number, number]>({ type: "array", prefixItems: [count, count, count], items: false, minItems: 3, description: "Highest boot, sequence and session that the endpoint has of the device" });
export const LastNumbers = lastNumbers;
export const ProblemDocument = named("Problem", object({
  type: text, title: text, status: count, detail: text,
  errors: Type.Optional(Type.Array(object({ pointer: text, detail: text }), { description: "Each error of the request: where, as a JSON Pointer (RFC 6901), and what." })),
  last: Type.Optional(lastNumbers), time: Type.Optional(count),
}, { description: "RFC 9457; last and time only with replayed-request" }));
