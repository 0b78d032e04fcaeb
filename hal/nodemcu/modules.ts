/*
 * The modules of NodeMCU (dev-esp32 branch) that the other files here use, with just the shapes they need.
 *
 * Input: the global scope of NodeMCU. Output: types only. Invariant: what is not declared here is not
 * called; the firmware image needs these modules built in: gpio, uart, tmr, wifi, http, net, node, time,
 * crypto, encoder, bit. Tables of functions are `@noSelf`: Lua calls them with a dot; objects with a colon.
 */

/** @noSelf */
export interface GpioModule {
  IN: number;
  /** Output whose level can be read back. */
  IN_OUT: number;
  FLOATING: number;
  PULL_UP: number;
  PULL_DOWN: number;
  INTR_UP_DOWN: number;
  config(setting: { gpio: number; dir: number; pull?: number }): void;
  read(pin: number): number;
  write(pin: number, level: number): void;
  /** The interrupt of the pin sleeps until the callback has returned; there is no queue and no time stamp. */
  trig(pin: number, kind: number, handler: (this: void, pin: number, level: number) => void): void;
}

/** @noSelf */
export interface UartModule {
  PARITY_NONE: number;
  STOPBITS_1: number;
  setup(port: number, baud: number, bits: number, parity: number, stop: number, pins?: { tx: number; rx: number }): number;
  start(port: number): boolean;
  on(port: number, event: string, count: number, handler: (this: void, data: string) => void): void;
  write(port: number, data: string): void;
}

export interface Timer {
  alarm(ms: number, mode: number, handler: (this: void) => void): boolean;
  unregister(): void;
}

/** @noSelf */
export interface TimerModule {
  ALARM_SINGLE: number;
  ALARM_AUTO: number;
  create(): Timer;
}

/** @noSelf */
export interface StationModule {
  config(setting: { ssid: string; pwd: string }): void;
  connect(): void;
  disconnect(): void;
  on(event: string, handler: (this: void) => void): void;
}

/** @noSelf */
export interface AccessPointModule {
  config(setting: { ssid: string; pwd: string }): void;
}

/** @noSelf */
export interface WifiModule {
  STATION: number;
  STATIONAP: number;
  sta: StationModule;
  ap: AccessPointModule;
  mode(mode: number): void;
  start(): void;
}

export interface HttpSettings {
  headers: { [name: string]: string };
  timeout: number;
  max_redirects: number;
}

/** `code` is negative when no answer came. Header names arrive in lower case. */
type HttpHandler = (this: void, code: number, body: string | undefined, headers: { [name: string]: string } | undefined) => void;

/** @noSelf */
export interface HttpModule {
  get(url: string, settings: HttpSettings, handler: HttpHandler): void;
  post(url: string, settings: HttpSettings, body: string, handler: HttpHandler): void;
}

export interface Socket {
  on(event: string, handler: (this: void, socket: Socket, data: string) => void): void;
  send(data: string): void;
  close(): void;
}

export interface Server {
  listen(port: number, handler: (this: void, socket: Socket) => void): void;
}

/** @noSelf */
export interface NetModule {
  createServer(): Server;
}

export interface Hash {
  update(data: string): void;
  finalize(): string;
}

/** @noSelf */
export interface CryptoModule {
  new_hash(algorithm: string): Hash;
  new_hmac(algorithm: string, key: string): Hash;
}

/** @noSelf */
export interface EncoderModule {
  toBase64(data: string): string;
}

/** @noSelf */
export interface BitModule {
  bxor(left: number, right: number): number;
  band(left: number, right: number): number;
}

/** @noSelf */
export interface TimeModule {
  /** Seconds since 1970, and microseconds, which are not used. */
  get(): number;
}

/** @noSelf */
export interface NodeModule {
  heap(): number;
  restart(): void;
  /** Microseconds since start, low 31 bits first. A float on the default build: exact enough for differences. */
  uptime(): number;
}

export interface OpenFile {
  seek(from: string, offset: number): number | undefined;
  read(count: number): string | undefined;
  write(data: string): unknown;
  close(): void;
}

/** @noSelf */
export interface FileModule {
  open(name: string, mode: string): OpenFile | undefined;
}

/** The global table. @noSelf */
export interface NodeMcu {
  gpio: GpioModule;
  uart: UartModule;
  tmr: TimerModule;
  wifi: WifiModule;
  http: HttpModule;
  net: NetModule;
  crypto: CryptoModule;
  encoder: EncoderModule;
  bit: BitModule;
  time: TimeModule;
  node: NodeModule;
  io: FileModule;
  print(line: string): void;
  dofile(name: string): unknown;
}
