/*
 * Which flash area a board's store has: chosen when the firmware comes onto it, and kept from then on.
 *
 * Input: the console of a board, the choice of its installer. Output: a file in its Storage that says so
 * (boards/espruino_chip.ts reads it). Invariants: where something is stored already the choice stays, because rows, counts and the
 * configuration would not be found in another place; the large area is taken only where it is blank, because it is the
 * interpreter's second slot in the older partition table.
 */
import { LARGE_STORE, STORE_FILE } from "../../boards/espruino_files";
import type { Board, FlashArea } from "../../boards/board";
import { type BoardConsole, quoteForConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import { uploadFile } from "../../console/storage_upload";
import { KEY_VALUE_LARGE_BYTES } from "../../firmware/store/layout";
import { KEY_VALUE_MAGIC } from "../../firmware/store/key_value_store";

export type StoreSize = "small" | "large";

/** Bytes looked at, and every how many: each part of the store begins with a head of its own. */
const LOOKED_BYTES = 64;
const STEP_BYTES = 4096;

/** Whether nothing was ever written to an area, as far as its pages' beginnings say. */
async function isBlank(board: BoardConsole, address: number, bytes: number): Promise<boolean> {
  const look = `(function(a,e){var f=require("Flash"),i,b;for(;a<e;a+=${String(STEP_BYTES)}){b=f.read(${String(LOOKED_BYTES)},a);for(i=0;i<b.length;i++)if(b[i]!=255)return 0;}return 1})`;
  return await board.ask(`${look}(${String(address)},${String(address + bytes)})`) === 1;
}

/** The store of a board: what its file says, or, where Storage was erased, where its numbers are found. */
async function storeOf(board: BoardConsole, large: FlashArea): Promise<StoreSize> {
  if (await board.ask(`require("Storage").read("${STORE_FILE}")`) === LARGE_STORE) return "large";
  const look = `(function(a){for(var i=0,n=0;i<${String(KEY_VALUE_LARGE_BYTES)};i+=${String(STEP_BYTES)})if(E.toString(require("Flash").read(4,a+i))==${quoteForConsole(KEY_VALUE_MAGIC)})n++;return n})`;
  return await board.ask(`${look}(${String(large.address)})`) === 0 ? "small" : "large";
}

/**
 * Makes sure that a board can have the store that was asked for; "" asks for what it has, small on a new one.
 * @returns the store that it is to have @throws ConsoleError
 */
export async function storeFor(board: BoardConsole, port: string, data: Board, wanted: StoreSize | ""): Promise<StoreSize> {
  const large = data.areas.find((area) => area.name === "large");
  if (large === undefined) {
    if (wanted === "large") throw new ConsoleError(`${port}: a ${data.name} has one flash area only; deploy without --store`);
    return "small";
  }
  const has = await storeOf(board, large);
  if (wanted === "" || wanted === has) return has;
  const used = data.areas.find((area) => area.name === has)!;
  if (!await isBlank(board, used.address, used.bytes)) {
    throw new ConsoleError(`${port}: the board keeps rows, counts and its configuration in its ${has} store, where a ${wanted} one would not look for them; deploy without --store, or erase the whole chip and begin anew as docs/INSTALL.md shows`);
  }
  if (wanted === "large" && !await isBlank(board, large.address, large.bytes)) {
    throw new ConsoleError(`${port}: the flash from 0x${large.address.toString(16)} on is not blank, so it may hold another interpreter; erase the whole chip as docs/INSTALL.md shows, or deploy with --store small`);
  }
  return wanted;
}

/** Writes the choice down; before the program starts. @throws ConsoleError */
export async function chooseStore(board: BoardConsole, data: Board, store: StoreSize): Promise<void> {
  if (!data.areas.some((area) => area.name === "large")) return;
  const isLarge = await board.ask(`require("Storage").read("${STORE_FILE}")`) === LARGE_STORE;
  if (store === "large" && !isLarge) await uploadFile(board, STORE_FILE, LARGE_STORE, () => undefined);
  if (store === "small" && isLarge) await board.ask(`(require("Storage").erase("${STORE_FILE}"),1)`);
}
