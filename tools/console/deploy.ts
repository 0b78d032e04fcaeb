/*
 * `npx sdc deploy`: the firmware onto a board that runs the interpreter.
 *
 * Input: a port, the files of a build. Output: the files in the board's Storage, compared, and the program
 * started. Invariant: the program file goes first and comes last, so a transfer that ends early leaves a board
 * that runs nothing, never one that runs half of two versions; configuration and rows lie elsewhere and stay.
 */
import { mkdtempSync, existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Board } from "../../boards/board";
import { LINUX_AREA_BYTES } from "../../boards/espruino_flash";
import { BOARDS } from "../../boards/index";
import { buildEspruino } from "../build/espruino";
import { type BoardConsole, quoted } from "../../exosphere/console/board_console";
import { ConsoleError } from "../../exosphere/console/console_line";
import { STARTED } from "../../exosphere/console/provisioning";
import { eraseFile, FILE_HEAD_BYTES, holdsFile, type Progress, uploadFile } from "../../exosphere/console/storage_upload";
import { giveAccess } from "./access";
import { openBoard } from "./open_board";

/** The interpreter runs this file when it starts. */
const PROGRAM = ".bootcde";
/** The oldest release that has been read against research of its behaviour; older ones differ in flash and Wi-Fi. */
const OLDEST = 2027;
/** What the interpreter calls its builds, by our families. */
const BUILDS: Record<Board["family"], string[]> = {
  esp32: ["ESP32", "ESP32_IDF4"], esp32c3: ["ESP32C3", "ESP32C3_IDF4"], esp32s3: ["ESP32S3", "ESP32S3_IDF4"], linux: ["LINUX"],
};

/** What the interpreter says about itself. */
export interface Interpreter {
  build: string;
  version: string;
  /** Bytes of Storage that are free, or become free when it is compacted. */
  freeBytes: number;
}

/** Why this firmware cannot go onto that interpreter, as a sentence; "" when it can. `boardName` "" when the user named none. */
export function refusal(interpreter: Interpreter, boardName: string): string {
  const number = /^(\d+)v(\d+)/.exec(interpreter.version);
  if (number === null || Number(number[1]) * 1000 + Number(number[2]) < OLDEST) {
    return `the interpreter is Espruino ${interpreter.version}, this firmware needs 2v27 or newer; flash a newer one as docs/INSTALL.md shows`;
  }
  const candidates = BOARDS.filter((board) => BUILDS[board.family].includes(interpreter.build));
  if (candidates.length === 0) return `the interpreter is built for ${interpreter.build}, and there is no firmware for that; 'sdc boards' lists the boards`;
  const names = candidates.map((board) => board.name).join(" or ");
  if (boardName === "") return candidates.length === 1 ? "" : `say which board it is: --board ${names}`;
  if (!BOARDS.some((board) => board.name === boardName)) return `there is no board ${boardName}; 'sdc boards' lists them`;
  return candidates.some((board) => board.name === boardName) ? "" : `the interpreter is built for ${interpreter.build}, which is no ${boardName}; --board ${names} would fit`;
}

/** Set-up mode is for boards with a Wi-Fi of their own; the image of a PC's interpreter has no room for it. */
export const FOR_WIRELESS = ["espruino_setup", "espruino_page"];

/** Reads name and contents of a board's files from a folder as `npm run build` fills. @throws ConsoleError when the board's program is not there */
export function filesIn(folder: string, board: string): Record<string, string> {
  const program = join(folder, "espruino", `${board}.js`);
  if (!existsSync(program)) throw new ConsoleError(`${program} is not there: this build has no program for board ${board}`);
  const files: Record<string, string> = {};
  const modules = join(folder, "espruino", "modules");
  for (const file of readdirSync(modules).sort()) {
    const name = basename(file, ".js");
    if (board !== "linux" || !FOR_WIRELESS.includes(name)) files[`sdc_${name}`] = readFileSync(join(modules, file), "latin1");
  }
  files[PROGRAM] = readFileSync(program, "latin1");
  return files;
}

async function builtFiles(folder: string, board: string): Promise<Record<string, string>> {
  if (folder !== "") return filesIn(folder, board);
  const fresh = mkdtempSync(join(tmpdir(), "sdc-deploy-"));
  try {
    await buildEspruino(fresh);
    return filesIn(fresh, board);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

async function lookAt(board: BoardConsole): Promise<Interpreter> {
  const facts = await board.ask(`[process.env.BOARD,process.env.VERSION,require("Storage").getStats()]`) as [string, string, { freeBytes: number; trashBytes: number }];
  const { freeBytes, trashBytes } = facts[2];
  // On the PC the interpreter counts our part of the flash image as its own, and would fill it before it compacts.
  return { build: facts[0], version: facts[1], freeBytes: facts[0] === "LINUX" ? freeBytes - LINUX_AREA_BYTES : freeBytes + trashBytes };
}

/** The files that the board has not, or has with other contents. */
async function changedFiles(board: BoardConsole, files: Record<string, string>): Promise<string[]> {
  const changed: string[] = [];
  for (const [name, content] of Object.entries(files)) if (!await holdsFile(board, name, content)) changed.push(name);
  return changed;
}

/** Why `changed` does not fit into the board's Storage; "" when it does. A replaced file's old bytes become free on a real board. */
async function noRoom(board: BoardConsole, interpreter: Interpreter, files: Record<string, string>, changed: string[], present: string[]): Promise<string> {
  let free = interpreter.freeBytes;
  if (interpreter.build !== "LINUX") {
    for (const name of [...present, PROGRAM]) {
      if (changed.includes(name) || files[name] === undefined) free += Number(await board.ask(`(require("Storage").read(${quoted(name)})||"").length`));
    }
  }
  const needed = changed.reduce((sum, name) => sum + files[name].length + FILE_HEAD_BYTES, 0);
  if (needed <= free) return "";
  const remedy = interpreter.build === "LINUX" ? "stop it, remove the file espruino.flash, deploy and provision again" : "erase the files of other programs, as docs/INSTALL.md shows";
  return `the firmware needs ${String(needed)} bytes of Storage, ${String(Math.max(0, free))} are free; ${remedy}`;
}

export interface DeployOptions {
  port: string;
  /** "" takes the only board that fits the interpreter. */
  board: string;
  /** A folder as `npm run build` fills; "" builds anew. */
  from: string;
  password: string;
  /** Leaves Bluetooth on for a first configuration over it, and takes some 1,800 variables for that until the next deploy. */
  bluetooth: boolean;
}

/** Puts the firmware onto a board. @returns lines about what was done @throws ConsoleError */
export async function deploy(options: DeployOptions, progress: Progress): Promise<string[]> {
  const board = await openBoard(options.port, options.password);
  try {
    const interpreter = await lookAt(board);
    const reason = refusal(interpreter, options.board);
    if (reason !== "") throw new ConsoleError(`${options.port}: ${reason}`);
    const name = options.board !== "" ? options.board : BOARDS.filter((one) => BUILDS[one.family].includes(interpreter.build))[0].name;
    const files = await builtFiles(options.from, name);
    const present = await board.ask(`require("Storage").list(/^sdc_/)`) as string[];
    const changed = await changedFiles(board, files);
    // Off, it gives the program its memory, and is no console that any telephone could reach.
    const bluetooth = await board.ask(`typeof ESP32==="object"&&typeof ESP32.enableBLE==="function"?ESP32.getState().BLE:undefined`);
    if (bluetooth === undefined && options.bluetooth) throw new ConsoleError(`${options.port}: the interpreter has no Bluetooth; deploy without --bluetooth`);
    const switches = bluetooth !== undefined && bluetooth !== options.bluetooth;
    // The program is erased for the time of a transfer, so it is written anew with any other file.
    if ((changed.length > 0 || switches) && !changed.includes(PROGRAM)) changed.push(PROGRAM);
    const room = await noRoom(board, interpreter, files, changed, present);
    if (room !== "") throw new ConsoleError(`${options.port}: ${room}`);
    await board.stopProgram();
    if (switches) {
      // Kept by the chip over every restart. The interpreter erases the program with it, and begins anew.
      board.order(`ESP32.enableBLE(${String(options.bluetooth)})`);
      await board.returned();
    }
    if (changed.length > 0) {
      // From here on the board starts nothing until the last file is right; cut off before or after, it starts what is whole.
      await eraseFile(board, PROGRAM);
    }
    const total = changed.reduce((sum, file) => sum + files[file].length, 0);
    for (const old of present) if (files[old] === undefined) await eraseFile(board, old);
    let before = 0;
    for (const file of changed) {
      await uploadFile(board, file, files[file], (_one, done) => progress(file, before + done, total));
      before += files[file].length;
    }
    const access = name === "linux" ? [] : [await giveAccess(board)];
    const words = await board.startProgram(STARTED);
    return [
      `${options.port}: ${String(changed.length)} of ${String(Object.keys(files).length)} files sent, ${String(before)} bytes, read back and equal (board ${name}, Espruino ${interpreter.version})`,
      words === STARTED[0] ? "the program runs" : "the program runs and waits for its configuration: sdc provision",
      ...access,
    ];
  } finally {
    await board.close();
  }
}
