/*
 * The verbs that look at boards and at what they hold.
 *
 * Input: the command to add them to. Output: verbs that print what a library of tools/ found. Invariant:
 * this file only reads words and prints; the work is in the libraries.
 */
import type { Command } from "commander";
import { BOARDS } from "../../boards/index";
import type { Board } from "../../boards/board";
import { give } from "./answer";
import type { Outcome } from "./answer";

function boardLine(board: Board): string {
  const areas = board.areas.map((area) => `0x${area.address.toString(16)} + ${String(area.bytes / 1024)} KiB`);
  return `${board.name.padEnd(16)} ${board.title.padEnd(28)} ${board.family.padEnd(8)} ${areas.join(" or ")}`;
}

export function addConnectorVerbs(command: Command, outcome: Outcome): void {
  command.command("boards")
    .description("list the boards: name, title, family of bundles, flash areas")
    .action(() => give(outcome, { lines: BOARDS.map(boardLine), exitCode: 0 }));
}
