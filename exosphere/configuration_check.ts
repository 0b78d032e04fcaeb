/*
 * Checks a device's configuration document before it is offered to a board.
 *
 * Input: a document from outside. Output: its mistakes with their paths. Invariant: the schema is the one
 * that is made from the settings which the board checks (docs/configuration.schema.json), so a document
 * that passes here is not refused there for its form; what depends on the board itself, such as whether a
 * pin exists, only the board can say.
 */
import { readFileSync } from "node:fs";
import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

const MISTAKES_MAX = 10;
let validate: ValidateFunction | undefined;

/** Compiled at the first use: a server that offers no configuration does not pay for it. */
function validator(): ValidateFunction {
  if (validate === undefined) {
    const schema = JSON.parse(readFileSync(new URL("../docs/configuration.schema.json", import.meta.url), "utf8")) as object;
    validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  }
  return validate;
}

function sentence({ instancePath, message, params }: ErrorObject): string {
  const extra = (params as { additionalProperty?: string }).additionalProperty;
  return `/configuration${instancePath} ${message ?? "is wrong"}${extra === undefined ? "" : `: ${extra}`}`;
}

/** One sentence a mistake, at most ten; empty when the document fits. */
export function configurationMistakes(document: unknown): string[] {
  const check = validator();
  return check(document) ? [] : (check.errors ?? []).slice(0, MISTAKES_MAX).map(sentence);
}
