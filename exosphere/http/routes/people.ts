/*
 * People and their cards.
 *
 * Input: JSON of an administrator. Output: JSON. Invariant: every change is in the audit under the name of
 * the account that made it.
 */
import { PersonDocument, People } from "../../people/person_documents";
import { deletePerson, listPeople, savePerson } from "../../people/user_store";
import type { Context } from "../context";
import { Made, numberPath, Ok } from "../schema/vocabulary";
import { actorOf, type Routes } from "./route";

export function peopleRoutes(server: Routes, { database, nowS }: Context): void {
  server.get("/api/v1/people", {
    config: { access: "viewer" },
    schema: { summary: "List users", response: { 200: People } },
  }, async () => listPeople(database));

  server.post("/api/v1/people", {
    config: { access: "admin" },
    schema: { summary: "Add a user", body: PersonDocument, response: { 201: Made } },
  }, async (request, reply) => reply.code(201).send({ id: await savePerson(database, undefined, request.body, actorOf(request), nowS()) }));

  server.put("/api/v1/people/:id", {
    config: { access: "admin" },
    schema: { summary: "Replace a user", params: numberPath, body: PersonDocument, response: { 200: Made } },
  }, async (request) => ({ id: await savePerson(database, request.params.id, request.body, actorOf(request), nowS()) }));

  server.delete("/api/v1/people/:id", {
    config: { access: "admin" },
    schema: { summary: "Delete a user; past rows keep their text", params: numberPath, response: { 200: Ok } },
  }, async (request) => {
    await deletePerson(database, request.params.id, actorOf(request), nowS());
    return { ok: true };
  });
}
