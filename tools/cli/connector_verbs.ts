/*
 * The verbs that look at boards and at what they hold, read and are told.
 *
 * Input: the command to add them to. Output: verbs that print what a library of tools/ found. Invariant:
 * this file only reads words and prints; the work is in the libraries, loaded when a verb needs them.
 */
import type { Command } from "commander";
import { BOARDS } from "../../boards/index";
import type { Board } from "../../boards/board";
import { give } from "./answer";
import type { Answer, Outcome } from "./answer";

function boardLine(board: Board): string {
  const areas = board.areas.map((area) => `0x${area.address.toString(16)} + ${String(area.bytes / 1024)} KiB`);
  return `${board.name.padEnd(16)} ${board.title.padEnd(40)} ${board.family.padEnd(8)} ${areas.join(" or ")}`;
}

/** The same findings for a program: each line without the file's name in front. */
function jsonAnswer({ lines, exitCode }: Answer, file: string): Answer {
  if (exitCode === 2) return { lines, exitCode };
  const plain = lines.map((line) => line.replace(`${file}: `, ""));
  const findings = plain.slice(0, -1);
  const warnings = findings.filter((line) => line.startsWith("warning: ")).map((line) => line.replace("warning: ", ""));
  const errors = exitCode === 0 ? [] : plain.length === 1 ? plain : findings.filter((line) => !line.startsWith("warning: "));
  return { lines: [JSON.stringify({ file, right: exitCode === 0, errors, warnings }, undefined, 2)], exitCode };
}

export function addConnectorVerbs(command: Command, outcome: Outcome): void {
  command.command("boards")
    .description("list the boards: name, title, family of bundles, flash areas")
    .option("--json", "as JSON", false)
    .action((options: { json: boolean }) => {
      const records = BOARDS.map(({ name, title, family, areas }) => ({ name, title, family, areas }));
      give(outcome, { lines: options.json ? [JSON.stringify(records, undefined, 2)] : BOARDS.map(boardLine), exitCode: 0 });
    });

  command.command("readers")
    .description("list the card readers: speed, who begins, products, cards, wires")
    .option("--json", "as JSON", false)
    .action(async (options: { json: boolean }) => {
      const { listReaders, readerRecords } = await import("../readers/decode");
      give(outcome, options.json ? { lines: [JSON.stringify(readerRecords(), undefined, 2)], exitCode: 0 } : listReaders());
    });

  command.command("decode")
    .description("judge bytes that a card reader sent, as the board would")
    .requiredOption("--reader <model>", "a model of 'sdc readers'")
    .requiredOption("--hex <bytes>", "the bytes in hexadecimal, spaces allowed")
    .action(async (options: { reader: string; hex: string }) => {
      const { decodeReader } = await import("../readers/decode");
      give(outcome, decodeReader(options.reader, options.hex));
    });

  const config = command.command("config").description("work with configuration documents");
  config.command("check")
    .description("name every error of a configuration document")
    .argument("<file>", "the document, JSON")
    .option("--board <name>", "a board of 'sdc boards': checks also that it has these pins and UARTs")
    .option("--json", "as one JSON object", false)
    .action(async (file: string, options: { board?: string; json: boolean }) => {
      const { checkConfiguration } = await import("../board/configuration_check");
      if (options.board !== undefined && !BOARDS.some((one) => one.name === options.board)) {
        give(outcome, { lines: [`there is no board ${options.board}; write one of: ${BOARDS.map((one) => one.name).join(", ")}`], exitCode: 2 });
      } else give(outcome, options.json ? jsonAnswer(checkConfiguration(file, options.board), file) : checkConfiguration(file, options.board));
    });
}
