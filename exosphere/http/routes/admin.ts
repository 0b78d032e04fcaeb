/*
 * Devices, keys, commands and people.
 *
 * Input: JSON of an administrator. Output: JSON. Invariant: a new device key is in exactly one answer and
 * in no log; every change is in the audit under the name of whoever made it.
 */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { requireRole } from "../../accounts/access";
import { checkDocument } from "../../configuration/check";
import { tableWarnings } from "../../configuration/tables";
import { priceWarnings } from "../../configuration/tariff";
import { documentForPeople } from "../../configuration/store";
import type { Context } from "../context";
import { addCommand, addKey, changeDevice, createDevice, type DeviceChange, revokeKey } from "../../devices/device_store";
import { deviceProblems, listDevices } from "../../devices/fleet";
import { retryQuarantine } from "../../ingest/retry_quarantine";
import { Problem } from "../problem";
import { listTables } from "../../tables/table_store";
import { lastUnknownKeyRequest } from "../../devices/rejected_request";
import { deletePerson, listPeople, savePerson } from "../../people/user_store";

const COMMAND_BYTES_MAX = 300;

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Problem(422, "wrong-document", "The body must be a JSON object.");
  return value as Record<string, unknown>;
}

function checkedChange(body: unknown): DeviceChange {
  const { name, enabled, configuration, minIntervalS } = record(body);
  const refuse = (detail: string): Problem => new Problem(422, "device-mistakes", detail);
  if (name !== undefined && (typeof name !== "string" || name.trim() === "" || name.length > 64 || /[\0-\x1f]|\p{Cs}/u.test(name))) throw refuse("/name must be a text of 1 to 64 characters, not of blanks alone, without control characters");
  if (enabled !== undefined && typeof enabled !== "boolean") throw refuse("/enabled must be true or false");
  if (minIntervalS !== undefined && (!Number.isInteger(minIntervalS) || (minIntervalS as number) < 1 || (minIntervalS as number) > 86_400)) throw refuse("/minIntervalS must be 1 … 86400 seconds");
  return { name: name as string | undefined, enabled, minIntervalS: minIntervalS as number | undefined, configuration };
}

function personId(request: FastifyRequest): number {
  const id = Number((request.params as { id: string }).id);
  if (!Number.isInteger(id) || id < 1 || id > 2 ** 31 - 1) throw new Problem(404, "user-unknown", "A user is named by a number.");
  return id;
}

export function adminRoutes(server: FastifyInstance, context: Context): void {
  const { database, secret } = context;
  const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;
  const actorOf = async (request: FastifyRequest): Promise<string> => (await requireRole(context, request, "admin")).account;

  server.get("/api/v1/devices", async (request) => {
    await requireRole(context, request, "viewer");
    return listDevices(database, context.nowS());
  });
  server.get("/api/v1/rejected-requests", async (request) => {
    await requireRole(context, request, "viewer");
    const last = await lastUnknownKeyRequest(database, context.nowS());
    return last === undefined ? [] : [last];
  });
  server.get("/api/v1/devices/:id/problems", async (request) => {
    await requireRole(context, request, "viewer");
    return deviceProblems(database, idOf(request));
  });
  server.post("/api/v1/devices", async (request, reply) => {
    const actor = await actorOf(request);
    const { id, name } = record(request.body);
    return reply.code(201).header("cache-control", "no-store").send(await createDevice(database, secret, id, name, actor));
  });
  server.put("/api/v1/devices/:id", async (request) => {
    const actor = await actorOf(request);
    await changeDevice(database, secret, idOf(request), checkedChange(request.body), actor);
    return { ok: true };
  });
  server.get("/api/v1/devices/:id/configuration", async (request, reply) => {
    await actorOf(request);
    void reply.header("cache-control", "no-store");
    return documentForPeople(database, secret, idOf(request));
  });
  server.post("/api/v1/configurations/check", async (request) => {
    await actorOf(request);
    const { configuration, keepsSecrets } = record(request.body);
    return { mistakes: checkDocument(configuration, keepsSecrets === true), warnings: [...tableWarnings(configuration, await listTables(database)), ...priceWarnings(configuration)] };
  });
  server.post("/api/v1/devices/:id/keys", async (request, reply) => {
    const key = await addKey(database, secret, idOf(request), await actorOf(request));
    return reply.code(201).header("cache-control", "no-store").send(key);
  });
  server.delete("/api/v1/devices/:id/keys/:keyId", async (request) => {
    await revokeKey(database, idOf(request), (request.params as { keyId: string }).keyId, await actorOf(request));
    return { ok: true };
  });
  server.post("/api/v1/devices/:id/commands", async (request, reply) => {
    const actor = await actorOf(request);
    const { text } = record(request.body);
    if (typeof text !== "string" || !/^=[\x20-\x7e]+$/.test(text) || text.length > COMMAND_BYTES_MAX) throw new Problem(422, "command-mistakes", `A command begins with = and has at most ${COMMAND_BYTES_MAX} characters of ASCII.`);
    return reply.code(201).send({ id: await addCommand(database, idOf(request), text, actor) });
  });

  server.post("/api/v1/devices/:id/quarantine", async (request) => retryQuarantine(database, idOf(request), await actorOf(request), context.nowS()));

  server.get("/api/v1/people", async (request) => {
    await requireRole(context, request, "viewer");
    return listPeople(database);
  });
  server.post("/api/v1/people", async (request, reply) => {
    const actor = await actorOf(request);
    return reply.code(201).send({ id: await savePerson(database, undefined, request.body, actor) });
  });
  server.put("/api/v1/people/:id", async (request) => {
    const actor = await actorOf(request);
    return { id: await savePerson(database, personId(request), request.body, actor) };
  });
  server.delete("/api/v1/people/:id", async (request) => {
    const actor = await actorOf(request);
    await deletePerson(database, personId(request), actor);
    return { ok: true };
  });
}
