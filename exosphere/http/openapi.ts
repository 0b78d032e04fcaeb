/*
 * The OpenAPI 3.1 document that the server serves at /api/openapi.json.
 *
 * Input: the routes as Fastify has them, with their schemas. Output: a document. Invariant: nothing about a
 * route is written here; schemas that vocabulary.ts has named become components.
 */
import type { RouteOptions } from "fastify";
import { nameOf, ProblemDocument } from "./schema/vocabulary";
import "./routes/route";

type Schema = Record<string, unknown>;
type Components = Record<string, Schema>;

/** `schema` with references in place of named schemas, which are added to `components`. */
function referenced(schema: unknown, components: Components): unknown {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map((one) => referenced(one, components));
  const name = nameOf(schema);
  if (name === undefined) return inlined(schema as Schema, components);
  components[name] ??= inlined(schema as Schema, components);
  return { $ref: `#/components/schemas/${name}` };
}

/** Without the rules that are code; a member with a default may be left out of a request. */
function inlined(schema: Schema, components: Components): Schema {
  const result = Object.fromEntries(Object.entries(schema).filter(([key]) => key !== "x-rule").map(([key, value]) => [key, referenced(value, components)]));
  const { required, properties } = schema as { required?: string[]; properties?: Record<string, Schema> };
  if (required !== undefined) result.required = required.filter((name) => properties?.[name]?.default === undefined);
  return result;
}

function content(type: string, schema: unknown, components: Components): object {
  return { [type]: schema === undefined ? {} : { schema: referenced(schema, components) } };
}

function parameters(schema: unknown, place: "path" | "query", components: Components): object[] {
  const { properties = {} } = (schema ?? {}) as { properties?: Record<string, unknown> };
  return Object.entries(properties).map(([name, one]) => ({ name, in: place, required: place === "path", schema: referenced(one, components) }));
}

const SECURITY = { anyone: [], device: [{ signature: [] }], viewer: [{ session: [] }, { token: [] }], admin: [{ session: [] }, { token: [] }] };

function operation({ schema = {}, config = {} }: RouteOptions, components: Components): object {
  const { summary = "", body, params, querystring, response } = schema;
  const { access = "anyone", takes = "application/json", gives = "application/json" } = config;
  const answers = Object.entries((response ?? { 200: undefined }) as Record<string, unknown>);
  return {
    summary, security: SECURITY[access],
    ...access === "admin" ? { description: "Administrators only." } : {},
    parameters: [...parameters(params, "path", components), ...parameters(querystring, "query", components)],
    ...body === undefined ? {} : { requestBody: { required: true, content: content(takes, body, components) } },
    responses: {
      ...Object.fromEntries(answers.map(([status, one]) => [status, { description: summary, content: content(one === ProblemDocument ? "application/problem+json" : gives, one, components) }])),
      default: { description: "A problem", content: content("application/problem+json", ProblemDocument, components) },
    },
  };
}

/** The document of `routes`, of which those under /api/ are described. */
export function openApiDocument(routes: RouteOptions[]): object {
  const components: Components = {};
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    if (!route.url.startsWith("/api/")) continue;
    const path = route.url.replace(/:(\w+)/g, "{$1}");
    for (const method of [route.method].flat()) if (method !== "HEAD" && method !== "OPTIONS") paths[path] = { ...paths[path], [method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: { title: "Exosphere, endpoint of the Session Database Connector", version: "1", description: "Signatures, records and their meaning: docs/PROTOCOL.md." },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    paths,
    components: {
      schemas: components,
      securitySchemes: {
        signature: { type: "apiKey", in: "header", name: "Signature", description: "RFC 9421, hmac-sha256, label sdc." },
        session: { type: "apiKey", in: "cookie", name: "exosphere_session" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}
