/*
 * The verb `monitor`: a board's wires, or a card reader alone, live.
 *
 * Input: the command to add it to. Output: a line for each thing that happens, until the time is over or Ctrl-C.
 * Invariant: --reader decides what is at the port: without it a board's console, with it a reader.
 */
import { InvalidArgumentError } from "commander";
import type { Command } from "commander";
import type { Outcome } from "./answer";
import { portOr } from "../board/ports";
import { answered, passwordOption, portOption } from "./board_verbs";

interface Words {
  port: string;
  reader?: string;
  baud: number;
  seconds: number;
  password: string;
  record?: string;
  config?: string;
}

const HELP = `
Two ways to use it:

  A board that runs: cards, S0 pulses with register and power, contacts, sessions,
  faults. The board counts on and is not stopped.
    sdc monitor --port /dev/ttyUSB0 --password 'the device password'

  A card reader alone, at a USB serial adapter of this PC, before it meets a board:
    sdc monitor --port /dev/ttyUSB0 --reader pn532

  A board's day as a file, to play again at the desk ('npx sdc sim replay day.jsonl'):
    sdc monitor --port /dev/ttyUSB0 --record day.jsonl --config my-board.json

Ctrl-C ends it. What the lines mean: docs/SIGNALS.md section 7, docs/READERS.md section 5.`;

function whole(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("give a whole number.");
  return Number(text);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

export function addMonitorVerb(command: Command, outcome: Outcome): void {
  command.command("monitor")
    .description("watch live what a board sees (cards, S0 pulses, contacts), or a card reader alone")
    .addOption(portOption())
    .addOption(passwordOption())
    .option("--seconds <number>", "end after so long; 0: at Ctrl-C", whole, 0)
    .option("--record <file>", "also write a trace of what happens, for 'sdc sim replay'; without keys and passwords")
    .option("--config <document>", "with --record: the board's configuration document, which says what its pins are")
    .option("--reader <model>", "a reader is at the port and no board: its model, of 'sdc readers'")
    .option("--baud <number>", "with --reader: another speed than the model's", whole, 0)
    .addHelpText("after", HELP)
    .action((words: Words) => answered(outcome, async () => {
      const { openTraceFile } = await import("../board/trace_file");
      const record = openTraceFile(words);
      if (words.reader !== undefined) {
        const { monitorReader } = await import("../readers/monitor");
        const { readerModel } = await import("../../firmware/inputs/reader/registry");
        const { unknownModel } = await import("../readers/decode");
        // Before any port is looked for.
        if (readerModel(words.reader) === undefined) return { lines: [unknownModel(words.reader)], exitCode: 2 };
        return { lines: [], exitCode: await monitorReader(await portOr(words.port), words.reader, words.baud, words.seconds, say) };
      }
      const { monitorBoard } = await import("../board/board_monitor");
      // Broken off by hand, by its terminal's end or by another program it still has to close the board's doors; a second signal ends it at once.
      let stopped = false;
      for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"] as const) process.once(signal, () => { stopped = true; });
      try {
        await monitorBoard({ port: await portOr(words.port), password: words.password, seconds: words.seconds, ...record === undefined ? {} : { record } }, say, () => stopped);
      } finally {
        record?.close();
      }
      return { lines: [], exitCode: 0 };
    }));
}
