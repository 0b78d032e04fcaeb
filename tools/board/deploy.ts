/*
 * `npx sdc deploy`: the firmware onto a board that runs the interpreter.
 *
 * Input: a port, the loader and a slot of a release or a build. Output: both in the board's Storage, compared, and the program
 * started. Invariant: a transfer that ends early leaves a board that runs the old program or, where there is room for
 * one slot only or another loader came, nothing; never half of two. Configuration and rows lie elsewhere and stay.
 */
import type { Board } from "../../boards/board";
import { LINUX_BUILDS } from "../../boards/espruino_flash";
import { BOARDS } from "../../boards/index";
import { ConsoleError } from "../../console/console_line";
import { STARTED } from "../../console/provisioning";
import type { Progress } from "../../console/storage_upload";
import { giveAccess } from "./access";
import { checkSource, type DeploySource, sourceFiles } from "./deploy_source";
import { carryOut, type Interpreter, lookAt, workFor } from "./deployment";
import { believedKeys } from "./install_keys";
import { openBoard } from "./open_board";
import { chooseStore, storeFor, type StoreSize } from "./store_choice";

/**
 * The oldest releases that a board is known to run well. Older ones differ in flash and Wi-Fi; up to 2v28 the watchdog of
 * a C3 watches the chip's idle task, which never runs while the API's port is open: the board would restart again and again.
 */
const OLDEST: Record<Board["family"], number> = { esp32: 2027, esp32c3: 2029, esp32s3: 2027, linux: 2027 };
/** Has no hashes and no TLS: the program could not start. */
const UNFIT = "ESP32_IDF4";
/** Names of the interpreter's builds, by our families. */
const BUILDS: Record<Board["family"], string[]> = {
  esp32: ["ESP32"], esp32c3: ["ESP32C3", "ESP32C3_IDF4"], esp32s3: ["ESP32S3", "ESP32S3_IDF4"], linux: LINUX_BUILDS,
};

function unknownBoard(name: string): string {
  return `there is no board ${name}; write one of: ${BOARDS.map((board) => board.name).join(", ")}`;
}

/** 2v29.277 as 2029; 0 for what is none. */
function numberOf(version: string): number {
  const number = /^(\d+)v(\d+)/.exec(version);
  return number === null ? 0 : Number(number[1]) * 1000 + Number(number[2]);
}

/** Why this firmware cannot go onto that interpreter, as a sentence; "" when it can. `boardName` "" when the user named none. */
export function refusal(interpreter: Interpreter, boardName: string): string {
  if (interpreter.build === UNFIT) return `the interpreter is built for ${UNFIT}, which has no hashes and no TLS; flash the release for ESP32 as docs/INSTALL.md shows`;
  const candidates = BOARDS.filter((board) => BUILDS[board.family].includes(interpreter.build));
  if (candidates.length === 0) return `the interpreter is built for ${interpreter.build}, and there is no firmware for that; 'sdc boards' lists the boards`;
  const names = candidates.map((board) => board.name).join(" or ");
  const oldest = OLDEST[candidates[0]!.family];
  if (numberOf(interpreter.version) < oldest) {
    return `the interpreter is Espruino ${interpreter.version}, this firmware needs ${String(Math.floor(oldest / 1000))}v${String(oldest % 1000)} or newer on this chip; flash a newer one as docs/INSTALL.md shows`;
  }
  if (boardName === "") return candidates.length === 1 ? "" : `choose the board: --board ${names}`;
  if (!BOARDS.some((board) => board.name === boardName)) return unknownBoard(boardName);
  return candidates.some((board) => board.name === boardName) ? "" : `the interpreter is built for ${interpreter.build}, which does not run on ${boardName}; --board ${names} would fit`;
}

/** Which form of the program has room: Bluetooth takes the memory of the whole one, and a PC's 32-bit interpreter has it not. */
export function formFor(build: string, bluetooth: boolean): "" | "parts" {
  return bluetooth || build === LINUX_BUILDS[1] ? "parts" : "";
}

export interface DeployOptions extends DeploySource {
  port: string;
  /** "" takes the only board that fits the interpreter. */
  board: string;
  password: string;
  /** Leaves Bluetooth on for a first configuration over it, and takes some 1,800 variables for that until the next deploy. */
  bluetooth: boolean;
  /** The flash area for rows and people; "" leaves it as it is. */
  store: StoreSize | "";
}

/** Puts the firmware onto a board. @returns lines about what was done @throws ConsoleError */
export async function deploy(options: DeployOptions, progress: Progress): Promise<string[]> {
  // Errors in the options are reported before anything is done to the board.
  if (options.board !== "" && !BOARDS.some((one) => one.name === options.board)) throw new ConsoleError(unknownBoard(options.board));
  checkSource(options);
  if (options.release !== "" && options.bluetooth) throw new ConsoleError("a release is for boards without Bluetooth, which leaves too little memory for it; deploy with --unsigned --bluetooth, or without --bluetooth");
  const board = await openBoard(options.port, options.password);
  try {
    const interpreter = await lookAt(board);
    const reason = refusal(interpreter, options.board);
    if (reason !== "") throw new ConsoleError(`${options.port}: ${reason}`);
    const name = options.board !== "" ? options.board : BOARDS.filter((one) => BUILDS[one.family].includes(interpreter.build))[0]!.name;
    const data = BOARDS.find((one) => one.name === name)!;
    const store = await storeFor(board, options.port, data, options.store);
    const keys = await believedKeys(board);
    // Bluetooth takes the memory that the whole program would need; a PC's 32-bit interpreter has it not.
    const form = formFor(interpreter.build, options.bluetooth);
    const files = await sourceFiles(options, name, form, numberOf(interpreter.version), keys);
    // Off, it gives the program its memory, and is no console that any telephone could reach.
    const bluetooth = await board.ask(`typeof ESP32==="object"&&typeof ESP32.enableBLE==="function"?ESP32.getState().BLE:undefined`);
    if (bluetooth === undefined && options.bluetooth) throw new ConsoleError(`${options.port}: the interpreter has no Bluetooth; deploy without --bluetooth`);
    const switches = bluetooth !== undefined && bluetooth !== options.bluetooth;
    const work = await workFor(board, interpreter, files, switches);
    if (work.neededBytes > work.roomBytes) {
      throw new ConsoleError(`${options.port}: the firmware needs ${String(work.neededBytes)} bytes of Storage, ${String(Math.max(0, work.roomBytes))} are free; erase the files of other programs, as docs/INSTALL.md shows`);
    }
    await board.stopProgram();
    if (switches) {
      // Kept by the chip over every restart. The interpreter erases the program with it, and begins anew.
      board.order(`ESP32.enableBLE(${String(options.bluetooth)})`);
      await board.returned();
    }
    const sent = await carryOut(board, interpreter, work, files, progress);
    await chooseStore(board, data, store);
    const access = name === "linux" ? [] : [await giveAccess(board)];
    const words = await board.startProgram(STARTED);
    const count = Number(work.sendsLoader) + Number(work.sendsSlot);
    const where = `slot ${work.plan.target}${work.plan.other === "" ? ", the only one" : ""}`;
    return [
      `${options.port}: ${String(count)} of 2 files sent, ${String(sent)} bytes, read back and equal (board ${name}, Espruino ${interpreter.version}, ${where})`,
      ...(data.areas.length > 1 ? [store === "large" ? "store: large, with room for the list of people" : "store: small, without a list of people (deploy a new board with --store large for one)"] : []),
      ...(options.release !== "" && keys.length === 0 ? ["the board trusts no key: anybody with its cable may change its firmware, and it takes no update over the air; sdc keys install"] : []),
      words === STARTED[0] ? "the program runs" : "the program runs and waits for its configuration: sdc provision",
      ...access,
    ];
  } finally {
    await board.close();
  }
}
