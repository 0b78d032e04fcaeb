/*
 * `npx sdc provision`: a configuration document onto a board, checked here and there.
 *
 * Input: a port and a file. Output: the document in the board's settings and the program started with it, or
 * every mistake. The program is stopped meanwhile, because a small board has not the memory for both. Invariant: the board's own check decides; a refused document leaves the old one in force.
 */
import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import type { Bytes } from "../../hal/ports";
import { LINUX_AREA_BYTES } from "../../boards/espruino_flash";
import { readConfiguration } from "../../firmware/block/configuration_reader";
import type { Answer } from "../cli/answer";
import { checkConfiguration } from "../config_check";
import { BoardConsole } from "./board_console";
import { ConsoleError } from "./console_line";
import { FILE_HEAD_BYTES, STARTED } from "./deploy";
import { eraseFile, uploadFile } from "./storage_upload";

/** Bytes of the document in one typed line. */
const PIECE_BYTES = 384;
/** An interpreter with fewer variables has no room for a document beside its reader; every ESP32 build has more. */
const VARIABLES_MIN = 3000;
/** Where the document waits on such a one: read from there it takes no memory. */
const WAITING = "sdc_document";

/** Brings `document` over; the expression that is its bytes on the board. @throws ConsoleError */
async function carry(board: BoardConsole, document: Bytes): Promise<string> {
  const [variables, freeBytes] = await board.ask(`[process.memory().total,require("Storage").getStats().freeBytes]`) as [number, number];
  if (variables < VARIABLES_MIN && freeBytes - LINUX_AREA_BYTES > document.length + FILE_HEAD_BYTES) {
    await uploadFile(board, WAITING, document, () => undefined);
    return `require("Storage").read("${WAITING}")`;
  }
  // Else in memory: a file for each document would one day make Storage move everything it holds.
  await board.ask(`global.sdcText="",0`);
  for (let offset = 0; offset < document.length; offset += PIECE_BYTES) {
    const piece = Buffer.from(document.substring(offset, offset + PIECE_BYTES), "latin1").toString("base64");
    await board.ask(`E.kickWatchdog(),sdcText+=atob("${piece}"),0`);
  }
  if (await board.ask("E.CRC32(sdcText)") !== crc32(Buffer.from(document, "latin1"))) throw new ConsoleError("the document arrived damaged, the board keeps the one it had; try again");
  return "sdcText";
}

/**
 * Lets the board itself check and store `document`; "" or its mistakes, one a line, UTF-8 as bytes. The program is
 * stopped and waits afterwards. @throws ConsoleError
 */
export async function provisionOver(board: BoardConsole, document: Bytes): Promise<string> {
  // Everything that matters is in flash: stopping the program is no more than a power cut to it. The program is started
  // again without its device, because a small board has not the memory for both.
  await board.stopProgram();
  await board.ask(`global.sdc="wait",eval(require("Storage").read(".bootcde")),0`);
  const bytes = await carry(board, document);
  try {
    return String(await board.ask(`(function(){var m=require("sdc_service");Modules.removeCached("sdc_service");return m.provisionDocument(sdc,${bytes})})()`));
  } finally {
    if (bytes !== "sdcText") await eraseFile(board, WAITING);
  }
}

/** @throws ConsoleError */
export async function provisionBoard(port: string, file: string, password: string): Promise<Answer> {
  const checked = checkConfiguration(file);
  if (checked.exitCode !== 0) return checked;
  const document = readFileSync(file, "latin1");
  const board = await BoardConsole.open(port, password);
  try {
    if (await board.ask("typeof sdc") !== "object") throw new ConsoleError(`${port}: the board runs no firmware of ours; deploy it first: sdc deploy --port ${port}`);
    const mistakes = await provisionOver(board, document);
    if (mistakes !== "") {
      const lines = mistakes.split("\n").map((line) => `${port}: ${Buffer.from(line, "latin1").toString("utf8")}`);
      await board.startProgram(STARTED);
      return { lines: [...lines, `${port}: the board keeps the configuration it had`], exitCode: 1 };
    }
    const words = await board.startProgram(STARTED);
    if (words !== STARTED[0]) throw new ConsoleError(`${port}: the board stored the document and still waits for one; deploy the firmware again, then provision`);
    const open = readConfiguration(document).configuration?.consolePassword === "";
    const doors = open ? "warning: its console is open to whoever plugs in; set device.password" : "its console is locked: see 'sdc unlock'";
    return { lines: [...checked.lines, `${port}: the board took the document and runs with it; ${doors}`], exitCode: 0 };
  } finally {
    await board.close();
  }
}
