/*
 * Devices as administrators see them: keys, commands, configurations, quarantine.
 *
 * Input: JSON of an account. Output: JSON. Invariants: a new device key is in exactly one answer and in no
 * log; every change is in the audit under the name of the account that made it.
 */
import { auditReading } from "../../accounts/audit";
import { checkDocument } from "../../configuration/check";
import { documentForPeople } from "../../configuration/store";
import { tableWarnings } from "../../configuration/tables";
import { priceWarnings } from "../../configuration/tariff";
import {
  ConfigurationErrors, ConfigurationToCheck, DatabaseFaults, DeviceChange, DeviceProblems, Devices, KeyPath, NewCommand, NewDevice, NewKey, OfferedConfiguration, OwnClock, RejectedRequests, Retried,
} from "../../devices/device_documents";
import { addCommand, addKey, changeDevice, createDevice, revokeKey } from "../../devices/device_store";
import { deviceProblems, listDevices } from "../../devices/fleet";
import { ownClock } from "../../devices/own_clock";
import { lastUnknownKeyRequest } from "../../devices/rejected_request";
import { isoSeconds } from "../../ingest/cell";
import { retryQuarantine } from "../../ingest/retry_quarantine";
import { listTables } from "../../tables/table_store";
import type { Context } from "../context";
import { idPath, Made, Ok } from "../schema/vocabulary";
import { actorOf, type Routes } from "./route";

export function fleetRoutes(server: Routes, context: Context): void {
  const { database, secret } = context;

  server.get("/api/v1/devices", {
    config: { access: "viewer" },
    schema: { summary: "The fleet", response: { 200: Devices } },
  }, async () => listDevices(database, context.nowS()));

  server.get("/api/v1/rejected-requests", {
    config: { access: "viewer" },
    schema: { summary: "The last request under a key id that no device has", response: { 200: RejectedRequests } },
  }, async () => {
    const last = await lastUnknownKeyRequest(database, context.nowS());
    return last === undefined ? [] : [last];
  });

  server.get("/api/v1/database-faults", {
    config: { access: "viewer" },
    schema: { summary: "What the database could not do since this process started, newest first", response: { 200: DatabaseFaults } },
  }, async () => context.faults.list().map(({ what, message, firstS, lastS, count }) => (
    { what, message, firstAt: isoSeconds(firstS), lastAt: isoSeconds(lastS), lastAgoS: Math.max(0, context.nowS() - lastS), count })));

  server.get("/api/v1/clock", {
    config: { access: "viewer" },
    schema: { summary: "Whether the endpoint's own clock is right, by its system and by the boards", response: { 200: OwnClock } },
  }, async () => ownClock(database, context.nowS(), await context.systemClock()));

  server.get("/api/v1/devices/:id/problems", {
    config: { access: "viewer" },
    schema: { summary: "Losses, gaps, quarantined rows, commands", params: idPath, response: { 200: DeviceProblems } },
  }, async (request) => deviceProblems(database, request.params.id));

  server.post("/api/v1/devices", {
    config: { access: "admin" },
    schema: { summary: "Create a device with its first key", body: NewDevice, response: { 201: NewKey } },
  }, async (request, reply) => reply.code(201).header("cache-control", "no-store").send(await createDevice(database, secret, request.body.id, request.body.name, actorOf(request))));

  server.put("/api/v1/devices/:id", {
    config: { access: "admin" },
    schema: { summary: "Change name, enabled, minIntervalS, configuration", params: idPath, body: DeviceChange, response: { 200: Ok } },
  }, async (request) => {
    await changeDevice(database, secret, request.params.id, request.body, actorOf(request));
    return { ok: true };
  });

  server.get("/api/v1/devices/:id/configuration", {
    config: { access: "admin" },
    schema: { summary: "The configuration that is offered, without its secrets", params: idPath, response: { 200: OfferedConfiguration } },
  }, async (request, reply) => {
    void reply.header("cache-control", "no-store");
    const document = await documentForPeople(database, secret, request.params.id);
    await auditReading(database, actorOf(request), "configuration.read", request.params.id);
    return document;
  });

  server.post("/api/v1/configurations/check", {
    config: { access: "admin" },
    schema: { summary: "Every error of a configuration, by the board's own check, and what does not fit this endpoint", body: ConfigurationToCheck, response: { 200: ConfigurationErrors } },
  }, async (request) => {
    const { configuration, keepsSecrets } = request.body;
    return { errors: checkDocument(configuration, keepsSecrets), warnings: [...tableWarnings(configuration, await listTables(database)), ...priceWarnings(configuration)] };
  });

  server.post("/api/v1/devices/:id/keys", {
    config: { access: "admin" },
    schema: { summary: "Create a second key", params: idPath, response: { 201: NewKey } },
  }, async (request, reply) => reply.code(201).header("cache-control", "no-store").send(await addKey(database, secret, request.params.id, actorOf(request))));

  server.delete("/api/v1/devices/:id/keys/:keyId", {
    config: { access: "admin" },
    schema: { summary: "Revoke a key", params: KeyPath, response: { 200: Ok } },
  }, async (request) => {
    await revokeKey(database, request.params.id, request.params.keyId, actorOf(request));
    return { ok: true };
  });

  server.post("/api/v1/devices/:id/commands", {
    config: { access: "admin" },
    schema: { summary: "Queue a command for the device", params: idPath, body: NewCommand, response: { 201: Made } },
  }, async (request, reply) => reply.code(201).send({ id: await addCommand(database, request.params.id, request.body.text, actorOf(request)) }));

  server.post("/api/v1/devices/:id/quarantine", {
    config: { access: "admin" },
    schema: { summary: "Offer quarantined rows to the tables again", params: idPath, response: { 200: Retried } },
  }, async (request) => retryQuarantine(database, request.params.id, actorOf(request), context.nowS()));
}
