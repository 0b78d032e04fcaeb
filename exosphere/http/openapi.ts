/*
 * The OpenAPI 3.1 document that the server serves at /api/openapi.json.
 *
 * Input: the list of routes below. Output: a document. Invariant: every route of the server is in the list
 * and nothing else; test/exosphere/openapi.test.ts compares it with the running server.
 */
import { SCHEMAS } from "./openapi_schemas";

type Access = "device" | "viewer" | "admin" | "nobody";
/** Method, path, what it does, who may, schema of the body taken, status and schema or media type given. */
type Route = [method: "get" | "post" | "put" | "delete", path: string, summary: string, access: Access, takes: string, status: number, gives: string];

const FILTERS = ["device", "user", "month"];
const QUERIES: Record<string, string[]> = {
  "/api/v1/users": ["after", "from"], "/api/v1/configuration": ["after", "from"], "/api/v1/audit": ["before"],
  "/api/v1/tables/{id}/rows": [...FILTERS, "sort", "order", "cursor", "limit"], "/api/v1/tables/{id}/totals": FILTERS, "/api/v1/tables/{id}/months": ["device", "user"],
  "/api/v1/tables/{id}/rows.csv": [...FILTERS, "sort", "order", "flavour"], "/api/v1/tables/{id}/rows.json": [...FILTERS, "sort", "order"],
};

export const ROUTES: Route[] = [
  ["post", "/api/v1/rows", "Upload rows", "device", "application/cbor-seq", 200, "UploadAnswer"],
  ["get", "/api/v1/users", "A piece of the users' image", "device", "", 200, "application/octet-stream"],
  ["get", "/api/v1/configuration", "A piece of the configuration document", "device", "", 200, "application/octet-stream"],
  ["get", "/api/v1/firmware", "Reserved", "device", "", 404, "Problem"],
  ["post", "/api/v1/login", "Open a session by password or one-time link", "nobody", "Login", 200, "Ok"],
  ["post", "/api/v1/logout", "End the session", "viewer", "", 200, "Ok"],
  ["get", "/api/v1/me", "Who is asking", "viewer", "", 200, "Me"],
  ["get", "/api/v1/accounts", "List accounts", "admin", "", 200, "Accounts"],
  ["put", "/api/v1/accounts/{name}", "Make an account, or give it a new password and role", "admin", "AccountChange", 200, "Ok"],
  ["delete", "/api/v1/accounts/{name}", "Delete an account", "admin", "", 200, "Ok"],
  ["post", "/api/v1/tokens", "Make a token for programs; shown once", "admin", "TokenRequest", 201, "Token"],
  ["get", "/api/v1/audit", "Changes, newest first", "admin", "", 200, "Audit"],
  ["get", "/api/v1/contents", "Column contents and the datatypes they fill", "viewer", "", 200, "Contents"],
  ["get", "/api/v1/tables", "List tables", "viewer", "", 200, "Tables"],
  ["post", "/api/v1/tables", "Create a table", "admin", "Table", 201, "Table"],
  ["get", "/api/v1/tables/{id}", "Export a table's description", "viewer", "", 200, "Table"],
  ["put", "/api/v1/tables/{id}", "Rename, reorder and add columns", "admin", "Table", 200, "Table"],
  ["get", "/api/v1/tables/{id}/rows", "A page of rows", "viewer", "", 200, "Rows"],
  ["get", "/api/v1/tables/{id}/totals", "Rows or sessions, energy, time and money", "viewer", "", 200, "Totals"],
  ["get", "/api/v1/tables/{id}/months", "Totals by month", "viewer", "", 200, "Months"],
  ["get", "/api/v1/tables/{id}/rows.csv", "Rows as CSV: flavour rfc4180 or spreadsheet", "viewer", "", 200, "text/csv"],
  ["get", "/api/v1/tables/{id}/rows.json", "Rows as JSON objects", "viewer", "", 200, "application/json"],
  ["get", "/api/v1/devices", "The fleet", "viewer", "", 200, "Devices"],
  ["get", "/api/v1/rejected-requests", "The last request under a key id that no device has", "viewer", "", 200, "RejectedRequests"],
  ["post", "/api/v1/devices", "Make a device with its first key", "admin", "NewDevice", 201, "NewKey"],
  ["put", "/api/v1/devices/{id}", "Change name, enabled, minIntervalS, configuration", "admin", "DeviceChange", 200, "Ok"],
  ["get", "/api/v1/devices/{id}/configuration", "The configuration that is offered, without its secrets", "admin", "", 200, "OfferedConfiguration"],
  ["post", "/api/v1/configurations/check", "Every mistake of a configuration, by the board's own check, and what does not fit this endpoint", "admin", "ConfigurationToCheck", 200, "ConfigurationMistakes"],
  ["get", "/api/v1/devices/{id}/problems", "Losses, gaps, refused rows, commands", "viewer", "", 200, "DeviceProblems"],
  ["post", "/api/v1/devices/{id}/keys", "Make a second key", "admin", "", 201, "NewKey"],
  ["delete", "/api/v1/devices/{id}/keys/{keyId}", "Revoke a key", "admin", "", 200, "Ok"],
  ["post", "/api/v1/devices/{id}/commands", "Queue a command for the device", "admin", "NewCommand", 201, "Made"],
  ["post", "/api/v1/devices/{id}/quarantine", "Offer refused rows to the tables again", "admin", "", 200, "Retried"],
  ["get", "/api/v1/people", "List users", "viewer", "", 200, "People"],
  ["post", "/api/v1/people", "Add a user", "admin", "Person", 201, "Made"],
  ["put", "/api/v1/people/{id}", "Replace a user", "admin", "Person", 200, "Made"],
  ["delete", "/api/v1/people/{id}", "Delete a user; past rows keep their text", "admin", "", 200, "Ok"],
  ["get", "/api/openapi.json", "This document", "nobody", "", 200, "application/json"],
];

/** Media type and schema of a name in the list: the name of a schema, or a media type. */
function content(name: string): object {
  if (name.includes("/")) return { [name]: {} };
  return { [name === "Problem" ? "application/problem+json" : "application/json"]: { schema: { $ref: `#/components/schemas/${name}` } } };
}

function operation([, path, summary, access, takes, status, gives]: Route): object {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: "path", required: true, schema: { type: "string" } }));
  const inQuery = (QUERIES[path] ?? []).map((name) => ({ name, in: "query", required: false, schema: { type: "string" } }));
  return {
    summary,
    security: access === "nobody" ? [] : access === "device" ? [{ signature: [] }] : [{ session: [] }, { token: [] }],
    ...access === "admin" ? { description: "Administrators only." } : {},
    parameters: [...inPath, ...inQuery],
    ...takes === "" ? {} : { requestBody: { required: true, content: content(takes) } },
    responses: { [status]: { description: summary, content: content(gives) }, default: { description: "A problem", content: content("Problem") } },
  };
}

export function openApiDocument(): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of ROUTES) paths[route[1]] = { ...paths[route[1]], [route[0]]: operation(route) };
  return {
    openapi: "3.1.0",
    info: { title: "Exosphere, endpoint of the Session Database Connector", version: "1", description: "Signatures, records and their meaning: docs/PROTOCOL.md." },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: {
        signature: { type: "apiKey", in: "header", name: "Signature", description: "RFC 9421, hmac-sha256, label sdc." },
        session: { type: "apiKey", in: "cookie", name: "exosphere_session" },
        token: { type: "http", scheme: "bearer" },
      },
    },
  };
}
