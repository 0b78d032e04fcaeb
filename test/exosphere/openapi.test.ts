/*
 * The OpenAPI document against the running server: its routes, and answers that validate.
 *
 * Input: the served document, the server's own list of routes, real answers. Output: differences.
 * Invariant: a route without a description, or an answer with a member too many, fails here.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { issueSecret, saveAccount } from "../../exosphere/accounts/account";
import { type RunningServer, startServer } from "../../exosphere/start_server";
import { releaseBytes } from "../../exosphere/releases/release_file";
import { factRow } from "../../firmware/session/row";
import { imageFor } from "../unit/update/over_the_air_images";
import { KEY } from "../unit/update/update_world";
import { DeviceClient, row, status } from "./device_client";
import { WALLBOX } from "./wallbox_table";

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema?: { $ref: string } }> }>; requestBody?: { content: Record<string, { schema?: { $ref: string } }> } }>>;
  components: { schemas: Record<string, object> };
}

/** Method and path of each operation. */
function described(document: Document): string[] {
  return Object.entries(document.paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
}

describe("openapi document", function () {
  this.timeout(60_000);
  let server: RunningServer;
  let document: Document;
  let headers: Record<string, string>;
  const ajv = addFormats.default(new Ajv2020({ strict: true, allowUnionTypes: true, strictTuples: false, strictTypes: false }));

  before(async () => {
    server = await startServer({ port: 0 });
    document = await (await fetch(`${server.url}/api/openapi.json`)).json() as Document;
    ajv.addKeyword("components");
    ajv.addSchema({ $id: "doc", components: document.components });
    await saveAccount(server.database, "root", "a long password", "admin", "test");
    headers = { authorization: `Bearer ${await issueSecret(server.database, "root", "token", "", server.context.nowS(), 3600)}`, "content-type": "application/json" };
  });
  after(() => server.close());

  it("is version 3.1 and its schemas are schemas", () => {
    assert.equal(document.openapi, "3.1.0");
    for (const name of Object.keys(document.components.schemas)) ajv.compile({ $ref: `doc#/components/schemas/${name}` });
  });

  it("lists the routes of the server, no more and no fewer", () => {
    assert.deepEqual(described(document).sort(), [
      "delete /api/v1/accounts/{name}", "delete /api/v1/devices/{id}/keys/{keyId}", "delete /api/v1/people/{id}", "delete /api/v1/release-keys/{identifier}", "delete /api/v1/releases/{number}",
      "get /api/openapi.json", "get /api/v1/accounts", "get /api/v1/audit", "get /api/v1/backup", "get /api/v1/clock", "get /api/v1/configuration", "get /api/v1/contents", "get /api/v1/database-faults", "get /api/v1/devices",
      "get /api/v1/devices/{id}/configuration", "get /api/v1/devices/{id}/problems", "get /api/v1/firmware/document", "get /api/v1/firmware/pieces", "get /api/v1/letterhead", "get /api/v1/me",
      "get /api/v1/people", "get /api/v1/programs", "get /api/v1/rejected-requests", "get /api/v1/release-keys", "get /api/v1/releases", "get /api/v1/rollouts", "get /api/v1/rollouts/{id}",
      "get /api/v1/statements", "get /api/v1/statements.zip", "get /api/v1/statements/{id}", "get /api/v1/statements/{id}/paper.pdf", "get /api/v1/tables", "get /api/v1/tables/{id}",
      "get /api/v1/tables/{id}/billing", "get /api/v1/tables/{id}/billing/draft.pdf", "get /api/v1/tables/{id}/billing/sessions", "get /api/v1/tables/{id}/months",
      "get /api/v1/tables/{id}/rows", "get /api/v1/tables/{id}/rows.csv", "get /api/v1/tables/{id}/rows.json", "get /api/v1/tables/{id}/rows.xlsx", "get /api/v1/tables/{id}/totals",
      "get /api/v1/users", "post /api/v1/configurations/check", "post /api/v1/devices", "post /api/v1/devices/{id}/commands", "post /api/v1/devices/{id}/keys",
      "post /api/v1/devices/{id}/quarantine", "post /api/v1/login", "post /api/v1/logout", "post /api/v1/people", "post /api/v1/release-keys", "post /api/v1/releases", "post /api/v1/rollouts",
      "post /api/v1/rows", "post /api/v1/statements/{id}/cancel", "post /api/v1/tables", "post /api/v1/tables/{id}/assignments", "post /api/v1/tables/{id}/statements", "post /api/v1/tokens",
      "put /api/v1/accounts/{name}", "put /api/v1/devices/{id}", "put /api/v1/letterhead", "put /api/v1/me/password", "put /api/v1/people/{id}", "put /api/v1/rollouts/{id}",
      "put /api/v1/tables/{id}",
    ]);
  });

  /** Reads that give away a whole: secrets of a device, or all rows of a table. */
  const AUDITED_READS = ["/api/v1/devices/{id}/configuration", "/api/v1/tables/{id}/rows.csv", "/api/v1/tables/{id}/rows.json", "/api/v1/tables/{id}/rows.xlsx", "/api/v1/tables/{id}/billing/draft.pdf", "/api/v1/statements/{id}/paper.pdf", "/api/v1/statements.zip"];

  it("describes the answers that the server gives, and the bodies it takes; each change has one line in the audit", async () => {
    const seen = new Set<string>();
    const check = (reference: string | undefined, value: unknown, where: string): void => {
      if (reference === undefined) return;
      const validate = ajv.compile({ $ref: `doc${reference}` });
      assert.ok(validate(value), `${where}: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value).slice(0, 300)}`);
    };
    const audited = async (): Promise<number> => (await server.database.query<{ count: number }>("SELECT count(*) AS count FROM exosphere.audit"))[0]!.count;
    const ask = async (method: string, path: string, template: string, body?: unknown, expected = method === "post" ? 201 : 200): Promise<unknown> => {
      const operation = document.paths[template]![method]!;
      if (body !== undefined) check(operation.requestBody?.content["application/json"]?.schema?.$ref, body, `body of ${method} ${template}`);
      const before = await audited();
      const answer = await fetch(server.url + path, { method, headers: body === undefined ? { authorization: headers.authorization! } : headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      assert.equal(answer.status, expected, `${method} ${path}`);
      const described = operation.responses[String(answer.status)] ?? operation.responses.default!;
      const type = answer.headers.get("content-type")!.split(";")[0]!;
      assert.ok(Object.keys(described.content).includes(type), `${method} ${template} gives ${type}`);
      const text = await answer.text();
      const value: unknown = type.endsWith("json") ? JSON.parse(text) : text;
      check(described.content[type]?.schema?.$ref, value, `${method} ${template}`);
      seen.add(`${method} ${template}`);
      const changes = answer.ok && (method === "get" ? AUDITED_READS.includes(template) : template !== "/api/v1/configurations/check");
      assert.equal(await audited() - before, changes ? 1 : 0, `lines in the audit for ${method} ${template}`);
      return value;
    };
    await ask("post", "/api/v1/tables", "/api/v1/tables", WALLBOX);
    await ask("post", "/api/v1/tables", "/api/v1/tables", { ...WALLBOX, id: 2, name: "second", columns: WALLBOX.columns.slice(0, 1) });
    await ask("post", "/api/v1/tables", "/api/v1/tables", WALLBOX, 409);
    await ask("put", "/api/v1/tables/1", "/api/v1/tables/{id}", { ...WALLBOX, name: "renamed" });
    const key = await ask("post", "/api/v1/devices", "/api/v1/devices", { id: "box", name: "Box" }) as { keyId: string; keyHex: string };
    await ask("post", "/api/v1/devices/box/keys", "/api/v1/devices/{id}/keys");
    await ask("delete", "/api/v1/devices/box/keys/box.2", "/api/v1/devices/{id}/keys/{keyId}");
    const example = JSON.parse(readFileSync(new URL("../../docs/examples/wallbox.json", import.meta.url), "utf8")) as { endpoint: object };
    await ask("put", "/api/v1/devices/box", "/api/v1/devices/{id}", { name: "The box", minIntervalS: 60, configuration: { ...example, device: { id: "box" }, endpoint: { ...example.endpoint, keyId: "box.1" } } });
    await ask("get", "/api/v1/devices/box/configuration", "/api/v1/devices/{id}/configuration");
    await ask("post", "/api/v1/configurations/check", "/api/v1/configurations/check", { configuration: { version: 1 } }, 200);
    await ask("post", "/api/v1/devices/box/commands", "/api/v1/devices/{id}/commands", { text: "=ECHO(Block)" });
    const { id } = await ask("post", "/api/v1/people", "/api/v1/people", { cards: ["04A22B91"], fields: { name: "Anna" } }) as { id: number };
    await ask("put", `/api/v1/people/${id}`, "/api/v1/people/{id}", { cards: ["04A22B91"], fields: { name: "Anna B" }, validUntil: 2_000_000_000 });

    const box = new DeviceClient(server.url, key.keyId, Buffer.from(key.keyHex, "hex"));
    const upload = await box.upload(status({ 0: 1, 1: 9, 2: "1", 8: 0 }), row(1, 1, 1, 1, { 1: { epochS: 1767225600 }, 3: { uid: "04A22B91" } }), row(1, 2, 9, 1, {}), factRow(4, 3, 1, 5, 1), factRow(6, 4, 1, 2, 2));
    check("#/components/schemas/UploadAnswer", upload, "upload");
    for (const path of ["users?after=0&from=0", "configuration"]) {
      const answer = await box.get(`/api/v1/${path}`);
      assert.ok(box.believes(answer), path);
      const template = `/api/v1/${path.split("?")[0]}`;
      assert.ok(document.paths[template]!.get!.responses[String(answer.status)] !== undefined, path);
      seen.add(`get ${template}`);
    }
    for (const path of ["me", "accounts", "audit", "contents", "tables", "devices", "database-faults", "rejected-requests", "clock", "people"]) await ask("get", `/api/v1/${path}`, `/api/v1/${path}`);
    for (const end of ["", "/rows", "/totals", "/months", "/rows.csv", "/rows.json", "/rows.xlsx"]) await ask("get", `/api/v1/tables/1${end}`, `/api/v1/tables/{id}${end}`);
    await ask("get", "/api/v1/devices/box/problems", "/api/v1/devices/{id}/problems");
    assert.deepEqual(await ask("post", "/api/v1/devices/box/quarantine", "/api/v1/devices/{id}/quarantine", undefined, 200), { stored: 0, refused: 1 });
    await ask("get", "/api/v1/letterhead", "/api/v1/letterhead");
    await ask("put", "/api/v1/letterhead", "/api/v1/letterhead", { name: "House", address: "", taxLine: "", paymentText: "", numberPrefix: "R-", calibratedMeter: "", logo: "" });
    await ask("post", "/api/v1/tables", "/api/v1/tables", { ...WALLBOX, id: 3, name: "billed", currency: "EUR" });
    await box.upload(row(2, 5, 3, 5, { 1: { epochS: 1767225600 }, 2: { epochS: 1767229200 }, 3: { uid: "04A22B91" }, 4: 7450, 5: 238 }), row(2, 6, 3, 6, { 2: { epochS: 1767229200 }, 3: { uid: "DEADBEEF" } }));
    const period = { from: "2026-01-01", to: "2026-01-31" };
    for (const end of ["", "/sessions"]) await ask("get", `/api/v1/tables/3/billing${end}?from=2026-01-01&to=2026-01-31`, `/api/v1/tables/{id}/billing${end}`);
    await ask("get", `/api/v1/tables/3/billing/draft.pdf?from=2026-01-01&to=2026-01-31&person=${id}&language=de`, "/api/v1/tables/{id}/billing/draft.pdf");
    await ask("post", "/api/v1/tables/3/assignments", "/api/v1/tables/{id}/assignments", { ...period, group: "card:DEADBEEF", person: id }, 200);
    const { statements: [statement] } = await ask("post", "/api/v1/tables/3/statements", "/api/v1/tables/{id}/statements", { ...period, people: [id], language: "de" }) as { statements: { id: number }[] };
    await ask("get", "/api/v1/statements", "/api/v1/statements");
    for (const end of ["", "/paper.pdf"]) await ask("get", `/api/v1/statements/${statement!.id}${end}`, `/api/v1/statements/{id}${end}`);
    await ask("get", `/api/v1/statements.zip?ids=${statement!.id}`, "/api/v1/statements.zip");
    await ask("post", `/api/v1/statements/${statement!.id}/cancel`, "/api/v1/statements/{id}/cancel", undefined, 200);
    await ask("delete", `/api/v1/people/${id}`, "/api/v1/people/{id}");
    await ask("post", "/api/v1/tokens", "/api/v1/tokens", { note: "test", days: 1 });
    await ask("put", "/api/v1/accounts/vera", "/api/v1/accounts/{name}", { password: "a long password", role: "viewer" });
    await ask("post", "/api/v1/login", "/api/v1/login", { name: "vera", password: "a long password" }, 200);
    await ask("put", "/api/v1/me/password", "/api/v1/me/password", { current: "a long password", password: "another long password" }, 403);
    await ask("delete", "/api/v1/accounts/vera", "/api/v1/accounts/{name}");
    await ask("post", "/api/v1/logout", "/api/v1/logout", undefined, 200);
    await ask("get", "/api/v1/tables/77", "/api/v1/tables/{id}", undefined, 404);
    await ask("post", "/api/v1/release-keys", "/api/v1/release-keys", { publicKey: KEY.toString("hex"), name: "garage2026" });
    const image = imageFor(2);
    const uploaded = await fetch(`${server.url}/api/v1/releases`, { method: "POST", headers: { authorization: headers.authorization!, "content-type": "application/octet-stream" }, body: new Uint8Array(releaseBytes([image])) });
    check("#/components/schemas/UploadedRelease", await uploaded.json(), "release");
    await box.upload(status({ 13: "linux", 17: "1 0000000001 2029" }));
    const made = await ask("post", "/api/v1/rollouts", "/api/v1/rollouts", { name: "spring", release: 2, groups: [{ devices: ["box"] }], window: { from: "00:00", to: "00:00", timeZone: "UTC" } }) as { id: number };
    for (const path of ["release-keys", "releases", "programs", "rollouts"]) await ask("get", `/api/v1/${path}`, `/api/v1/${path}`);
    const offer = (await box.upload() as { firmware?: number }).firmware;
    for (const what of ["document", "pieces"]) {
      const answer = await box.get(`/api/v1/firmware/${what}?offer=${String(offer)}`);
      assert.ok(box.believes(answer), what);
      assert.equal(answer.status, 200);
      seen.add(`get /api/v1/firmware/${what}`);
    }
    await ask("get", `/api/v1/rollouts/${String(made.id)}`, "/api/v1/rollouts/{id}");
    await ask("put", `/api/v1/rollouts/${String(made.id)}`, "/api/v1/rollouts/{id}", { state: "aborted" });
    await ask("delete", "/api/v1/releases/2", "/api/v1/releases/{number}", undefined, 409);
    await ask("delete", `/api/v1/release-keys/${KEY.toString("hex").slice(16, 48)}`, "/api/v1/release-keys/{identifier}");
    const untested = described(document).filter((route) => !seen.has(route) && route !== "post /api/v1/rows" && route !== "post /api/v1/releases" && route !== "get /api/openapi.json" && route !== "get /api/v1/backup");
    assert.deepEqual(untested, []);
  });
});
