/*
 * `npm run bench -- start`: what a board does from power to its first beat, with an empty ring and with a full one.
 *
 * Input: --only ESPRUINO or ESPRUINO32; the interpreters named by ESPRUINO and ESPRUINO32, valgrind. Output: a line for each form and ring: time,
 * the least of seven, and instructions without those of the flash file. Invariants: the shipped files with the wallbox example; from
 * the loader's first statement to the line "sdc runs"; a start whose ring did not hold what it was given is an error and no figure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { LINUX_AREA_ADDRESS, LINUX_AREA_BYTES, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import { openLayout } from "../../firmware/store/layout";
import { appendRecord, openRing } from "../../firmware/store/ring";
import { createHostCrypto } from "../../hal/host/crypto";
import { interpreterDocument, flashOf, openInterpreterTestBoard, pendingRows } from "../../test/boards/interpreter_board";
import { rest } from "../../test/espruino/driver";
import { forms, Interpreter } from "../../test/espruino/interpreter";
import { wallboxRow } from "../../test/unit/store/rows";
import { openGarage } from "../world/garage";
import { callgrindAbsence, own, parseCount } from "./callgrind";

const TIMES = 7;
const START_MS = 20000;
const COUNT_MS = 600000;
const COUNTED = "counted.start";
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** Runs before the loader: the board's line that it runs brings the time with it. */
const CLOCK = 'var begun=getTime(),say=print;global.print=function(t){say(t);if(t==="sdc runs")say("took "+(getTime()-begun)*1000+" ms")};';
/** The same, but the process ends there; and what the interpreter does without a program of ours. */
export const END = 'global.print=function(t){if(t==="sdc runs")E.reboot()};';
export const BARE = "E.reboot()";

/** Rows that fill the ring of a stopped board. */
function fill(board: Interpreter): number {
  const flash = flashOf(board);
  const layout = openLayout([{ address: LINUX_AREA_ADDRESS, bytes: LINUX_AREA_BYTES }], LINUX_PAGE_BYTES);
  if (layout === undefined) throw new Error("the board's flash area has no room for a ring");
  const ring = openRing(flash, createHostCrypto(), layout.ring, "refuseNew", 1);
  let rows = 0;
  while (appendRecord(ring, wallboxRow(ring.nextSequence)) === "stored") rows++;
  flash.close();
  return rows;
}

/** A stopped board with so many rows in its ring as fit, or none. */
async function stopped(path: string, document: unknown, first: string, isFull: boolean): Promise<{ board: Interpreter; rows: number }> {
  const board = await openInterpreterTestBoard(path, document, { ".boot1": first });
  rest(board);
  const rows = isFull ? fill(board) : 0;
  if (pendingRows(board) !== rows) throw new Error(`${String(rows)} rows were stored, ${String(pendingRows(board))} wait`);
  return { board, rows };
}

/** The least of several, of a board's first start with its document and of the next. */
async function millisecondsOf(path: string, document: unknown, isFull: boolean): Promise<{ ms: number[]; rows: number }> {
  const ms = [Infinity, Infinity];
  let rows = 0;
  for (let run = 0; run < TIMES; run++) {
    const made = await stopped(path, document, CLOCK, isFull);
    rows = made.rows;
    for (const start of ms.keys()) {
      made.board.start();
      await made.board.printed(" ms", START_MS);
      ms[start] = Math.min(ms[start]!, Number(/took ([\d.]+) ms/.exec(made.board.log())?.[1]));
      await made.board.kill();
    }
    await made.board.close();
  }
  return { ms, rows };
}

/** Instructions of a board whose program ends its process. */
export function countOf(path: string, board: Interpreter): number {
  const file = join(board.folder, COUNTED);
  const { error, signal } = spawnSync("valgrind", ["--quiet", "--tool=callgrind", `--callgrind-out-file=${COUNTED}`, path], { cwd: board.folder, encoding: "latin1", input: "", timeout: COUNT_MS });
  if (error !== undefined || signal !== null || !existsSync(file)) throw new Error(`the interpreter under valgrind ended with ${String(signal)}: ${error?.message ?? "nothing was counted"}`);
  return own(parseCount(readFileSync(file, "latin1")));
}

export async function bench(list: string[]): Promise<number> {
  const only = list[0] === "--only" ? list[1] : "";
  if ((list.length > 0 && list[0] !== "--only") || list.length > 2 || (only !== "" && !forms().some(({ name }) => name === only))) {
    process.stderr.write(`npm run bench -- start: --only takes one of ${forms().map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const absence = callgrindAbsence();
  if (absence !== "") say(`!! ABSENT: instructions; ${absence}`);
  const garage = await openGarage({ nowS: () => Math.floor(Date.now() / 1000), drivers: [] });
  const document = interpreterDocument(garage);
  let measured = 0;
  try {
    for (const { name, path } of forms().filter((form) => only === "" || form.name === only)) {
      if (path === "") {
        say(`!! ABSENT: ${name}; nothing was measured for it`);
        continue;
      }
      for (const isFull of [false, true]) {
        const { ms, rows } = await millisecondsOf(path, document, isFull);
        let counted = ["", ""];
        if (absence === "") {
          const { board } = await stopped(path, document, END, isFull);
          const bare = new Interpreter(path);
          bare.install({ ".bootcde": BARE });
          const bareCount = countOf(path, bare);
          counted = counted.map(() => `, ${String(countOf(path, board) - bareCount)} instructions`);
          await board.close();
          await bare.close();
        }
        for (const [start, words] of ["the first start with a document", "each further start"].entries()) {
          say(`${name}, ${String(rows)} rows waiting, ${words}: ${ms[start]!.toFixed(0)} ms${counted[start]!}`);
        }
      }
      measured++;
    }
  } finally {
    await garage.server.close();
  }
  return measured > 0 ? 0 : 1;
}
