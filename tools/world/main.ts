/*
 * `npm start`: an endpoint and a simulated garage, live or as one scripted day.
 *
 * Input: options of the command line. Output: the address of the page and each Log line; with --once the
 * table as SQL returns it and, on differences to the script's ledger, exit code 1. Invariant: board,
 * protocol and database are the real ones; only the wires and the time are played.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, CommanderError, InvalidArgumentError } from "commander";
import { openHostFlash } from "../../hal/host/flash";
import { DRIVERS, scriptedDay } from "./day";
import { GARAGE_BOARD, GARAGE_FLASH_BYTES, openGarage, provisionBoard, wallboxDocument, wiringOf } from "./garage";
import { differences, expectedRows } from "./ledger";
import { liveWeek } from "./live";
import { play } from "./player";
import { openRelay } from "./relay";
import { readReport } from "./report";

interface Options {
  once: boolean;
  seed: number;
  speed: number;
  port: number;
  data?: string;
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

function parse(list: string[]): Options | number {
  const command = new Command("npm start --")
    .description("Runs an endpoint and a simulated garage: drivers come, show cards, charge and leave.")
    .option("--once", "play one scripted day, compare the database with the script, and end", false)
    .option("--seed <number>", "another world", wholeNumber(0, 4294967295), 1)
    .option("--speed <factor>", "seconds of the garage in one real second", wholeNumber(1, 3600), 60)
    .option("--port <number>", "port of the page; 0 takes any free one", wholeNumber(0, 65535), 0)
    .option("--data <folder>", "keep database and flash in this folder (default: a temporary one)")
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, "npm start: ")) });
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

async function playDay(options: Options, folder: string): Promise<number> {
  let worldMs = 0;
  const document = wallboxDocument();
  const script = scriptedDay(options.seed, wiringOf(document));
  const garage = await openGarage({ nowS: () => DAY_EPOCH_S + Math.floor(worldMs / 1000), drivers: DRIVERS, port: options.port });
  const relay = await openRelay(garage.server.url);
  const flash = openHostFlash(join(folder, "board.flash"), GARAGE_FLASH_BYTES);
  try {
    say(`seed ${options.seed}: ${script.ledger.length} visits, a power cut, and an endpoint that is away for three hours`);
    const device = await play({
      script, beginEpochS: DAY_EPOCH_S, flash, board: GARAGE_BOARD, log: say,
      onNew: (ports) => provisionBoard(ports, garage, relay.url),
      onEndpoint: (reachable) => relay.setReachable(reachable),
      onStep: async (atMs) => { worldMs = atMs; },
    });
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

async function playLive(options: Options, folder: string): Promise<number> {
  const beganS = Math.floor(Date.now() / 1000);
  const beganMs = performance.now();
  const document = wallboxDocument();
  // The endpoint lives in the played time too, also when the computer cannot play as fast as it should.
  let playedMs = 0;
  const garage = await openGarage({
    nowS: () => beganS + Math.floor(playedMs / 1000), drivers: DRIVERS, port: options.port,
    ...(options.data === undefined ? {} : { dataFolder: join(folder, "database") }),
  });
  const flash = openHostFlash(join(folder, "board.flash"), GARAGE_FLASH_BYTES);
  say(`open in a browser: ${await garage.server.loginLink()}`);
  say(`The link lets you in as administrator, once, within 15 minutes. ${options.speed} s of the garage pass in one second; Ctrl+C ends.`);
  say("");
  process.once("SIGINT", () => {
    say("\nended");
    process.exit(0);
  });
  await play({
    script: liveWeek(options.seed, wiringOf(document)), beginEpochS: beganS, flash, board: GARAGE_BOARD, log: say,
    onNew: (ports) => provisionBoard(ports, garage, garage.server.url),
    onEndpoint: async () => undefined,
    onStep: async (worldMs) => {
      playedMs = worldMs;
      const aheadMs = worldMs / options.speed - (performance.now() - beganMs);
      if (aheadMs > 2) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    },
  });
  flash.close();
  await garage.server.close();
  return 0;
}

/** Runs the demonstration; 0 when all is well, 1 when the database differs, 2 for a wrong command line. */
export async function main(list: string[]): Promise<number> {
  const options = parse(list);
  if (typeof options === "number") return options;
  const folder = options.data ?? mkdtempSync(join(tmpdir(), "garage-"));
  try {
    return options.once ? await playDay(options, folder) : await playLive(options, folder);
  } finally {
    if (options.data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}
