/*
 * `npm run bench -- instructions`: instructions that the interpreter executes for a pulse, a tick, a session, an uploaded row.
 *
 * Input: --runs N (2), --only ESPRUINO or ESPRUINO32; the interpreters named by ESPRUINO and ESPRUINO32, valgrind. Output: a table a form: the shipped program, beside
 * it the plain program of a user and the floor of an empty callback, with the spread of the runs; then sizes. Invariant: each
 * run is a start of its own; a figure whose runs differ by more than 2 % is marked, and the exit status says so.
 */
import { shippedFiles } from "../../test/boards/interpreter_board";
import { forms } from "../../test/espruino/interpreter";
import { countBoard, countEmpty, countRival } from "./board_counts";
import { callgrindAbsence, own } from "./callgrind";
import { pulseBudget, spread } from "./figures";
import type { Costs } from "./figures";

const SPREAD_MAX = 0.02;
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** Prints the figures of all runs of one program; true when they agree. */
function table(title: string, runs: Costs[]): boolean {
  say(`\n${title}\n| what | instructions | the flash file's, beside | spread of ${String(runs.length)} runs |\n|---|---|---|---|`);
  let isSteady = true;
  for (const name of runs[0]!.keys()) {
    const counts = runs.map((costs) => costs.get(name)).filter((count) => count !== undefined);
    const differs = spread(counts.map(own));
    if (differs > SPREAD_MAX) isSteady = false;
    say(`| ${name} | ${String(own(counts[0]!))} | ${String(counts[0]!.flashFile)} | ${runs.length < 2 ? "not known" : `${(differs * 100).toFixed(1)} %`}${differs > SPREAD_MAX ? " !!" : ""} |`);
  }
  return isSteady;
}

export async function bench(list: string[]): Promise<number> {
  const runs = list.includes("--runs") ? Number(list[list.indexOf("--runs") + 1]) : 2;
  const only = list.includes("--only") ? list[list.indexOf("--only") + 1] : "";
  if (!Number.isInteger(runs) || runs < 1 || (only !== "" && !forms().some(({ name }) => name === only))) {
    process.stderr.write(`npm run bench -- instructions: --runs takes a whole number from 1 on, --only one of ${forms().map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const absence = callgrindAbsence();
  if (absence !== "") {
    process.stderr.write(`npm run bench -- instructions: ${absence}\n`);
    return 1;
  }
  let measured = 0;
  let isSteady = true;
  const repeat = async (count: (path: string) => Promise<Costs>, path: string): Promise<Costs[]> => {
    const costs: Costs[] = [];
    for (let run = 0; run < runs; run++) costs.push(await count(path));
    return costs;
  };
  for (const { name, path } of forms().filter((form) => only === "" || form.name === only)) {
    if (path === "") {
      say(`!! ABSENT: ${name}; nothing was measured for it`);
      continue;
    }
    say(`\n${name}`);
    const empty = await repeat(countEmpty, path);
    const board = await repeat(countBoard, path);
    isSteady = table("The shipped program, wallbox example", board) && isSteady;
    isSteady = table("The plain program of a user", await repeat(countRival, path)) && isSteady;
    isSteady = table("The floor: an empty program", empty) && isSteady;
    say(`\n${pulseBudget(empty[0]!, board[0]!)}`);
    measured++;
  }
  const files = await shippedFiles();
  say(`\nbytes of the shipped files: loader ${String(files[".bootcde"]!.length)}, slot ${String(files.sdc_a!.length)}`);
  if (!isSteady) say("!! figures marked with !! differ by more than 2 % from run to run: repeat on a quieter machine");
  return measured > 0 && isSteady ? 0 : 1;
}
