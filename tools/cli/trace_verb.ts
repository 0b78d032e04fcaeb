/*
 * `sdc trace`: places of an error that a board printed, in the sources.
 *
 * Input: the command to add it to. Output: a verb over tools/trace. Invariant: it reads a file, --text or stdin, one of
 * them, and no board.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { root } from "../root";
import { give } from "./answer";
import type { Outcome } from "./answer";
import { readNamedFile } from "./named_file";

export function addTraceVerb(command: Command, outcome: Outcome): void {
  command.command("trace")
    .description("find the source lines of an error that a board printed")
    .argument("[file]", "what the board printed; standard input when absent")
    .option("--text <text>", "what the board printed, as a word")
    .option("--build <folder>", "the build that the board runs", join(root, "dist"))
    .option("--board <name>", "the board, where the text does not say which build it is of", "")
    .action(async (file: string | undefined, words: { text?: string; build: string; board: string }) => {
      if (file !== undefined && words.text !== undefined) {
        give(outcome, { lines: ["give a file or --text, not both"], exitCode: 2 });
        return;
      }
      const read = words.text ?? (file === undefined ? readFileSync(0) : readNamedFile(file));
      // The sentence about a file that cannot be read.
      if (typeof read === "string" && words.text === undefined) {
        give(outcome, { lines: [read], exitCode: 2 });
        return;
      }
      const { trace } = await import("../trace/trace");
      give(outcome, trace(read.toString("latin1"), words.build, words.board));
    });
}
