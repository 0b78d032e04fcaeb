/*
 * The program behind `sdc sim`: one world, or a swarm of them.
 *
 * Input: the words of the command line. Output: what happened, violations, and one line of JSON at the end. Invariant:
 * exit code 1 when a promise was broken, 2 when the words were wrong.
 */
import { writeFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { DEFAULTS, FAULTS, faultsOf, type SimOptions } from "./options";
import { readNamedFile } from "../cli/named_file";
import { createProgress } from "../cli/progress";
import { type Caller, wrongWords } from "../cli/wrong_words";
import { reportPage } from "./report/page";
import { createRecorder, SILENT } from "./report/recorder";
import { replay } from "./replay/replay";
import { parseTrace, TraceError } from "./replay/trace";
import { swarm, swarmLines } from "./run/swarm";
import { closeSpare, resultLine, simulate } from "./run/simulation";

interface Words { seed: number; days: number; boards: number; faults: string; contacts: "all" | "few"; everyTick: boolean; print: boolean; swarm?: number; report?: string }

function number(low: number, high: number, isWhole: boolean): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === "" || !(value >= low && value <= high) || (isWhole && !Number.isInteger(value))) throw new InvalidArgumentError(`give a ${isWhole ? "whole " : ""}number from ${String(low)} to ${String(high)}.`);
    return value;
  };
}

export function optionsOf(words: Words): SimOptions {
  return { seed: words.seed, days: words.days, boards: words.boards, faults: faultsOf(words.faults), contacts: words.contacts, everyTick: words.everyTick };
}

function printEvent(atMs: number, board: string, text: string): void {
  if (text.startsWith(SILENT)) return;
  const day = Math.floor(atMs / 86_400_000);
  process.stdout.write(`day ${String(day)} ${new Date(atMs).toISOString().slice(11, 23)} ${board.padEnd(9)} ${text}\n`);
}

async function runSwarm(words: Words, count: number): Promise<number> {
  const progress = createProgress((text) => { process.stderr.write(text); }, process.stderr.isTTY);
  const result = await swarm(optionsOf(words), count, (text, done, total) => { progress.show(text, done, total); });
  progress.end();
  for (const line of swarmLines(result)) process.stdout.write(`${line}\n`);
  return result.failure === undefined ? 0 : 1;
}

async function runOne(words: Words): Promise<number> {
  const recorder = createRecorder();
  const result = await simulate(optionsOf(words), (atMs, board, text) => {
    if (words.print) printEvent(atMs, board, text);
    if (words.report !== undefined) recorder.say(atMs, board, text);
  });
  await closeSpare();
  if (words.report !== undefined) writeFileSync(words.report, reportPage(recorder, result));
  for (const { rule, board, text } of result.violations.slice(0, 50)) process.stdout.write(`${board}: ${rule}: ${text}\n`);
  process.stdout.write(`${resultLine(result)}\n`);
  return result.violations.length === 0 ? 0 : 1;
}

async function runReplay(file: string): Promise<number> {
  const bytes = readNamedFile(file);
  if (typeof bytes === "string") throw new TraceError(bytes);
  const trace = parseTrace(bytes.toString("utf8"));
  const result = await replay(trace, (atMs, text) => {
    if (!text.startsWith(SILENT)) process.stdout.write(`${(atMs / 1000).toFixed(3).padStart(12)}  ${text}\n`);
  }).finally(closeSpare);
  for (const row of result.rows) process.stdout.write(`row ${JSON.stringify(row)}\n`);
  process.stdout.write(`${JSON.stringify({ rows: result.rows.length, refused: result.refused, replay: `npx sdc sim replay ${file}` })}\n`);
  return result.refused === 0 ? 0 : 1;
}

function createProgram(act: (words: Words) => Promise<number>, leave: (code: number) => void): Command {
  const program = new Command("sdc sim")
    .description("play a world from one seed: drivers, boards, a network, the endpoint; and check every promise at its end")
    .option("--seed <number>", "decides everything that happens", number(0, 2 ** 31, true), DEFAULTS.seed)
    .option("--days <number>", "days of the world", number(0.1, 36_500, false), DEFAULTS.days)
    .option("--boards <number>", "boards at one endpoint", number(1, 50, true), DEFAULTS.boards)
    .option("--faults <list>", `none, all, or names joined by commas (-name leaves one out): ${FAULTS.join(", ")}`, "none")
    .option("--contacts <which>", "all: each sign of life of a board reaches the database; few: one a day", (text) => {
      if (text !== "all" && text !== "few") throw new InvalidArgumentError("give all or few.");
      return text;
    }, DEFAULTS.contacts)
    .option("--every-tick", "do every tick that a board does", false)
    .option("--swarm <number>", "so many seeds, from --seed on, on all processors; stops at the first that breaks a promise, and shrinks it", number(1, 1_000_000, true))
    .option("--report <file>", "draw the run: a time line for each board, as one HTML page")
    .option("--print", "tell what happens, as it happens", false)
    .addHelpText("after", "\ndocs/SIMULATION.md says what a world holds and what is checked.\n")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .action(async (words: Words) => { leave(await act(words)); });
  program.command("replay <file>")
    .description("play a trace of a board's wires ('sdc monitor --record' writes one), and show the rows that it makes")
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .action(async (file: string) => { leave(await runReplay(file)); });
  return program;
}

export async function main(list: string[], caller: Caller = "sdc sim"): Promise<number> {
  let code = 0;
  try {
    await createProgram((words) => (words.swarm === undefined ? runOne(words) : runSwarm(words, words.swarm)), (left) => { code = left; }).parseAsync(list, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    const isWrongWord = error instanceof CommanderError || error instanceof TraceError || (error instanceof Error && (error.message.startsWith("no fault '") || "syscall" in error));
    if (!isWrongWord) throw error;
    // A trace that cannot be played is no wrong word: its line is named, and help says no more.
    process.stderr.write(error instanceof TraceError ? `sdc: ${error.message}\n` : wrongWords(error.message, caller));
    return 2;
  }
  return code;
}
