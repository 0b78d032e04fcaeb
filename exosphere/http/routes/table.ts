/*
 * Tables and their rows: designing, reading, totals, downloads.
 *
 * Input: JSON documents and query parameters. Output: JSON, CSV. Invariant: everything needs an account,
 * every change an administrator.
 */
import { Readable } from "node:stream";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { CONTENTS } from "../../../firmware/protocol";
import { requireRole } from "../../accounts/access";
import type { Context } from "../context";
import { csvLines, type Flavour, jsonLines } from "../../tables/download";
import { contentDisposition } from "../../tables/download_name";
import { readFilter, readOrder, type RowFilter } from "../../tables/filter";
import { Problem } from "../problem";
import { eachRow, PAGE_ROWS_MAX, readRows } from "../../tables/row_reader";
import { DATATYPES, type TableSchema } from "../../tables/table";
import { alterTable, createTable, findTable, listTables } from "../../tables/table_store";
import { readMonths, readTotals } from "../../tables/totals";
import { userSpellings } from "../../people/user_spelling";

function tableId(request: FastifyRequest): number {
  const { id } = request.params as { id: string };
  if (!/^\d{1,10}$/.test(id) || Number(id) >= 2 ** 31) throw new Problem(404, "table-unknown", "A table is named by its number.");
  return Number(id);
}

export function tableRoutes(server: FastifyInstance, context: Context): void {
  const { database } = context;
  const queryOf = (request: FastifyRequest): Record<string, unknown> => request.query as Record<string, unknown>;
  const see = async (request: FastifyRequest): Promise<TableSchema> => {
    await requireRole(context, request, "viewer");
    return findTable(database, tableId(request));
  };
  /** Read once a request, so that all pages of a download mean the same user. */
  const filterOf = async (request: FastifyRequest): Promise<RowFilter> => {
    const filter = readFilter(queryOf(request));
    return { ...filter, spellings: await userSpellings(database, filter.user) };
  };

  server.get("/api/v1/contents", async (request) => {
    await requireRole(context, request, "viewer");
    return CONTENTS.map(({ name, type, fills }) => ({ name, type, fills: type === "declared" ? DATATYPES : fills }));
  });

  server.get("/api/v1/tables", async (request) => {
    await requireRole(context, request, "viewer");
    return listTables(database);
  });

  server.post("/api/v1/tables", async (request, reply) => {
    const { account } = await requireRole(context, request, "admin");
    return reply.code(201).send(await createTable(database, request.body, account));
  });

  server.get("/api/v1/tables/:id", (request) => see(request));

  server.put("/api/v1/tables/:id", async (request) => {
    const { account } = await requireRole(context, request, "admin");
    return alterTable(database, tableId(request), request.body, account);
  });

  server.get("/api/v1/tables/:id/rows", async (request) => {
    const table = await see(request);
    const query = queryOf(request);
    const limit = Number(query.limit ?? "100");
    if (!Number.isInteger(limit) || limit < 1 || limit > PAGE_ROWS_MAX) throw new Problem(400, "wrong-query", `limit must be 1 … ${PAGE_ROWS_MAX}.`);
    return readRows(database, table, await filterOf(request), readOrder(table, query), typeof query.cursor === "string" ? query.cursor : "", limit);
  });

  server.get("/api/v1/tables/:id/totals", async (request) => readTotals(database, await see(request), await filterOf(request)));

  server.get("/api/v1/tables/:id/months", async (request) => readMonths(database, await see(request), await filterOf(request)));

  server.get("/api/v1/tables/:id/rows.csv", async (request, reply) => {
    const table = await see(request);
    const query = queryOf(request);
    const flavour = (query.flavour ?? "rfc4180") as Flavour;
    if (flavour !== "rfc4180" && flavour !== "spreadsheet") throw new Problem(400, "wrong-query", "flavour must be rfc4180 or spreadsheet.");
    const filter = await filterOf(request);
    const rows = eachRow(database, table, filter, readOrder(table, query));
    return reply.type("text/csv; charset=utf-8; header=present").header("content-disposition", contentDisposition(table, filter, flavour, "csv")).send(Readable.from(csvLines(table, rows, flavour)));
  });

  server.get("/api/v1/tables/:id/rows.json", async (request, reply) => {
    const table = await see(request);
    const query = queryOf(request);
    const filter = await filterOf(request);
    const rows = eachRow(database, table, filter, readOrder(table, query));
    return reply.type("application/json; charset=utf-8").header("content-disposition", contentDisposition(table, filter, "", "json")).send(Readable.from(jsonLines(table, rows)));
  });
}
