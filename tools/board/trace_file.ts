/*
 * The file that `sdc monitor --record` writes.
 *
 * Input: the words of the command line. Output: where the lines of a trace go. Invariant: each line is in the file when it
 * was written, so that a recording that is broken off can be played.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { ConsoleError } from "../../console/console_line";
import { readNamedFile } from "../cli/named_file";

export interface TraceFile {
  /** The board's configuration. */
  document: Record<string, unknown>;
  write(line: string): void;
  close(): void;
}

function readDocument(file: string): Record<string, unknown> {
  const bytes = readNamedFile(file);
  if (typeof bytes === "string") throw new ConsoleError(bytes);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    // Below, with a document that is JSON and no object.
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new ConsoleError(`${file} is not a configuration document; 'sdc config check ${file}' says more`);
  return value as Record<string, unknown>;
}

/** undefined: nothing is to be recorded. @throws ConsoleError that names the option and the remedy */
export function openTraceFile({ record, config, reader }: { record?: string; config?: string; reader?: string }): TraceFile | undefined {
  if (record === undefined && config === undefined) return undefined;
  if (record === undefined || config === undefined) throw new ConsoleError("--record and --config belong together: --record day.jsonl --config my-board.json");
  if (reader !== undefined) throw new ConsoleError("--record needs a board, and a reader alone has no sessions; leave out --reader");
  const document = readDocument(config);
  let file: number;
  try {
    file = openSync(record, "w");
  } catch (error) {
    throw new ConsoleError(`${record} cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { document, write: (line) => { writeSync(file, `${line}\n`); }, close: () => { closeSync(file); } };
}
