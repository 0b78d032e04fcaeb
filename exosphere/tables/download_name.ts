/*
 * The name of a file of rows: table, month, user, device, and "raw" or "spreadsheet" for CSV.
 *
 * Input: table, filter, flavour, ending. Output: a Content-Disposition (RFC 6266). Invariants: only small
 * letters, digits, "_" and "-" before the ending, so that the name is one on every system and neither leaves
 * a folder nor ends the header; where letters are not ASCII, filename* has them and filename their nearest.
 */
import type { Flavour } from "./download";
import type { RowFilter } from "./filter";
import type { TableSchema } from "./table_documents";

/** Letters of one part; a name of 100 characters in each would be longer than file systems take. */
const PART_MAX = 50;

/** A part of a name: small letters, digits, "_" and "-". */
export function words(text: string): string {
  return [...text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}_]+/gu, "-")].slice(0, PART_MAX).join("").replace(/^-+|-+$/g, "");
}

function ascii(text: string): string {
  return text.replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "").replace(/[^a-z0-9_.-]/g, "_");
}

/** `name` is of letters, digits, "_", "-" and "." only. */
export function disposition(kind: "attachment" | "inline", name: string): string {
  return `${kind}; filename="${ascii(name)}"; filename*=UTF-8''${encodeURIComponent(name)}`;
}

export function contentDisposition(table: TableSchema, filter: RowFilter, flavour: Flavour | "", ending: string): string {
  const parts = [words(table.name) || `table-${table.id}`, filter.month, words(filter.user), words(filter.device), flavour === "rfc4180" ? "raw" : flavour];
  return disposition("attachment", `${parts.filter((part) => part !== "").join("-")}.${ending}`);
}
