/*
 * Bills: the letterhead, what each person owes, statements as PDF and ZIP.
 *
 * Input: JSON and query parameters. Output: JSON, PDF, ZIP. Invariants: viewers look, administrators issue, correct,
 * cancel and assign; each download and change is in the audit.
 */
import { auditReading } from "../../accounts/audit";
import { assignSessions, readBilling, readSessions } from "../../billing/billing";
import { Assigned, AssignmentDocument, BilledRows, BillingDocument, DraftQuery, Issued, IssueDocument, LetterheadDocument, PeriodQuery, SessionsQuery, StatementPath, Statements, StatementsQuery, TablePath, ZipQuery } from "../../billing/billing_documents";
import { readLetterhead, saveLetterhead } from "../../billing/letterhead";
import { LOGO_BYTES_MAX } from "../../billing/logo";
import { cancelStatement, draftOf, findEntries, findStatement, issueStatements, listStatements } from "../../billing/statement_store";
import { paperName, paperOf, statementZip } from "../../billing/statement_zip";
import { disposition, words } from "../../tables/download_name";
import { findTable } from "../../tables/table_store";
import type { Context } from "../context";
import { Problem } from "../problem";
import { anyObject, Ok } from "../schema/vocabulary";
import { actorOf, type Routes } from "./route";

/** Base64 and the other members. */
const LETTERHEAD_BYTES = LOGO_BYTES_MAX * 2;

export function billingRoutes(server: Routes, { database, nowS, papers }: Context): void {
  server.get("/api/v1/letterhead", {
    config: { access: "viewer" },
    schema: { summary: "The letterhead of statements", response: { 200: LetterheadDocument } },
  }, async () => readLetterhead(database));

  server.put("/api/v1/letterhead", {
    config: { access: "admin" }, bodyLimit: LETTERHEAD_BYTES,
    schema: { summary: "Replace the letterhead; issued statements keep theirs", body: LetterheadDocument, response: { 200: Ok } },
  }, async (request) => {
    await saveLetterhead(database, request.body, actorOf(request));
    return { ok: true };
  });

  server.get("/api/v1/tables/:id/billing", {
    config: { access: "viewer" },
    schema: { summary: "What each person owes for sessions that end in a period", params: TablePath, querystring: PeriodQuery, response: { 200: BillingDocument } },
  }, async ({ params, query }) => readBilling(database, await findTable(database, params.id), query));

  server.get("/api/v1/tables/:id/billing/sessions", {
    config: { access: "viewer" },
    schema: { summary: "The sessions of a person or group that end in a period", params: TablePath, querystring: SessionsQuery, response: { 200: BilledRows } },
  }, async ({ params, query }) => readSessions(database, await findTable(database, params.id), query, query.person, query.group));

  server.post("/api/v1/tables/:id/assignments", {
    config: { access: "admin" },
    schema: { summary: "Give the sessions of a group to a person; null takes back what person:<id> was given", params: TablePath, body: AssignmentDocument, response: { 200: Assigned } },
  }, async (request) => {
    const { group, person, ...period } = request.body;
    return { sessions: await assignSessions(database, await findTable(database, request.params.id), period, group, person, actorOf(request)) };
  });

  server.get("/api/v1/tables/:id/billing/draft.pdf", {
    config: { access: "viewer", gives: "application/pdf" },
    schema: { summary: "A statement as it would be issued now", params: TablePath, querystring: DraftQuery },
  }, async (request, reply) => {
    const { person, language, ...period } = request.query;
    const content = await draftOf(database, request.params.id, period, person, language, nowS());
    await auditReading(database, actorOf(request), "statement.draft", String(person), request.query);
    return reply.type("application/pdf").header("cache-control", "no-store").header("content-disposition", disposition("inline", `draft-${words(content.person.fields.name ?? "")}.pdf`)).send(await papers.make(content));
  });

  server.post("/api/v1/tables/:id/statements", {
    config: { access: "admin" },
    schema: { summary: "Issue statements, and corrections where rows have changed; all or none", params: TablePath, body: IssueDocument, response: { 201: Issued } },
  }, async (request, reply) => {
    const { people, language, ...period } = request.body;
    const { ids, unchanged } = await issueStatements(database, request.params.id, period, people, language, actorOf(request), nowS());
    return reply.code(201).send({ statements: await findEntries(database, ids), unchanged });
  });

  server.get("/api/v1/statements", {
    config: { access: "viewer" },
    schema: { summary: "Issued statements, newest first", querystring: StatementsQuery, response: { 200: Statements } },
  }, async ({ query }) => listStatements(database, query));

  server.get("/api/v1/statements/:id", {
    config: { access: "viewer" },
    schema: { summary: "Everything that is on an issued statement", params: StatementPath, response: { 200: anyObject } },
  }, async (request) => ({ ...(await findStatement(database, request.params.id)).content }));

  server.get("/api/v1/statements/:id/paper.pdf", {
    config: { access: "viewer", gives: "application/pdf" },
    schema: { summary: "An issued statement as PDF", params: StatementPath },
  }, async (request, reply) => {
    const [entry] = await findEntries(database, [request.params.id]);
    if (entry === undefined) throw new Problem(404, "statement-unknown", `There is no statement ${request.params.id}.`);
    await auditReading(database, actorOf(request), "statement.download", entry.number);
    return reply.type("application/pdf").header("cache-control", "no-store").header("content-disposition", disposition("attachment", paperName(entry))).send(await paperOf(database, papers, entry.id));
  });

  server.get("/api/v1/statements.zip", {
    config: { access: "viewer", gives: "application/zip" },
    schema: { summary: "Issued statements as PDF files in one ZIP", querystring: ZipQuery },
  }, async (request, reply) => {
    const ids = [...new Set(request.query.ids.split(",").map(Number))];
    const entries = await findEntries(database, ids);
    if (entries.length !== ids.length) throw new Problem(404, "statement-unknown", "Some of these statements do not exist.");
    await auditReading(database, actorOf(request), "statement.download", "", { numbers: entries.map(({ number }) => number) });
    const [first] = entries;
    return reply.type("application/zip").header("cache-control", "no-store").header("content-disposition", disposition("attachment", `${["statements", first?.from, first?.to].join("-")}.zip`)).send(statementZip(database, papers, entries));
  });

  server.post("/api/v1/statements/:id/cancel", {
    config: { access: "admin" },
    schema: { summary: "Cancel the newest statement of a person and period; it stays on the list", params: StatementPath, response: { 200: Ok } },
  }, async (request) => {
    await cancelStatement(database, request.params.id, actorOf(request), nowS());
    return { ok: true };
  });
}
