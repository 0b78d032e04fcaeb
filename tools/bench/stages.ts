/*
 * `npm run bench -- stages`: the worth of each step of the build: variables of a small board, bytes of a slot, instructions of a start.
 *
 * Input: --only LIST of steps, joined by commas; the interpreter named by ESPRUINO32, valgrind. Output: a table: the build as shipped, then without
 * one step each. Invariants: the same sources, documents and order each time; a board that does not run is said to, with its reason.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configure, interpreterDocument, LINUX_PINS } from "../../test/boards/interpreter_board";
import { rest } from "../../test/espruino/driver";
import { END_PIN, fullDocument, SECOND_METER_PIN, START_PIN } from "../../test/espruino/full_document";
import { forms, Interpreter } from "../../test/espruino/interpreter";
import { filesIn } from "../board/deploy_source";
import { freshBuild } from "../build/espruino";
import { placedSlot } from "../build/slot";
import { type Stage, STAGES } from "../build/stages";
import type { Garage } from "../world/garage";
import { callgrindAbsence } from "./callgrind";
import { BARE, countOf, END } from "./start";

const API_PORT = 2380;
const SETTLE_MS = 3000;
const LOOKS = 20;
/** Variables that the way of asking takes (test/espruino/interpreter.ts). */
const MAILBOX = 48;
/** No endpoint listens there: what an upload takes while it waits for an answer is not counted. */
const NO_ENDPOINT = { server: { url: "http://127.0.0.1:9" }, keyId: "stages", keyHex: "00".repeat(32) } as unknown as Garage;
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** The wallbox example for a board on the desk, with everything on or not. */
function documentOf(isFull: boolean): unknown {
  const document = interpreterDocument(NO_ENDPOINT);
  return isFull ? fullDocument(document, API_PORT) : document;
}

function boardWith(path: string, files: Record<string, string>, isFull: boolean): Interpreter {
  const board = new Interpreter(path);
  board.wirePins(LINUX_PINS);
  board.install(files);
  configure(board, documentOf(isFull));
  rest(board, isFull ? [...LINUX_PINS.filter((pin) => pin === 25 || pin === 26), START_PIN, END_PIN, SECOND_METER_PIN] : undefined);
  return board;
}

/** The least of some looks: what nothing holds counts until it is collected. */
async function idleOf(path: string, files: Record<string, string>, isFull: boolean): Promise<string> {
  let board: Interpreter | undefined;
  try {
    board = boardWith(path, files, isFull);
    board.start();
    await board.printed("sdc runs");
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    let least = Infinity;
    for (let look = 0; look < LOOKS; look++) least = Math.min(least, (board.ask("process.memory()") as { usage: number }).usage);
    return String(least - MAILBOX);
  } catch (error) {
    return `does not run: ${board?.log().split("\n").find((line) => line.startsWith("restart: ")) ?? String(error).split("\n")[0]}`;
  } finally {
    await board?.close();
  }
}

async function startOf(path: string, files: Record<string, string>): Promise<string> {
  if (callgrindAbsence() !== "") return "not known";
  try {
    const board = boardWith(path, { ...files, ".boot1": END }, false);
    const bare = new Interpreter(path);
    bare.install({ ".bootcde": BARE });
    const count = countOf(path, board) - countOf(path, bare);
    await board.close();
    await bare.close();
    return String(count);
  } catch (error) {
    return String(error).split("\n")[0]!;
  }
}

async function row(path: string, title: string, without: Stage[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sdc-stages-"));
  try {
    await freshBuild(folder, { without });
    const { loader, slot } = filesIn(folder, "linux", "parts");
    const files = { ".bootcde": loader, sdc_a: placedSlot(slot) };
    say(`| ${[title, await idleOf(path, files, false), await idleOf(path, files, true), String(slot.length), await startOf(path, files)].join(" | ")} |`);
  } catch (error) {
    say(`| ${title} | ${String(error).split("\n")[0]} | | | |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench(list: string[]): Promise<number> {
  const chosen = list[0] === "--only" ? (list[1] ?? "").split(",") : [...STAGES];
  if ((list.length > 0 && list[0] !== "--only") || chosen.some((one) => !(STAGES as readonly string[]).includes(one))) {
    process.stderr.write(`npm run bench -- stages: --only takes some of ${STAGES.join(",")}\n`);
    return 2;
  }
  const { name, path } = forms()[1]!;
  if (path === "") {
    process.stderr.write(`npm run bench -- stages: ${name} names no interpreter, and its variables are what is counted\n`);
    return 1;
  }
  say("| build | idle, wallbox example | idle, everything on | slot, bytes | start, instructions |\n|---|---|---|---|---|");
  await row(path, "as shipped", []);
  for (const stage of chosen as Stage[]) await row(path, `without ${stage}`, [stage]);
  return 0;
}
