/*
 * The judgement of a device's configuration document: the board's own, made here before a board is troubled.
 *
 * Input: a document from outside. Output: its errors with path and remedy. Invariant: the reader is the one
 * that runs on the board (firmware/configuration/reader), so a document that passes here is refused there
 * only for what depends on that board: its memory, or a secret that it was to keep and has not. Runs on the
 * server and, bundled by browser_bundle.ts, in the configuration page.
 */
import { readConfiguration } from "../../firmware/configuration/reader";
import { SECRET } from "../../firmware/configuration/secrets";
import { meterWarning } from "../../firmware/inputs/s0_check";
import { bytesOfText, textOfBytes } from "../../console/bytes";

export interface DocumentError {
  /** Such as `table.columns[3].type`; "" is the whole document. */
  path: string;
  what: string;
  remedy: string;
}

/** Every secret of a document, with a value that is right in its place. */
const SECRETS: [object: string, name: string, right: string][] = [
  ["endpoint", "key", "00".repeat(32)], ["endpoint2", "key", "00".repeat(32)], ["endpoint3", "key", "00".repeat(32)], ["network", "password", "kept-kept"], ["device", "password", "kept"], ["api", "token", "kept-kept-kept-kept"],
];

/** The document as a board sees it that has every secret of which the document says that it is to be kept. */
function withKept(document: object): object {
  const copy = structuredClone(document) as Record<string, Record<string, unknown> | undefined>;
  for (const [object, name, right] of SECRETS) {
    const section = copy[object];
    if (typeof section === "object" && section !== null && section[name] === SECRET) section[name] = right;
  }
  return copy;
}

function readDocument(document: unknown, keeps: boolean): ReturnType<typeof readConfiguration> {
  const seen = keeps && typeof document === "object" && document !== null ? withKept(document) : document;
  return readConfiguration(bytesOfText(JSON.stringify(seen) ?? ""));
}

/** A decimal with a comma says what its reader can do about it. */
function withComma(document: unknown, error: DocumentError): DocumentError {
  const value = (error.path.match(/[^.[\]]+/g) ?? []).reduce<unknown>((found, name) => (found as Record<string, unknown> | null | undefined)?.[name], document);
  return typeof value === "string" && /^-?\d+,\d+$/.test(value) && error.remedy.startsWith("write a decimal") ? { ...error, remedy: `write a point in place of the comma: ${value.replace(",", ".")}` } : error;
}

/** Every error, at most 20; none when the document is right. `keeps`: "(secret)" stands for a secret that the board has. */
export function checkDocument(document: unknown, keeps: boolean): DocumentError[] {
  return readDocument(document, keeps).errors.map(({ path, what, remedy }) => withComma(document, { path: textOfBytes(path), what: textOfBytes(what), remedy: textOfBytes(remedy) }));
}

/** A sentence for each meter whose settings are allowed and still cannot count right at a wallbox's full power; none while there are errors. */
export function documentWarnings(document: unknown, keeps: boolean): string[] {
  const meters = readDocument(document, keeps).configuration?.hardware?.meters ?? [];
  return meters.map(meterWarning).flatMap((warning, place) => (warning === "" ? [] : [`meters[${place}]: ${warning}`]));
}

/** An error as one sentence. */
export function sentence({ path, what, remedy }: DocumentError): string {
  return `${path === "" ? "the document" : path}: ${what}; ${remedy}`;
}
