/*
 * The verbs that speak with a board over its console: ports, deploy, provision, status, api, unlock, lock, console.
 *
 * Input: the command to add them to. Output: verbs that print what tools/board/ found or did. Invariant:
 * each failure of the line is one sentence on stderr and exit code 2.
 */
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { give } from "./answer";
import type { Answer, Outcome } from "./answer";
import { parseDisplay } from "../board/meter_drift";
import type { Display } from "../board/meter_drift";
import { portOr } from "../board/ports";
import { createProgress } from "./progress";

/** Left out, it is the only port that may be a board. */
export function portOption(): Option {
  return new Option("--port <port>", "a port of 'sdc ports' such as /dev/ttyUSB0 or COM3, or tcp://HOST:PORT; left out: the only board plugged in").default("", "the only board plugged in").env("SDC_PORT");
}

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

const progress = createProgress((text) => { process.stderr.write(text); }, process.stderr.isTTY);
// Broken off in the middle of a bar, the terminal gets its line end; a second listener does not keep the process alive.
process.once("exit", () => { progress.end(); });

/** Does the work; what goes wrong on the line is one sentence and 2. */
export async function answered(outcome: Outcome, work: () => Promise<Answer>): Promise<void> {
  const { ConsoleError } = await import("../../console/console_line");
  try {
    give(outcome, await work());
  } catch (error) {
    progress.end();
    if (!(error instanceof ConsoleError)) throw error;
    give(outcome, { lines: [error.message], exitCode: 2 });
  }
}

export function addBoardVerbs(command: Command, outcome: Outcome): void {
  command.command("ports")
    .description("list the serial ports of this computer, and which of them may be a board")
    .option("--json", "as JSON", false)
    .action((options: { json: boolean }) => answered(outcome, async () => {
      const { portsAnswer } = await import("../board/ports");
      return portsAnswer(options.json);
    }));

  command.command("deploy")
    .description("put the firmware onto a board that runs Espruino, compare it, start it")
    .addOption(portOption())
    .option("--board <name>", "a board of 'sdc boards'; needed where several fit the interpreter", "")
    .option("--release <file>", "a signed release; a board that trusts a key takes nothing else", "")
    .option("--unsigned", "the firmware of this folder, which has no signature; for a board without a key", false)
    .option("--from <folder>", "with --unsigned: files of an earlier 'sdc build', such as dist; else they are built now", "")
    .option("--bluetooth", "leave Bluetooth on, so that the configuration page can send the first document over it", false)
    .addOption(new Option("--store <size>", "flash for rows and people, chosen once on a new board: small (64 KiB, no list of people) or large (1 MiB)").choices(["small", "large"]))
    .addOption(passwordOption())
    .action((options: { port: string; board: string; release: string; unsigned: boolean; from: string; password: string; bluetooth: boolean; store?: "small" | "large" }) => answered(outcome, async () => {
      const { deploy } = await import("../board/deploy");
      return { lines: await deploy({ ...options, port: await portOr(options.port), store: options.store ?? "" }, progress.show), exitCode: 0 };
    }));

  command.command("provision")
    .description("check a configuration document, store it on a board, start with it")
    .addOption(portOption())
    .requiredOption("--config <file>", "the document, JSON")
    .addOption(passwordOption())
    .action((options: { port: string; config: string; password: string }) => answered(outcome, async () => {
      const { provisionBoard } = await import("../board/provisioning");
      return provisionBoard(await portOr(options.port), options.config, options.password);
    }));

  command.command("status")
    .description("what a board says: version, memory, rows that wait, last contact, clock, faults, meters and their drift")
    .addOption(portOption())
    .addOption(passwordOption())
    .option("--display <meter=kWh>", "what a meter's display shows now, such as 1=12345.6: tells the drift of the register", displayOf, [])
    .option("--json", "as one JSON object", false)
    .action((options: { port: string; password: string; display: Display[]; json: boolean }) => answered(outcome, async () => {
      const { boardStatus } = await import("../board/board_status");
      return boardStatus(await portOr(options.port), options.password, options.display, options.json);
    }));

  command.command("api")
    .description("API commands to a running board over its console; without --command a line of input each")
    .addOption(portOption())
    .addOption(new Option("--token <token>", "api.token of its configuration").default("", "none").env("SDC_TOKEN"))
    .option("--command <chain>", "such as \"=SET(SDC;SStart;pulse)&GETOUTPUT(SDC;Sa)\"; docs/API.md has the grammar", "")
    .addOption(passwordOption())
    .action((options: { port: string; token: string; command: string; password: string }) => answered(outcome, async () => {
      const { callBoard, callLines } = await import("../board/board_call");
      const call = { ...options, port: await portOr(options.port) };
      return options.command === "" ? callLines(call, process.stdin) : callBoard(call, options.command);
    }));

  command.command("unlock")
    .description("open a board's locked console until its next start")
    .addOption(portOption())
    .addOption(passwordOption())
    .action((options: { port: string; password: string }) => answered(outcome, async () => {
      const { unlockBoard } = await import("../board/doors");
      return unlockBoard(await portOr(options.port), options.password);
    }));

  command.command("lock")
    .description("close a board's console again, so that it asks for its password")
    .addOption(portOption())
    .action((options: { port: string }) => answered(outcome, async () => {
      const { lockBoard } = await import("../board/doors");
      return lockBoard(await portOr(options.port));
    }));

  command.command("console")
    .description("this terminal as the board's console; Ctrl-] leaves, and locks a console that was opened here")
    .addOption(portOption())
    .action((options: { port: string }) => answered(outcome, async () => {
      const { passThrough } = await import("../board/pass_through");
      return { lines: [], exitCode: await passThrough(await portOr(options.port)) };
    }));
}
