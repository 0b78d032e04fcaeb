/*
 * Files into a board's Storage, in pieces, each compared with what was sent.
 *
 * Input: names and contents; a console whose interpreter is at its prompt. Output: the files in flash.
 * Invariant: a file counts as written only when length and CRC-32 of what the board reads back are right.
 */
import { type BoardConsole, quoteForConsole } from "./board_console";
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

/** A piece of a new file that lies in another file on the board already. */
export interface Copy {
  at: number;
  bytes: number;
  file: string;
  from: number;
}

/** How a file is to be made. */
export interface Making {
  /** Bytes of the file in Storage: the content's length, or more, so that a longer content fits later. */
  storedBytes: number;
  /** Where in the file the content begins. */
  at: number;
  /** In the order of their places in the content, not overlapping; `from` counts from the beginning of their file. */
  copies: Copy[];
  /** Makes the bytes of the content blank, before each try. @throws ConsoleError */
  prepare(): Promise<void>;
}

/** Whether the board has a file of `storedBytes` with `content` at offset `at`. @throws ConsoleError */
export async function holdsFile(board: BoardConsole, name: string, content: Bytes, storedBytes = content.length, at = 0): Promise<boolean> {
  const file = `require("Storage").read(${quoteForConsole(name)})`;
  // Hashed in flash: a file is larger than the board's memory.
  const begin = `require("Storage").read(${quoteForConsole(name)},${String(at)},${String(content.length)})`;
  const found = await board.ask(`E.kickWatchdog(),${file}===undefined?"":${file}.length+" "+E.CRC32(${begin})`);
  return found === `${String(storedBytes)} ${String(crc32(content))}`;
}

/** Removes a file; it is not an error when there is none. */
export async function eraseFile(board: BoardConsole, name: string): Promise<void> {
  await board.ask(`E.kickWatchdog(),require("Storage").erase(${quoteForConsole(name)})`);
}

/** Writes one file. @throws ConsoleError when it does not arrive as it was sent */
export async function uploadFile(board: BoardConsole, name: string, content: Bytes, progress: Progress, asked?: Making): Promise<void> {
  // Storage refuses to write other bytes over a file, so the one that was there goes first.
  const making = asked ?? { storedBytes: content.length, at: 0, copies: [], prepare: () => eraseFile(board, name) };
  for (let tries = 0; tries < TRIES; tries++) {
    // A copied part is sent as well once the whole has not come out right.
    const copies = tries === 0 ? making.copies : [];
    await making.prepare();
    for (let offset = 0, bytes = 0; offset < content.length; offset += bytes) {
      const copy = copies.find((one) => one.at <= offset && offset < one.at + one.bytes);
      const end = copy === undefined ? copies.find((one) => one.at > offset)?.at ?? content.length : copy.at + copy.bytes;
      bytes = Math.min(PIECE_BYTES, end - offset);
      const piece = copy === undefined ? `atob("${btoa(content.substring(offset, offset + bytes))}")` : `require("Storage").read(${quoteForConsole(copy.file)},${String(copy.from + offset - copy.at)},${String(bytes)})`;
      // The first piece gives the file its whole size; power that fails from here on leaves a file with a wrong CRC.
      const written = await board.ask(`E.kickWatchdog(),require("Storage").write(${quoteForConsole(name)},${piece},${String(making.at + offset)},${String(making.storedBytes)})`);
      if (written !== true) throw new ConsoleError(`${name}: the board did not store the bytes from ${String(offset)} on; its Storage may be full of other programs' files`);
      progress(name, offset + bytes, content.length);
    }
    if (await holdsFile(board, name, content, making.storedBytes, making.at)) return;
  }
  throw new ConsoleError(`${name}: what the board reads back differs from what was sent, ${String(TRIES)} times; try a shorter cable, then another board`);
}
