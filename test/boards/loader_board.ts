/*
 * A board for the built loader: two slots, the mark page in flash that behaves as flash does, a console.
 *
 * Input: the loader's text, slots, faults of the flash. Output: which program ran, what was printed. Invariant: the
 * loader and the expressions of the console tools run as they ship, in one scope.
 */
import { createHash } from "node:crypto";
import { createContext, runInContext } from "node:vm";
import { crc32 } from "node:zlib";
import { LINUX_MARK_ADDRESS, LINUX_PAGE_BYTES } from "../../boards/espruino_flash";
import type { BoardConsole } from "../../console/board_console";
import { createMockFlash, type MockFlash } from "../../hal/mock/flash";

export interface LoaderTestBoard {
  flash: MockFlash;
  /** Storage, by name. */
  files: Map<string, string>;
  printed: string[];
  reboots: number;
  /** Each arming of the watchdog: seconds, and whether the interpreter kicks it. */
  watchdogs: [number, boolean][];
  /** Code that waits, and its milliseconds. */
  timers: [string, number][];
  /** One start from power-on: the word that the program of the slot left, "" when none ran. @throws what leaves the loader */
  start(loader: string): string;
  /** The value of an expression in the running program. */
  look(expression: string): unknown;
  /** Its console, for the tools. */
  board: BoardConsole;
}

const bytesOf = (data: string | number[]): string => (typeof data === "string" ? data : String.fromCharCode(...data));

/** `build`: what its interpreter calls its board. */
export function createLoaderTestBoard(content?: Uint8Array, build = "LINUX"): LoaderTestBoard {
  const flash = createMockFlash(LINUX_PAGE_BYTES, { pageBytes: LINUX_PAGE_BYTES, address: LINUX_MARK_ADDRESS, ...(content === undefined ? {} : { content }) });
  let context = createContext({});
  const world: LoaderTestBoard = {
    flash, files: new Map(), printed: [], reboots: 0, watchdogs: [], timers: [],
    start(loader) {
      const builtIn: Record<string, unknown> = {
        Flash: { read: (length: number, address: number) => flash.read(address, length), write: (data: string | number[], address: number) => flash.write(address, bytesOf(data)), erasePage: (address: number) => flash.erase(address) },
        Storage: {
          read: (name: string, offset = 0, length?: number) => {
            const file = world.files.get(name);
            return file === undefined ? undefined : file.slice(offset, length === undefined ? undefined : offset + length);
          },
        },
        crypto: { SHA256: (text: string) => createHash("sha256").update(text, "latin1").digest().toString("latin1") },
      };
      context = createContext({
        require: (name: string) => builtIn[name], process: { env: { BOARD: build } }, print: (line: string) => { world.printed.push(line); },
        setTimeout: (code: string, ms: number) => { world.timers.push([code, ms]); },
        btoa: (text: string) => Buffer.from(text, "latin1").toString("base64"), ran: "",
        E: {
          CRC32: (text: string) => crc32(Buffer.from(text, "latin1")), toString: (text: string) => text, kickWatchdog: () => undefined,
          enableWatchdog: (seconds: number, automatic: boolean) => { world.watchdogs.push([seconds, automatic]); },
          reboot: () => { world.reboots++; },
        },
      });
      runInContext("var global = this;", context);
      runInContext(loader, context);
      return String(runInContext("ran", context));
    },
    look: (expression) => runInContext(expression, context) as unknown,
    board: { ask: (expression: string) => Promise.resolve(JSON.parse(JSON.stringify([runInContext(`(${expression})`, context)]))[0] as unknown) } as unknown as BoardConsole,
  };
  return world;
}
