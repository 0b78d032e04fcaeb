/*
 * Checks values against their schemas, and words the errors for people.
 *
 * Input: schemas of vocabulary.ts and values from outside. Output: the value with its defaults, or a Problem
 * that names each place and what belongs there. Invariants: a value of a body is never converted; those of a
 * query and a path are texts, so numbers are read from them; a member that no schema names is an error.
 */
import type { ErrorObject, Options, SchemaValidateFunction, ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { Static, TSchema } from "typebox";
import { Problem } from "../problem";
import { type InputError, ruleErrors } from "./vocabulary";

const OPTIONS = { allErrors: true, verbose: true, useDefaults: true, strict: true, strictTuples: false, strictTypes: false, allowUnionTypes: true } as const;

/** The keyword of vocabulary.ts for what JSON Schema cannot say. */
const checkRule: SchemaValidateFunction = (name: string, value: unknown, _schema, place) => {
  const errors = ruleErrors(name, value);
  checkRule.errors = errors.map(({ pointer, detail }) => ({ keyword: "x-rule", instancePath: (place?.instancePath ?? "") + pointer, message: detail, params: {} }));
  return errors.length === 0;
};

function ajvWith(options: Options): Ajv2020 {
  return addFormats.default(new Ajv2020({ ...OPTIONS, ...options })).addKeyword({ keyword: "x-rule", schemaType: "string", errors: "full", validate: checkRule }) as Ajv2020;
}

const ajvOfBodies = ajvWith({});
const ajvOfTexts = ajvWith({ coerceTypes: true });

const TYPES: Record<string, string> = { string: "a text", integer: "a whole number", number: "a number", boolean: "true or false", array: "a list", object: "an object", null: "null" };

/** The expected value, from the schema that was not met. */
function expectation(error: ErrorObject): string {
  const schema = (error.parentSchema ?? {}) as { description?: string; type?: string; enum?: unknown[]; minimum?: number; maximum?: number; minItems?: number; maxItems?: number };
  if (schema.enum !== undefined) return `one of ${schema.enum.join(", ")}`;
  if (schema.description !== undefined) return schema.description;
  const type = TYPES[schema.type ?? ""] ?? "different";
  if (schema.minimum !== undefined) return `${type} ${schema.maximum === undefined ? `from ${schema.minimum}` : `${schema.minimum} … ${schema.maximum}`}`;
  if (schema.type === "array" && schema.maxItems !== undefined) return `a list of ${schema.minItems ?? 0} … ${schema.maxItems} members`;
  return type === "different" ? String(error.message ?? "different") : type;
}

function inputError(error: ErrorObject): InputError {
  const parameters = error.params as { missingProperty?: string; additionalProperty?: string; propertyName?: string };
  const step = (name: string): string => `${error.instancePath}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
  if (parameters.missingProperty !== undefined) return { pointer: step(parameters.missingProperty), detail: "is missing" };
  if (parameters.additionalProperty !== undefined) return { pointer: step(parameters.additionalProperty), detail: "is not known here; remove it" };
  if (error.keyword === "x-rule") return { pointer: error.instancePath, detail: error.message ?? "" };
  return { pointer: error.instancePath, detail: `must be ${expectation(error)}` };
}

/** One error a place, the outermost where alternatives failed together. */
function inputErrors(errors: readonly ErrorObject[]): InputError[] {
  const alternatives = errors.filter(({ keyword }) => keyword === "anyOf").map(({ schemaPath }) => schemaPath);
  const found = new Map<string, InputError>();
  for (const error of errors) {
    if (alternatives.some((path) => error.schemaPath.startsWith(`${path}/`))) continue;
    const one = inputError(error);
    if (!found.has(one.pointer)) found.set(one.pointer, one);
  }
  return [...found.values()];
}

/** The problem of a body with these errors. */
export function bodyProblem(errors: InputError[]): Problem {
  return new Problem(422, "wrong-document", errors.map(({ pointer, detail }) => `${pointer === "" ? "the document" : pointer} ${detail}`).join("; "), { errors });
}

/** For Fastify: errors of a part of a request as a problem. */
export function schemaErrorFormatter(errors: readonly unknown[], part: string): Problem {
  const found = inputErrors(errors as ErrorObject[]);
  const words = found.map(({ pointer, detail }) => `${pointer.slice(1)} ${detail}`).join("; ");
  if (part === "body") return bodyProblem(found);
  if (part === "querystring") return new Problem(400, "wrong-query", `${words}.`, { errors: found });
  return new Problem(404, "not-found", `There is nothing at this address: ${words}.`);
}

/** For Fastify: one check for each part of each route. */
export function validatorCompiler({ schema, httpPart }: { schema: unknown; httpPart?: string }): ValidateFunction {
  return (httpPart === "body" ? ajvOfBodies : ajvOfTexts).compile(schema as object);
}

/** `value` with its defaults filled in, a copy; throws Problem 422 with each error. For callers inside the program too. */
export function checked<T extends TSchema>(schema: T, value: unknown): Static<T> {
  const copy: unknown = structuredClone(value);
  const validate = ajvOfBodies.compile(schema);
  if (!validate(copy)) throw bodyProblem(inputErrors(validate.errors ?? []));
  return copy as Static<T>;
}
