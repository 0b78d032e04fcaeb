/*
 * A configuration document sent over a board's console, by `sdc provision` and by the page alike.
 *
 * Input: an open console, the document's bytes. Output: the document in the board's settings, or its errors
 * in the board's own words. Invariant: the board's own check decides; a refused document leaves the old one in
 * force; a line that ends leaves the old one or, once all of it has arrived, either of the two, whole.
 */
import { LINUX_RAW_BYTES } from "../boards/espruino_flash";
import type { BoardConsole } from "./board_console";
import { type Bytes, crc32 } from "./bytes";
import { ConsoleError } from "./console_line";
import { eraseFile, FILE_HEAD_BYTES, uploadFile } from "./storage_upload";

/** First words of a program that has been started. */
export const STARTED = ["sdc runs", "sdc waits for its configuration"];

/** Told after every piece. */
export type Carried = (doneBytes: number, totalBytes: number) => void;

/** Bytes of the document in one typed line. */
const PIECE_BYTES = 384;
/** An interpreter with fewer variables has no room for a document beside its reader; every ESP32 build has more. */
const VARIABLES_MIN = 3000;
/** A board whose line ended half way restarts its program after this time; a whole document takes seconds. */
const RETURN_MS = 180000;
/** Where the document waits on such a one: read from there it takes no memory. */
const WAITING = "sdc_document";

/** Brings `document` over; the expression that is its bytes on the board. @throws ConsoleError */
async function carry(board: BoardConsole, document: Bytes, carried: Carried): Promise<string> {
  const [variables, freeBytes] = await board.ask(`[process.memory().total,require("Storage").getStats().freeBytes]`) as [number, number];
  if (variables < VARIABLES_MIN && freeBytes - LINUX_RAW_BYTES > document.length + FILE_HEAD_BYTES) {
    await uploadFile(board, WAITING, document, (_name, done, total) => carried(done, total));
    return `require("Storage").read("${WAITING}")`;
  }
  // Else in memory: a file for each document would one day make Storage move everything it holds.
  await board.ask(`global.sdcText="",0`);
  for (let offset = 0; offset < document.length; offset += PIECE_BYTES) {
    const piece = document.substring(offset, offset + PIECE_BYTES);
    await board.ask(`E.kickWatchdog(),sdcText+=atob("${btoa(piece)}"),0`);
    carried(offset + piece.length, document.length);
  }
  if (await board.ask("E.CRC32(sdcText)") !== crc32(document)) throw new ConsoleError("the document arrived damaged, the board keeps the one it had; try again");
  return "sdcText";
}

/** Says whether the board runs firmware of ours, with or without a configuration. @throws ConsoleError */
export async function runsFirmware(board: BoardConsole): Promise<boolean> {
  return await board.ask("typeof sdc") === "object";
}

/**
 * Lets the board itself check and store `document`; "" or its errors, one a line, UTF-8 as bytes. The program is
 * stopped and waits afterwards. @throws ConsoleError
 */
export async function provisionOver(board: BoardConsole, document: Bytes, carried: Carried = () => undefined): Promise<string> {
  // Everything that matters is in flash: stopping the program is no more than a power cut to it. The program is started
  // again without its device, because a small board has not the memory for both.
  await board.stopProgram();
  await board.ask(`global.sdc="wait",eval(require("Storage").read(".bootcde")),setTimeout("load()",${String(RETURN_MS)}),0`);
  const bytes = await carry(board, document, carried);
  try {
    return String(await board.ask(`part("service").provisionDocument(sdc,${bytes})`));
  } finally {
    if (bytes !== "sdcText") await eraseFile(board, WAITING);
  }
}
