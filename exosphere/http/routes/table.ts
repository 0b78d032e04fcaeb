/*
 * Tables and their rows: designing, reading, totals, downloads.
 *
 * Input: JSON documents and query parameters. Output: JSON, CSV. Invariant: everything needs an account,
 * every change an administrator.
 */
import { Readable } from "node:stream";
import type { Static } from "typebox";
import { CONTENTS } from "../../../firmware/protocol";
import { auditReading } from "../../accounts/audit";
import { userSpellings } from "../../people/user_spelling";
import { csvLines, jsonLines } from "../../tables/download";
import { SHEET_ROWS_MAX, spreadsheet } from "../../tables/spreadsheet";
import { contentDisposition } from "../../tables/download_name";
import { type RowFilter, rowOrder } from "../../tables/filter";
import { eachRow, needCheapOrder, readRows } from "../../tables/row_reader";
import { Contents, CsvQuery, DATATYPES, FilterQuery, JsonQuery, Months, Rows, RowsQuery, TableDocument, TableInput, TablePath, type TableSchema, Tables, TotalsDocument } from "../../tables/table_documents";
import { alterTable, createTable, findTable, listTables } from "../../tables/table_store";
import { readMonths, readTotals } from "../../tables/totals";
import type { Context } from "../context";
import { Problem } from "../problem";
import { actorOf, type Routes } from "./route";

const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function tableRoutes(server: Routes, context: Context): void {
  const { database } = context;
  /** Spellings are read once a request, so that all pages of a download mean the same user. */
  const filterOf = async ({ device, user, month }: Static<typeof FilterQuery>): Promise<RowFilter> => ({ device, user, month, spellings: await userSpellings(database, user) });
  /** Begins a download: its rows, once they are few enough and their order is cheap, and its entry in the audit. */
  const download = async (id: number, query: Static<typeof JsonQuery>, actor: string, rowsMax = Infinity): Promise<{ table: TableSchema; filter: RowFilter; rows: ReturnType<typeof eachRow> }> => {
    const table = await findTable(database, id);
    const filter = await filterOf(query);
    await needCheapOrder(database, table, filter, query.sort);
    if (rowsMax < Infinity && (await readTotals(database, table, filter)).rows > rowsMax) throw new Problem(422, "too-many-rows", `A sheet holds ${rowsMax.toLocaleString("en")} rows: choose a month, a device or a user first, or take the CSV.`);
    await auditReading(database, actor, "rows.download", String(table.id), query);
    return { table, filter, rows: eachRow(database, table, filter, rowOrder(table, query)) };
  };

  server.get("/api/v1/contents", {
    config: { access: "viewer" },
    schema: { summary: "Column contents and the datatypes they fill", response: { 200: Contents } },
  }, async () => CONTENTS.map(({ name, type, fills }) => ({ name, type, fills: type === "declared" ? [...DATATYPES] : fills })));

  server.get("/api/v1/tables", {
    config: { access: "viewer" },
    schema: { summary: "List tables", response: { 200: Tables } },
  }, async () => listTables(database));

  server.post("/api/v1/tables", {
    config: { access: "admin" },
    schema: { summary: "Create a table", body: TableInput, response: { 201: TableDocument } },
  }, async (request, reply) => reply.code(201).send(await createTable(database, request.body, actorOf(request))));

  server.get("/api/v1/tables/:id", {
    config: { access: "viewer" },
    schema: { summary: "Export a table's description", params: TablePath, response: { 200: TableDocument } },
  }, async (request) => findTable(database, request.params.id));

  server.put("/api/v1/tables/:id", {
    config: { access: "admin" },
    schema: { summary: "Rename, reorder and add columns", params: TablePath, body: TableInput, response: { 200: TableDocument } },
  }, async (request) => alterTable(database, request.params.id, request.body, actorOf(request)));

  server.get("/api/v1/tables/:id/rows", {
    config: { access: "viewer" },
    schema: { summary: "A page of rows", params: TablePath, querystring: RowsQuery, response: { 200: Rows } },
  }, async ({ params, query }) => {
    const table = await findTable(database, params.id);
    const filter = await filterOf(query);
    await needCheapOrder(database, table, filter, query.sort);
    return readRows(database, table, filter, rowOrder(table, query), query.cursor, query.limit);
  });

  server.get("/api/v1/tables/:id/totals", {
    config: { access: "viewer" },
    schema: { summary: "Rows or sessions, energy, time and money", params: TablePath, querystring: FilterQuery, response: { 200: TotalsDocument } },
  }, async ({ params, query }) => readTotals(database, await findTable(database, params.id), await filterOf(query)));

  server.get("/api/v1/tables/:id/months", {
    config: { access: "viewer" },
    schema: { summary: "Totals by month", params: TablePath, querystring: FilterQuery, response: { 200: Months } },
  }, async ({ params, query }) => readMonths(database, await findTable(database, params.id), await filterOf(query)));

  server.get("/api/v1/tables/:id/rows.csv", {
    config: { access: "viewer", gives: "text/csv" },
    schema: { summary: "Rows as CSV: rfc4180 is raw, for programs, and a spreadsheet may run a text in it as a formula; spreadsheet is safe to open", params: TablePath, querystring: CsvQuery },
  }, async (request, reply) => {
    const { params, query } = request;
    const { table, filter, rows } = await download(params.id, query, actorOf(request));
    return reply.type("text/csv; charset=utf-8; header=present").header("content-disposition", contentDisposition(table, filter, query.flavour, "csv")).send(Readable.from(csvLines(table, rows, query.flavour)));
  });

  server.get("/api/v1/tables/:id/rows.json", {
    config: { access: "viewer", gives: "application/json" },
    schema: { summary: "Rows as JSON objects", params: TablePath, querystring: JsonQuery },
  }, async (request, reply) => {
    const { table, filter, rows } = await download(request.params.id, request.query, actorOf(request));
    return reply.type("application/json; charset=utf-8").header("content-disposition", contentDisposition(table, filter, "", "json")).send(Readable.from(jsonLines(table, rows)));
  });

  server.get("/api/v1/tables/:id/rows.xlsx", {
    config: { access: "viewer", gives: XLSX },
    schema: { summary: "Rows as a spreadsheet: texts stay texts, moments are dates of the table's zone, amounts in the main unit", params: TablePath, querystring: JsonQuery },
  }, async (request, reply) => {
    const { table, filter, rows } = await download(request.params.id, request.query, actorOf(request), SHEET_ROWS_MAX - 1);
    return reply.type(XLSX).header("content-disposition", contentDisposition(table, filter, "", "xlsx")).send(spreadsheet(table, rows));
  });
}
