/*
 * `sdc ring dump` and `sdc ring check`.
 *
 * Input: the command to add them to. Output: verbs over tools/ring/image. Invariant: an image is only read,
 * and a file that is none is one line and 2; with --area the place of the ring comes from the firmware's own layout.
 */
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import type { RingDumpOptions } from "../ring/image";
import { give } from "./answer";
import type { Outcome } from "./answer";
import { readNamedFile } from "./named_file";

interface RingWords {
  json?: boolean;
  area?: boolean;
  pageBytes: number;
  offset?: number;
  bytes?: number;
}

function whole(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < 0) throw new InvalidArgumentError("give a whole number, decimal or 0x…");
  return value;
}

function pageBytes(text: string): number {
  const value = whole(text);
  if (value < 256 || value > 65536 || value % 4 !== 0) throw new InvalidArgumentError("a page has 256 to 65536 bytes, a multiple of 4, and 4096 on an ESP32");
  return value;
}

/** The error of the place that was named in an image of `size` bytes, or "". */
function placeError(size: number, words: RingWords): string {
  const offset = words.offset ?? 0;
  if (offset >= size && size > 0) return `--offset ${String(offset)} lies beyond the end of the file, which has ${String(size)} bytes`;
  if (words.bytes !== undefined && offset + words.bytes > size) return `--bytes ${String(words.bytes)} reach beyond the end of the file, which has ${String(size - offset)} bytes from offset ${String(offset)} on`;
  return "";
}

/** undefined: the image is too small for --area. */
async function optionsOf(image: Uint8Array, words: RingWords): Promise<RingDumpOptions | undefined> {
  const options: RingDumpOptions = { pageBytes: words.pageBytes, json: words.json === true };
  if (words.area === true) {
    const { openLayout } = await import("../../firmware/store/layout");
    const layout = openLayout([{ address: 0, bytes: image.length }], words.pageBytes);
    if (layout === undefined) return undefined;
    options.offset = layout.ring.address;
    options.bytes = layout.ring.bytes;
  }
  if (words.offset !== undefined) options.offset = words.offset;
  if (words.bytes !== undefined) options.bytes = words.bytes;
  return options;
}

export function addRingVerbs(command: Command, outcome: Outcome): void {
  const ring = command.command("ring").description("look into a flash image of the ring");
  for (const kind of ["dump", "check"] as const) {
    const verb = ring.command(kind)
      .description(kind === "dump" ? "every page and record, and what a start would make of them" : "name what is broken; exit 1 when something is")
      .argument("<image>", "the file")
      .option("--area", "the image is a board's whole area, as 'npm start -- --data' keeps it")
      .option("--page-bytes <number>", "bytes of an erase page, 256 to 65536, a multiple of 4", pageBytes, 4096)
      .option("--offset <number>", "where the ring begins in the image", whole)
      .option("--bytes <number>", "how long it is", whole);
    verb.addHelpText("after", `\nExample, with the flash that 'npm start -- --data FOLDER' keeps:\n  sdc ring ${kind} FOLDER/board.flash --area`);
    if (kind === "dump") verb.option("--json", "as JSON");
    verb.action(async (file: string, words: RingWords) => {
      const { ringCheck, ringDump } = await import("../ring/image");
      const image = readNamedFile(file);
      const misplaced = typeof image === "string" ? image : placeError(image.length, words);
      const options = typeof image === "string" || misplaced !== "" ? undefined : await optionsOf(image, words);
      if (typeof image === "string") give(outcome, { lines: [image], exitCode: 2 });
      else if (misplaced !== "") give(outcome, { lines: [`${file}: ${misplaced}`], exitCode: 2 });
      else if (options === undefined) give(outcome, { lines: [`${file}: ${String(image.length)} bytes are too few for a board's whole area (--area)`], exitCode: 2 });
      else {
        const { lines, exitCode } = kind === "dump" ? ringDump(image, options) : ringCheck(image, options);
        give(outcome, { lines: exitCode === 2 && words.json !== true ? lines.map((line) => `${file}: ${line}`) : lines, exitCode }, words.json === true);
      }
    });
  }
}
