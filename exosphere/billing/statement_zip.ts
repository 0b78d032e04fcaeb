/*
 * Many statements as one ZIP file.
 *
 * Input: ids of statements in force. Output: a stream. Invariant: it is made while the client reads: at most AHEAD
 * papers are in memory, however many are wanted.
 */
import { Readable } from "node:stream";
import yazl from "yazl";
import type { Queryable } from "../database/database";
import { words } from "../tables/download_name";
import type { StatementEntry } from "./billing_documents";
import type { PdfPool } from "./pdf_pool";
import { cancelledDay } from "./statement";
import { findStatement } from "./statement_store";

const AHEAD = 3;

/** A name for the file of a statement, with its number first. */
export function paperName({ number, name }: Pick<StatementEntry, "number" | "name">): string {
  return `${[words(number), words(name)].filter((part) => part !== "").join("-")}.pdf`;
}

export async function paperOf(queryable: Queryable, pool: PdfPool, id: number): Promise<Buffer> {
  const { content, cancelledAt } = await findStatement(queryable, id);
  return pool.make(content, cancelledDay(content, cancelledAt));
}

/** An error ends the stream, so that the client sees a broken file instead of one that lacks papers. */
export function statementZip(queryable: Queryable, pool: PdfPool, entries: StatementEntry[]): Readable {
  const zip = new yazl.ZipFile();
  const output = zip.outputStream as Readable;
  const ahead: Promise<Buffer>[] = [];
  const begin = (place: number): void => {
    const entry = entries[place];
    if (entry === undefined || ahead[place] !== undefined) return;
    ahead[place] = paperOf(queryable, pool, entry.id);
    // It is awaited below, when its turn has come.
    ahead[place].catch(() => undefined);
  };
  entries.forEach((entry, place) => {
    zip.addReadStreamLazy(paperName(entry), { mtime: new Date(entry.issuedAt), compress: false }, (give) => {
      for (let next = place; next < place + AHEAD; next++) begin(next);
      const paper = ahead[place] ?? Promise.reject(new Error("no paper was begun"));
      delete ahead[place];
      paper.then((pdf) => { give(null, Readable.from([pdf])); }, (error: Error) => { output.destroy(error); });
    });
  });
  zip.end();
  return output;
}
