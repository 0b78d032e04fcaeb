/*
 * The interpreter's own functions that the other files here use, with just the shapes that they need.
 *
 * Input: the global scope of Espruino (its reference manual). Output: types only; nothing of this file is
 * in the bundle. Invariant: what is not declared here is not called, so the build's list of reserved names
 * and the mocked globals of test/bundle can be checked against this one file.
 */

export interface InterpreterPin {
  read(): boolean;
  write(level: number): void;
  mode(mode: string): void;
}

export interface WatchEvent {
  state: boolean;
  /** Seconds of getTime() at the edge. */
  time: number;
  pin: InterpreterPin;
}

export interface InterpreterSerial {
  setup(baud: number, options: { rx?: InterpreterPin; tx?: InterpreterPin; path?: string; bytesize?: number }): void;
  on(event: "data", handler: (data: string) => void): void;
  write(data: string): void;
}

export interface InterpreterFlash {
  read(length: number, address: number): unknown;
  write(data: string | number[], address: number): void;
  erasePage(address: number): void;
}

export interface HttpMessage {
  statusCode: string | number;
  headers: { [name: string]: string };
  /** The interpreter's own count of the bytes of the body that are still to come; at 0 it closes the connection. */
  cRcv?: number;
  on(event: string, handler: (data: string) => void): void;
}

export interface HttpClientRequest {
  /** The interpreter's own mark for a socket to be closed on its next idle pass. */
  clsNow?: boolean;
  on(event: string, handler: (data: unknown) => void): void;
  write(data: string): void;
  end(data?: string): void;
}

export interface InterpreterDatagrams {
  /** The interpreter's own mark for a socket to be closed on its next idle pass. */
  clsNow?: boolean;
  on(event: string, handler: (data: string) => void): void;
  send(data: string, port: number, host: string): void;
  close(): void;
}

export interface HttpOptions {
  host: string;
  port: number;
  path: string;
  method: string;
  protocol: string;
  headers: { [name: string]: string | number };
}

export interface HttpServerRequest {
  /** The interpreter's own mark for a socket to be closed on its next idle pass. */
  clsNow?: boolean;
  url: string;
  method: string;
  headers: { [name: string]: string };
  on(event: string, handler: (data: string) => void): void;
}

/** An entry of the interpreter's own list of server connections; without a request before its head has come. */
export interface ServerConnection {
  /** The whole request has come. */
  endd?: boolean;
  clsNow?: boolean;
  /** Our own mark. */
  seen?: boolean;
}

export interface HttpServerResponse {
  writeHead(status: number, headers: { [name: string]: string | number }): void;
  end(data: string): void;
}

export interface InterpreterWifi {
  connect(ssid: string, options: { password: string }, handler: (error: unknown) => void): void;
  disconnect(): void;
  stopAP(): void;
  startAP(ssid: string, options: { password: string; authMode: string }, handler: (error: unknown) => void): void;
  on(event: string, handler: () => void): void;
}

interface Hashes {
  /** undefined when there is no memory for it. */
  SHA256(bytes: string): unknown;
}

interface HttpModule {
  request(options: HttpOptions, handler: (answer: HttpMessage) => void): HttpClientRequest;
  createServer(handler: (request: HttpServerRequest, response: HttpServerResponse) => void): { listen(port: number): void };
}

interface StorageModule {
  /** The text stays in flash; from `offset` on, `length` bytes, or all of it. */
  read(name: string, offset?: number, length?: number): string | undefined;
  write(name: string, content: string): boolean;
  erase(name: string): void;
  getStats(): { freeBytes: number };
}

/** The interpreter's `E`, as far as it is used. */
interface InterpreterE {
  /** At most 20 characters; asked for once lockConsole has run. Lost at every start. */
  setPassword(password: string): void;
  lockConsole(): void;
  CRC32(bytes: string): number;
  toString(data: unknown): string;
  /** In one piece of memory, moving others out of the way; undefined when there is no such piece. */
  toFlatString(data: { data: number; count: number }): string | undefined;
  hwRand(): number;
  /** Seeds hwRand and Math.random, 32 bits. */
  srand(seed: number): void;
  getErrorFlags(): string[];
  enableWatchdog(seconds: number, automatic: boolean): void;
  kickWatchdog(): void;
  reboot(): void;
  on(event: "errorFlag", handler: (flags: string[]) => void): void;
}

/** The interpreter's `process`, which is not Node's. */
export interface InterpreterProcess {
  /** VERSION such as 2v29 or 2v29.277. */
  env: { BOARD: string; VERSION: string };
  /** Without collecting garbage first when `collect` is false. */
  memory(collect: boolean): { free: number; total: number };
  on(event: "uncaughtException", handler: (error: unknown) => void): void;
}

declare global {
  const Modules: {
    /** Runs the source as a module and keeps what it exports under this name, for require. */
    addCached(name: string, source: string): void;
    removeCached(name: string): void;
  };
  const E: InterpreterE;
  function getTime(): number;
  function setTime(seconds: number): void;
  function setWatch(handler: (event: WatchEvent) => void, pin: InterpreterPin, options: { repeat: boolean; edge: string; debounce: number }): number | undefined;
  /** A word of memory or of a chip's register. */
  function peek32(address: number): number;
  /** Of the chip, from its fuses; on a PC the same everywhere. */
  function getSerial(): string;
  function analogRead(pin: InterpreterPin): number;
  function print(...values: unknown[]): void;
  function load(): void;
  function btoa(bytes: string): string;
}

/** An error of the interpreter or of a program; `stack` has a line for each call, and below it the text there. */
export interface InterpreterError {
  stack?: string;
}

/** The exports of each built-in module. */
export interface BuiltIn {
  Flash: InterpreterFlash;
  Storage: StorageModule;
  crypto: Hashes;
  http: HttpModule;
  dgram: { createSocket(type: string): InterpreterDatagrams };
  Wifi: InterpreterWifi;
}
