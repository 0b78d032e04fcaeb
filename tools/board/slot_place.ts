/*
 * The places of program slots on a board: found, made, and emptied without touching anything of Storage's.
 *
 * Input: an open console; what the interpreter calls its build. Output: places as the files' heads say and as flash
 * confirms. Invariants: a place is believed only when the head of its file in flash stands right before it, so one that
 * a compaction moved is not; only whole pages inside the file are ever erased (docs/STORAGE.md section 9).
 */
import { ESP32_PAGE_BYTES, ESP32_RESERVED, LINUX_BUILDS, LINUX_PAGE_BYTES, LINUX_RESERVED } from "../../boards/espruino_flash";
import type { FlashArea } from "../../boards/board";
import { type BoardConsole, quoteForConsole } from "../../console/board_console";
import { crc32 } from "../../console/bytes";
import { ConsoleError } from "../../console/console_line";
import { PLACE_HEAD_BYTES } from "../../hal/espruino/slot_format";
import { placeAt, placeHead, placeOf, type SlotPlace } from "../build/slot";

/** Storage puts length and name in front of each file: 4 and 28 bytes. */
const FILE_HEAD_BYTES = 32;
const LENGTH_BYTES = 4;
/** Bytes of flash that are searched at once; any board has memory for them. */
const WINDOW_BYTES = 1024;
/** Pages of one question: an erase may take 400 ms. */
const PAGES_AT_ONCE = 8;

function storageOf(build: string): { area: FlashArea; pageBytes: number } {
  const isLinux = LINUX_BUILDS.includes(build);
  const area = (isLinux ? LINUX_RESERVED : ESP32_RESERVED).find((one) => one.name === "Storage");
  if (area === undefined) throw new Error("the flash map names no Storage");
  return { area, pageBytes: isLinux ? LINUX_PAGE_BYTES : ESP32_PAGE_BYTES };
}

function headName(file: string): string {
  return file.padEnd(FILE_HEAD_BYTES - LENGTH_BYTES, "\0");
}

/** Flash address of a file's content; 0 when it is nowhere. @throws ConsoleError */
async function contentAddress(board: BoardConsole, build: string, file: string): Promise<number> {
  const { area } = storageOf(build);
  const end = area.address + area.bytes;
  for (let from = area.address; from < end; from += 32 * WINDOW_BYTES) {
    const found = await board.ask(`(function(n,a,e){for(;a<e;a+=${String(WINDOW_BYTES)}){E.kickWatchdog();var i=E.toString(require("Flash").read(Math.min(${String(WINDOW_BYTES + FILE_HEAD_BYTES)},${String(end)}-a),a)).indexOf(n);if(i>=0)return a+i+${String(FILE_HEAD_BYTES - LENGTH_BYTES)}}return 0})(${quoteForConsole(headName(file))},${String(from)},${String(Math.min(end, from + 32 * WINDOW_BYTES))})`);
    if (found !== 0) return Number(found);
  }
  return 0;
}

/** Bytes of a file, 0 when there is none. @throws ConsoleError */
export async function fileBytes(board: BoardConsole, file: string): Promise<number> {
  return Number(await board.ask(`(require("Storage").read(${quoteForConsole(file)})||"").length`));
}

/** The place that a file is; undefined when it is none, or lies elsewhere now than it says. @throws ConsoleError */
export async function readPlace(board: BoardConsole, file: string): Promise<SlotPlace | undefined> {
  const head = await board.ask(`require("Storage").read(${quoteForConsole(file)},0,${String(PLACE_HEAD_BYTES)})||""`) as string;
  const place = placeOf(head);
  if (place === undefined || place.bytes === 0) return place;
  const before = atob(String(await board.ask(`btoa(require("Flash").read(${String(FILE_HEAD_BYTES - LENGTH_BYTES)},${String(place.address - place.at - FILE_HEAD_BYTES + LENGTH_BYTES)}))`)));
  return before === headName(file) ? place : undefined;
}

/** Makes an empty file of `bytes` and writes into its head where its pages are. @throws ConsoleError */
export async function makePlace(board: BoardConsole, build: string, file: string, bytes: number): Promise<SlotPlace> {
  await board.ask(`E.kickWatchdog(),require("Storage").erase(${quoteForConsole(file)}),require("Storage").write(${quoteForConsole(file)},"",0,${String(bytes)})`);
  const address = await contentAddress(board, build, file);
  if (address === 0) throw new ConsoleError(`${file}: the board made the file and does not find it in its flash; its interpreter keeps files in another way, so it cannot take a program that is updated`);
  const place = placeAt(address, bytes, storageOf(build).pageBytes);
  await board.ask(`require("Storage").write(${quoteForConsole(file)},${quoteForConsole(placeHead(place))},0,${String(bytes)})`);
  return place;
}

/** Erases those of a place's pages that are not blank. @throws ConsoleError */
export async function emptyPlace(board: BoardConsole, build: string, file: string, place: SlotPlace): Promise<void> {
  const { pageBytes } = storageOf(build);
  const blank = crc32("\xff".repeat(pageBytes));
  const page = String(pageBytes);
  for (let offset = 0; offset < place.bytes; offset += PAGES_AT_ONCE * pageBytes) {
    const end = Math.min(place.bytes, offset + PAGES_AT_ONCE * pageBytes);
    await board.ask(`(function(o,e){for(;o<e;o+=${page}){E.kickWatchdog();if(E.CRC32(require("Storage").read(${quoteForConsole(file)},${String(place.at)}+o,${page}))!==${String(blank)})require("Flash").erasePage(${String(place.address)}+o)}})(${String(offset)},${String(end)})`);
  }
}
