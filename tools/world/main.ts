/*
 * `npm start`: an endpoint and a simulated garage, live or as one scripted day.
 *
 * Input: options of the command line. Output: the address of the page and each Log line; with --once the
 * table as SQL returns it and, on differences to the script's ledger, exit code 1. Invariant: board,
 * protocol and database are the real ones; only the wires and the time are played.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { openHostFlash } from "../../hal/host/flash";
import { DRIVERS, scriptedDay } from "./day";
import { GARAGE_BOARD, GARAGE_FLASH_BYTES, openGarage, provisionBoard, wallboxDocument, wiringOf } from "./garage";
import { type Caller, wrongWords } from "../cli/wrong_words";
import { type Ending, endingAsked } from "./ending";
import { differences, expectedRows } from "./ledger";
import { hasScreen } from "./browser";
import { playLive } from "./live";
import { play } from "./player";
import { openRelay } from "./relay";
import { readReport } from "./report";

interface Options {
  once: boolean;
  seed: number;
  speed: number;
  port: number;
  data?: string;
  browser: boolean;
}

/** The scripted day begins on this moment: a weekday in winter, 00:00 UTC. */
const DAY_EPOCH_S = Date.UTC(2026, 0, 15) / 1000;

function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < low || value > high) throw new InvalidArgumentError(`give a whole number from ${low} to ${high}.`);
    return value;
  };
}

function parse(list: string[], caller: Caller): Options | number {
  const command = new Command(caller.startsWith("sdc") ? caller : `${caller} --`)
    .description("Runs an endpoint and a simulated garage: drivers come, show cards, charge and leave.")
    .option("--once", "play one scripted day, compare the database with the script, and end", false)
    .option("--seed <number>", "another world", wholeNumber(0, 4294967295), 1)
    .option("--speed <factor>", "seconds of the garage in one real second", wholeNumber(1, 3600), 60)
    .option("--port <number>", "port of the page; 0 takes any free one", wholeNumber(0, 65535), 0)
    .option("--data <folder>", "keep database and flash in this folder, and go on there at the next start (default: a temporary one)")
    .option("--no-browser", "do not open the page in a browser")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => { write(wrongWords(text, caller)); } });
  try {
    command.parse(list, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  return command.opts<Options>();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Throws a sentence that names the folder. */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Error(`--data ${folder}: no folder can be made there (${(error as NodeJS.ErrnoException).code ?? String(error)}); choose another`, { cause: error });
  }
}

async function playDay(options: Options, folder: string, ending: Ending): Promise<number> {
  const image = join(folder, "board.flash");
  // The script's accounts begin with a new board; the rows of an earlier day would stand beside them.
  if (existsSync(image)) throw new Error(`--data ${folder}: it holds a board already, and the scripted day needs a new one; choose a new folder, or leave out --once to go on`);
  let worldMs = 0;
  const document = wallboxDocument();
  const script = scriptedDay(options.seed, wiringOf(document));
  const garage = await openGarage({ nowS: () => DAY_EPOCH_S + Math.floor(worldMs / 1000), drivers: DRIVERS, port: options.port, ...(options.data === undefined ? {} : { dataFolder: join(folder, "database") }) });
  const relay = await openRelay(garage.server.url);
  const flash = openHostFlash(image, GARAGE_FLASH_BYTES);
  try {
    say(`seed ${options.seed}: ${script.ledger.length} visits, a power cut, and an endpoint that is away for three hours`);
    const device = await play({
      script, beginEpochS: DAY_EPOCH_S, flash, board: GARAGE_BOARD, log: say,
      onNew: (ports) => provisionBoard(ports, garage, relay.url),
      onEndpoint: (reachable) => relay.setReachable(reachable),
      onStep: async (atMs) => { worldMs = atMs; },
      isEnded: () => ending.isAsked,
    });
    if (ending.isAsked || device === undefined) {
      say("\nended before the day was over; nothing was compared");
      return 130;
    }
    const report = await readReport(garage.server.database);
    say("");
    for (const line of report.lines) say(line);
    const faults = differences(expectedRows(script, document.tariff, DAY_EPOCH_S * 1000), report.rows);
    if (device.ring.pending > 0) faults.push(`ring: ${device.ring.pending} rows never reached the endpoint`);
    say("");
    for (const fault of faults) say(fault);
    say(faults.length === 0 ? "database and script agree in every session, user, Wh and cent" : `${faults.length} differences`);
    return faults.length === 0 ? 0 : 1;
  } finally {
    flash.close();
    await relay.close();
    await garage.server.close();
  }
}

/** The system's error about the page's port, with the option and the remedy; any other error as it is. */
function portError(error: unknown, port: number): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== "listen") return error;
  if (code === "EADDRINUSE") return new Error(`--port ${port}: something listens there already; choose another`, { cause: error });
  if (code === "EACCES") return new Error(`--port ${port}: this account may not listen there; choose a port from 1024 on`, { cause: error });
  return error;
}

/** Runs the demonstration; 0 when all is well, 1 when the database differs, 2 for a wrong command line. */
export async function main(list: string[], caller: Caller = "npm start"): Promise<number> {
  const options = parse(list, caller);
  if (typeof options === "number") return options;
  const folder = options.data ?? mkdtempSync(join(tmpdir(), "garage-"));
  if (options.data !== undefined) makeFolder(options.data);
  // Before anything that takes its time: every way to end closes the flash and removes the temporary folder.
  const ending = endingAsked(say);
  try {
    process.stderr.write("starting the database and the endpoint …\n");
    if (options.once) return await playDay(options, folder, ending);
    const browser = options.browser && hasScreen(process.env, process.stdout.isTTY, process.platform);
    return await playLive({ ...options, folder, keeps: options.data !== undefined, browser }, ending, say);
  } catch (error) {
    throw portError(error, options.port);
  } finally {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
