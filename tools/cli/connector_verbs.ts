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
import type { Outcome } from "./answer";

function boardLine(board: Board): string {
  const areas = board.areas.map((area) => `0x${area.address.toString(16)} + ${String(area.bytes / 1024)} KiB`);
  return `${board.name.padEnd(16)} ${board.title.padEnd(40)} ${board.family.padEnd(8)} ${areas.join(" or ")}`;
}

export function addConnectorVerbs(command: Command, outcome: Outcome): void {
  command.command("boards")
    .description("list the boards: name, title, family of bundles, flash areas")
    .action(() => give(outcome, { lines: BOARDS.map(boardLine), exitCode: 0 }));

  command.command("readers")
    .description("list the card readers: speed, who begins, products, cards, wires")
    .action(async () => {
      const { listReaders } = await import("../readers/decode");
      give(outcome, listReaders());
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
    .description("name every mistake of a configuration document")
    .argument("<file>", "the document, JSON")
    .option("--board <name>", "a board of 'sdc boards': checks also that it has these pins and UARTs")
    .action(async (file: string, options: { board?: string }) => {
      const { checkConfiguration } = await import("../board/configuration_check");
      if (options.board !== undefined && !BOARDS.some((one) => one.name === options.board)) {
        give(outcome, { lines: [`there is no board ${options.board}; write one of: ${BOARDS.map((one) => one.name).join(", ")}`], exitCode: 2 });
      } else give(outcome, checkConfiguration(file, options.board));
    });
}
