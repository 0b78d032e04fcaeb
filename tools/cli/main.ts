/*
 * The command line `sdc`: its verbs, and what is said about words it does not know.
 *
 * Input: the words typed. Output: the exit code of the verb. Invariant: an unknown verb, option or missing
 * argument is one clear line on stderr and exit code 2; a verb never prints a stack trace.
 */
import { Argument, Command, CommanderError } from "commander";
import { VERSION } from "../../firmware/version";
import type { Outcome } from "./answer";
import { addBoardVerbs } from "./board_verbs";
import { completionScript, type Shell, SHELLS } from "./completion";
import { addConnectorVerbs } from "./connector_verbs";
import { addKeysVerbs } from "./keys_verbs";
import { addMonitorVerb } from "./monitor_verb";
import { addProgramVerbs } from "./program_verbs";
import { addReleaseVerbs } from "./release_verbs";
import { addRingVerbs } from "./ring_verbs";
import { addTraceVerb } from "./trace_verb";
import { wrongWords } from "./wrong_words";

/** Builds the whole command; exported for tests. */
export function createCommand(outcome: Outcome): Command {
  const command = new Command("sdc");
  command
    .description("Session Database Connector: build the firmware, put it onto boards, look into a board's flash, read cards, check configurations.")
    .usage("<verb> [options]")
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .version(VERSION, "--version", "the version of this clone")
    .showHelpAfterError(false)
    .helpCommand("help [verb]", "what a verb does and takes")
    .exitOverride();
  addProgramVerbs(command, outcome);
  addBoardVerbs(command, outcome);
  addMonitorVerb(command, outcome);
  addTraceVerb(command, outcome);
  addConnectorVerbs(command, outcome);
  addRingVerbs(command, outcome);
  addKeysVerbs(command, outcome);
  addReleaseVerbs(command, outcome);
  command.command("completion")
    .description("print the completions of a shell: bash, zsh or fish")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .action((shell: Shell) => { process.stdout.write(completionScript(command, shell)); });
  command.addHelpText("after", "\nExamples:\n  sdc start --once\n  sdc decode --reader rdm6300 --hex \"02 30 31 30 …\"\n  sdc ring dump FOLDER/board.flash --area   (the file that 'sdc start --data FOLDER' keeps)\n");
  for (const verb of walk(command)) {
    verb.exitOverride();
    verb.configureOutput({ writeErr: () => undefined });
  }
  return command;
}

function walk(command: Command): Command[] {
  return [command, ...command.commands.flatMap(walk)];
}

/** `sdc help ring dump` is `sdc ring dump --help`; a verb that does not exist is an error that says so. */
function asked(command: Command, list: string[]): string[] {
  if (list[0] !== "help" || list.length === 1) return list;
  let verb = command;
  for (const word of list.slice(1)) {
    const next = verb.commands.find((one) => one.name() === word);
    if (next === undefined) throw new CommanderError(2, "sdc.unknownVerb", `unknown verb '${list.slice(1).join(" ")}'`);
    verb = next;
  }
  return [...list.slice(1), "--help"];
}

/** The verb that was typed, as far as it exists. */
function callerOf(command: Command, list: string[]): string {
  const words = ["sdc"];
  let verb = command;
  for (const word of list) {
    const next = verb.commands.find((one) => one.name() === word);
    if (next === undefined) break;
    words.push(word);
    verb = next;
  }
  return words.join(" ");
}

export async function main(list: string[]): Promise<number> {
  const outcome: Outcome = { exitCode: 0 };
  const command = createCommand(outcome);
  if (list.length === 0) {
    command.outputHelp();
    return 0;
  }
  try {
    await command.parseAsync(asked(command, list), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    // A group without its verb ("sdc ring") ends as help that was never asked for.
    process.stderr.write(wrongWords(error.code === "commander.help" ? "name a verb" : error.message, callerOf(command, list)));
    return 2;
  }
  return outcome.exitCode;
}
