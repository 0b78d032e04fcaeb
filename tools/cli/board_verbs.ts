/*
 * The verbs that speak with a board over its console: deploy, provision, status, unlock, console.
 *
 * Input: the command to add them to. Output: verbs that print what tools/board/ found or did. Invariant:
 * whatever goes wrong on the line is one sentence on stderr and exit code 2.
 */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { give } from "./answer";
import type { Answer, Outcome } from "./answer";
import { parseDisplay } from "../board/meter_drift";
import type { Display } from "../board/meter_drift";

const PORT_WORDS = ["--port <port>", "serial device such as /dev/ttyUSB0, or tcp://HOST:PORT"] as const;

/** From the environment too, because other users of a PC see the words of a command. */
export function passwordOption(): Option {
  return new Option("--password <password>", "the device password, where the console is locked").default("", "none").env("SDC_PASSWORD");
}

/** Collects displays: the option may come once a meter. */
function displayOf(text: string, before: Display[]): Display[] {
  const display = parseDisplay(text);
  if (display === undefined) throw new InvalidArgumentError("write METER=KWH as the display shows it, such as 1=12345.6.");
  return [...before, display];
}

/** Widths of the bar; a board's files are some 180 kB. */
const BAR = 30;

/** A bar on a terminal; elsewhere one line a file. */
function showProgress(): (name: string, done: number, total: number) => void {
  let last = "";
  return (name, done, total) => {
    if (process.stderr.isTTY) {
      const filled = Math.round((BAR * done) / total);
      process.stderr.write(`\r[${"#".repeat(filled)}${" ".repeat(BAR - filled)}] ${String(Math.floor((100 * done) / total)).padStart(3)} % ${name.padEnd(28)}${done === total ? "\n" : ""}`);
    } else if (name !== last) process.stderr.write(`${name}\n`);
    last = name;
  };
}

/** Does the work; what goes wrong on the line is one sentence and 2. */
export async function answered(outcome: Outcome, work: () => Promise<Answer>): Promise<void> {
  const { ConsoleError } = await import("../../console/console_line");
  try {
    give(outcome, await work());
  } catch (error) {
    if (!(error instanceof ConsoleError)) throw error;
    give(outcome, { lines: [error.message], exitCode: 2 });
  }
}

export function addBoardVerbs(command: Command, outcome: Outcome): void {
  command.command("deploy")
    .description("put the firmware onto a board that runs Espruino, compare it, start it")
    .requiredOption(...PORT_WORDS)
    .option("--board <name>", "a board of 'sdc boards'; needed where several fit the interpreter", "")
    .option("--from <folder>", "files of an earlier 'sdc build', such as dist; else they are built now", "")
    .option("--bluetooth", "leave Bluetooth on, so that the configuration page can send the first document over it", false)
    .addOption(new Option("--store <size>", "flash for rows and people, chosen once on a new board: small (64 KiB, no list of people) or large (1 MiB)").choices(["small", "large"]))
    .addOption(passwordOption())
    .action((options: { port: string; board: string; from: string; password: string; bluetooth: boolean; store?: "small" | "large" }) => answered(outcome, async () => {
      const { deploy } = await import("../board/deploy");
      return { lines: await deploy({ ...options, store: options.store ?? "" }, showProgress()), exitCode: 0 };
    }));

  command.command("provision")
    .description("check a configuration document, store it on a board, start with it")
    .requiredOption(...PORT_WORDS)
    .requiredOption("--config <file>", "the document, JSON")
    .addOption(passwordOption())
    .action((options: { port: string; config: string; password: string }) => answered(outcome, async () => {
      const { provisionBoard } = await import("../board/provisioning");
      return provisionBoard(options.port, options.config, options.password);
    }));

  command.command("status")
    .description("what a board says: version, memory, rows that wait, last contact, clock, faults, meters and their drift")
    .requiredOption(...PORT_WORDS)
    .addOption(passwordOption())
    .option("--display <meter=kWh>", "what a meter's display shows now, such as 1=12345.6: tells the drift of the register", displayOf, [])
    .action((options: { port: string; password: string; display: Display[] }) => answered(outcome, async () => {
      const { boardStatus } = await import("../board/board_status");
      return boardStatus(options.port, options.password, options.display);
    }));

  command.command("api")
    .description("API commands to a running board over its console; without --command a line of input each")
    .requiredOption(...PORT_WORDS)
    .addOption(new Option("--token <token>", "api.token of its configuration").default("", "none").env("SDC_TOKEN"))
    .option("--command <chain>", "such as \"=SET(SDC;SStart;pulse)&GETOUTPUT(SDC;Sa)\"; docs/API.md has the grammar", "")
    .addOption(passwordOption())
    .action((options: { port: string; token: string; command: string; password: string }) => answered(outcome, async () => {
      const { callBoard, callLines } = await import("../board/board_call");
      return options.command === "" ? callLines(options, process.stdin) : callBoard(options, options.command);
    }));

  command.command("unlock")
    .description("open a board's locked console until its next start")
    .requiredOption(...PORT_WORDS)
    .addOption(passwordOption())
    .action((options: { port: string; password: string }) => answered(outcome, async () => {
      const { unlockBoard } = await import("../board/board_status");
      return unlockBoard(options.port, options.password);
    }));

  command.command("console")
    .description("this terminal as the board's console; Ctrl-] leaves")
    .requiredOption(...PORT_WORDS)
    .action((options: { port: string }) => answered(outcome, async () => {
      const { passThrough } = await import("../board/pass_through");
      return { lines: [], exitCode: await passThrough(options.port) };
    }));
}
