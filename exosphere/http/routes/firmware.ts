/*
 * Releases and roll-outs as administrators see them.
 *
 * Input: JSON of an account; a release as a file. Output: JSON. Invariant: every change is in the audit under the name of
 * the account that made it.
 */
import { Type } from "typebox";
import { KeyPath, NewRollout, Programs, ReleaseKey, ReleaseKeys, ReleasePath, Releases, Rollout, RolloutChange, Rollouts, UploadedRelease } from "../../releases/release_documents";
import { RELEASE_BYTES_MAX } from "../../releases/release_file";
import { addRelease, addReleaseKey, listPrograms, listReleaseKeys, listReleases, removeRelease, removeReleaseKey } from "../../releases/release_store";
import { changeRollout, createRollout, listRollouts, readRollout } from "../../releases/rollout_store";
import type { Context } from "../context";
import { Made, numberPath, Ok } from "../schema/vocabulary";
import { actorOf, type Routes } from "./route";

const RELEASE = Type.Unsafe<Buffer>({ description: "A file as 'sdc release sign' writes it (docs/UPDATE.md)" });

export function firmwareRoutes(server: Routes, context: Context): void {
  const { database } = context;

  server.get("/api/v1/release-keys", {
    config: { access: "viewer" },
    schema: { summary: "Public keys that releases are believed under here", response: { 200: ReleaseKeys } },
  }, async () => listReleaseKeys(database));

  server.post("/api/v1/release-keys", {
    config: { access: "admin" },
    schema: { summary: "Believe a key", body: ReleaseKey, response: { 201: Ok } },
  }, async (request, reply) => {
    await addReleaseKey(database, request.body, actorOf(request));
    return reply.code(201).send({ ok: true });
  });

  server.delete("/api/v1/release-keys/:identifier", {
    config: { access: "admin" },
    schema: { summary: "Believe a key no longer", params: KeyPath, response: { 200: Ok } },
  }, async (request) => {
    await removeReleaseKey(database, request.params.identifier, actorOf(request));
    return { ok: true };
  });

  server.get("/api/v1/releases", {
    config: { access: "viewer" },
    schema: { summary: "Releases that were uploaded", response: { 200: Releases } },
  }, async () => listReleases(database));

  server.post("/api/v1/releases", {
    bodyLimit: RELEASE_BYTES_MAX, config: { access: "admin", takes: "application/octet-stream" },
    schema: { summary: "Upload a signed release", body: RELEASE, response: { 201: UploadedRelease } },
  }, async (request, reply) => reply.code(201).send(await addRelease(database, request.body, actorOf(request), context.nowS())));

  server.delete("/api/v1/releases/:number", {
    config: { access: "admin" },
    schema: { summary: "Remove a release that has had no roll-out", params: ReleasePath, response: { 200: Ok } },
  }, async (request) => {
    await removeRelease(database, request.params.number, actorOf(request));
    return { ok: true };
  });

  server.get("/api/v1/programs", {
    config: { access: "viewer" },
    schema: { summary: "What each device says that it runs", response: { 200: Programs } },
  }, async () => listPrograms(database));

  server.get("/api/v1/rollouts", {
    config: { access: "viewer" },
    schema: { summary: "Roll-outs with the numbers of their groups", response: { 200: Rollouts } },
  }, async () => listRollouts(database));

  server.post("/api/v1/rollouts", {
    config: { access: "admin" },
    schema: { summary: "Begin a roll-out", body: NewRollout, response: { 201: Made } },
  }, async (request, reply) => reply.code(201).send({ id: await createRollout(database, request.body, actorOf(request), context.nowS()) }));

  server.get("/api/v1/rollouts/:id", {
    config: { access: "viewer" },
    schema: { summary: "A roll-out with the state of each device", params: numberPath, response: { 200: Rollout } },
  }, async (request) => readRollout(database, request.params.id));

  server.put("/api/v1/rollouts/:id", {
    config: { access: "admin" },
    schema: { summary: "Pause, resume or abort a roll-out", params: numberPath, body: RolloutChange, response: { 200: Ok } },
  }, async (request) => {
    await changeRollout(database, request.params.id, request.body.state, actorOf(request), context.nowS());
    return { ok: true };
  });
}
