/*
 * Whether the rows of a document find their table at this endpoint.
 *
 * Input: a document of any shape, the endpoint's tables. Output: warnings with place and remedy. Invariant: nothing
 * here refuses a document, because a table may be made after it, and rows without a place wait in quarantine.
 * Runs on the server and in the configuration page.
 */
import type { DocumentError } from "./check";
import type { TableSchema } from "../tables/table_documents";

type Loose = { [name: string]: unknown };

function partOf(value: unknown, name: string): unknown {
  return (value as Loose | null | undefined)?.[name];
}

function columnWarnings(column: unknown, place: number, table: TableSchema): DocumentError[] {
  const path = `table.columns[${place}]`;
  const id = partOf(column, "id");
  const [type, content] = [partOf(column, "type"), partOf(column, "content")];
  const found = table.columns.find((one) => one.id === id);
  if (found === undefined) {
    return typeof id !== "number" ? [] : [{ path: `${path}.id`, what: `${table.name} has no column ${id}: rows with it would wait in quarantine`, remedy: "add the column on the page Tables, or remove it here" }];
  }
  if (found.type !== type) return [{ path: `${path}.type`, what: `column ${found.id} of ${table.name} (${found.name}) is of type ${found.type}, here it is ${String(type)}: rows with it may be refused`, remedy: `write ${found.type}` }];
  // Both ends shift a cost by the currency's decimals, and a row is dated by its content.
  if (found.content !== "" && typeof content === "string" && content !== "" && found.content !== content) return [{ path: `${path}.content`, what: `column ${found.id} of ${table.name} (${found.name}) is for ${found.content}, here it holds ${content}`, remedy: `write ${found.content}, or take another column` }];
  return [];
}

/** Never throws. Rows for a webhook do not come here, so nothing is said of them. */
export function tableWarnings(document: unknown, tables: TableSchema[]): DocumentError[] {
  if (partOf(partOf(document, "endpoint"), "target") === "webhook") return [];
  if (tables.length === 0) return [{ path: "table", what: "this endpoint has no table yet: rows would wait in quarantine", remedy: "create one on the page Tables, then take its id and columns here" }];
  const written = partOf(document, "table");
  const id = partOf(written, "id");
  const table = tables.find((one) => one.id === id);
  if (table === undefined) {
    const known = tables.map((one) => `${one.id} (${one.name})`).join(", ");
    return typeof id !== "number" ? [] : [{ path: "table.id", what: `this endpoint has no table ${id}: rows would wait in quarantine`, remedy: `write one of ${known}, or make it on the page Tables` }];
  }
  const warnings: DocumentError[] = [];
  const mode = partOf(written, "rowMode") ?? "session";
  if (mode !== table.mode) warnings.push({ path: "table.rowMode", what: `${table.name} has a row for each ${table.mode}, here it is ${String(mode)}: rows may be refused`, remedy: `write ${table.mode}` });
  const columns = partOf(written, "columns");
  if (Array.isArray(columns)) columns.forEach((column, place) => warnings.push(...columnWarnings(column, place, table)));
  const tariff = partOf(document, "tariff");
  const digits = partOf(tariff, "minorDigits") ?? 2;
  if (tariff !== undefined && tariff !== null && digits !== table.minorDigits) warnings.push({ path: "tariff.minorDigits", what: `${table.name} has ${table.minorDigits} decimals of money, the tariff ${String(digits)}: costs would be wrong by powers of ten`, remedy: `write ${table.minorDigits}` });
  return warnings;
}
