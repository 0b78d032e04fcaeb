/*
 * Files into a board's Storage, in pieces, each compared with what was sent.
 *
 * Input: names and contents; a console whose interpreter is at its prompt. Output: the files in flash.
 * Invariant: a file counts as written only when length and CRC-32 of what the board reads back are right.
 */
import { type BoardConsole, quoted } from "./board_console";
import { type Bytes, crc32 } from "./bytes";
import { ConsoleError } from "./console_line";

/** Each file of Storage has a head, and is padded. */
export const FILE_HEAD_BYTES = 64;
/** Bytes of one piece: as base64 in one typed line, small enough for the interpreter with 2,500 variables. */
const PIECE_BYTES = 768;
/** A file that arrived damaged is sent once more; then the line is to blame. */
const TRIES = 2;

/** Told after every piece. */
export type Progress = (name: string, doneBytes: number, totalBytes: number) => void;

function fingerprint(bytes: Bytes): string {
  return `${String(bytes.length)} ${String(crc32(bytes))}`;
}

/** Length and CRC-32 of a file on the board; "" when it has none of this name. */
async function boardFingerprint(board: BoardConsole, name: string): Promise<string> {
  const file = `require("Storage").read(${quoted(name)})`;
  return String(await board.ask(`E.kickWatchdog(),${file}===undefined?"":${file}.length+" "+E.CRC32(${file})`));
}

/** Whether the board has this very file. @throws ConsoleError */
export async function holdsFile(board: BoardConsole, name: string, content: Bytes): Promise<boolean> {
  return await boardFingerprint(board, name) === fingerprint(content);
}

/** Removes a file; it is no mistake when there is none. */
export async function eraseFile(board: BoardConsole, name: string): Promise<void> {
  await board.ask(`E.kickWatchdog(),require("Storage").erase(${quoted(name)})`);
}

/** Writes one file. @throws ConsoleError when it does not arrive as it was sent */
export async function uploadFile(board: BoardConsole, name: string, content: Bytes, progress: Progress): Promise<void> {
  const wanted = fingerprint(content);
  for (let tries = 0; tries < TRIES; tries++) {
    // Storage refuses to write other bytes over a file, so the one that was there goes first.
    await eraseFile(board, name);
    for (let offset = 0; offset < content.length; offset += PIECE_BYTES) {
      const piece = btoa(content.substring(offset, offset + PIECE_BYTES));
      // The first piece gives the file its whole size; power that fails from here on leaves a file with a wrong CRC.
      const written = await board.ask(`E.kickWatchdog(),require("Storage").write(${quoted(name)},atob("${piece}"),${String(offset)},${String(content.length)})`);
      if (written !== true) throw new ConsoleError(`${name}: the board did not store the bytes from ${String(offset)} on; its Storage may be full of other programs' files`);
      progress(name, Math.min(offset + PIECE_BYTES, content.length), content.length);
    }
    if (await boardFingerprint(board, name) === wanted) return;
  }
  throw new ConsoleError(`${name}: what the board reads back differs from what was sent, ${String(TRIES)} times; try a shorter cable, then another board`);
}
