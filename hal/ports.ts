/*
 * The whole hardware boundary of the firmware, in types and contracts.
 *
 * Input: nothing. Output: the types that firmware/ is written against and that hal/<platform>/
 * implements. Invariants, for every port and every implementation, checked by test/contract:
 *  - a port never calls back into the firmware from inside a call that the firmware made: what
 *    arrives waits in a bounded queue and is taken on a later tick; what a full queue drops is counted;
 *  - a port never throws: an operating failure is one of the returned words;
 *  - times are whole numbers below 2^31 (the NodeMCU build has 32-bit integers), seconds and
 *    milliseconds apart.
 */

/** Text in which every character stands for one byte, 0 to 255. UTF-8 text travels as its bytes. */
export type Bytes = string;

/** A point of monotonic time. The same record is filled again and again: copy what you keep. */
export interface Instant {
  /** Milliseconds, counting 0 … 2^30 - 1 and wrapping (about 12.4 days). Use base/monotonic to subtract. */
  ms: number;
  /** Whole seconds since this start of the program; never wraps within 68 years. */
  s: number;
}

export interface ClockPort {
  /** Fills `now`. Never goes backwards, also when the wall clock does. Resolution 1 to 20 ms. */
  read(now: Instant): void;
  /** UTC seconds since 1970, or 0 while the clock was not set since power-on. May jump at `setWall`. */
  wallS(): number;
  /** Sets the wall clock, 1.6e9 … 2^31 - 1. Timers and `read` are not disturbed by it. */
  setWall(epochS: number): void;
}

export type PinMode = "input" | "inputPullup" | "inputPulldown" | "output" | "analog";

/** One change of a watched pin. `level` is electrical: 1 is high, independent of the polarity. */
export interface PinEdge {
  pin: number;
  level: number;
  /** Monotonic milliseconds as in Instant.ms, of the moment of the edge (not of its delivery). */
  atMs: number;
}

export interface PinsPort {
  /** Claims a pin. From then on every edge of an input is queued. "absent": this board has no such pin or mode. */
  open(pin: number, mode: PinMode): "ok" | "absent";
  /** Moves the oldest queued edge into `edge`; false when there is none. Bounces arrive as they are. */
  take(edge: PinEdge): boolean;
  /** Edges lost since start because the queue (EDGES_MAX in firmware/limits.ts, longer where a board has room) was full. Never decreases. */
  overflows(): number;
  /** Level now (0 or 1); for an analog pin 0 … 1000 thousandths of the full scale. 0 for a pin that could not be opened. */
  read(pin: number): number;
  /** Drives an output; nothing for a pin that could not be opened. The level on the wire may be held down by what is connected. */
  write(pin: number, level: number): void;
}

export interface SerialPort {
  /** Opens UART `port` at `baud`, 8N1. "absent": no such UART here. Opening again changes the speed. */
  open(port: number, baud: number): "ok" | "absent";
  /** All bytes that arrived since the last call, cut anywhere; "" when none. */
  take(port: number): Bytes;
  /** Queues bytes for sending. "busy": nothing was queued, try later. */
  write(port: number, bytes: Bytes): "ok" | "busy";
  /** Bytes lost since start because the receive buffer was full. */
  overflows(port: number): number;
}

/**
 * Raw NOR flash. Bits are only cleared by a write and only set by an erase.
 *
 * Power cut during `write`: any bits that should have become 0 may still be 1, in any of the bytes;
 * no bit outside the written bytes changes. Power cut during `erase`: every byte of that page may hold
 * anything, and may read differently later; no other page changes.
 */
export interface FlashPort {
  /** Bytes of an erase page: 4,096 on ESP32, 1,024 on the interpreter's Linux build. */
  readonly pageBytes: number;
  /** Reads `length` bytes, 1 … 4096, from an absolute byte address. Never fails. */
  read(address: number, length: number): Bytes;
  /** Clears bits. Address and length are multiples of 4. "fault" is a hint only: read back to be sure. */
  write(address: number, bytes: Bytes): "ok" | "fault";
  /** Sets the page that begins at `address` to 0xFF. "fault" is a hint only: read back to be sure. */
  erase(address: number): "ok" | "fault";
}

export interface HttpRequest {
  method: "GET" | "POST";
  /**
   * Absolute http:// or https:// address; or ntp://host or ntp://host:port, which asks a time server (RFC 4330): `body` is a
   * mark of 8 random bytes, and the body of an answer of status 200 the UTC seconds since 1970.
   */
  url: string;
  /** Name, value, name, value, … ; without Content-Length and Host, which the port adds. */
  headers: string[];
  body: Bytes;
  /** Whole exchange, 1,000 … 120,000 ms. */
  timeoutMs: number;
}

export interface HttpAnswer {
  /** HTTP status, or 0 when no complete answer came. */
  status: number;
  /** At most ANSWER_BYTES_MAX, to a GET FETCHED_BYTES_MAX. */
  body: Bytes;
  /** Names in lower case; "" when absent: only these are kept. */
  contentType: string;
  contentDigest: string;
  signatureInput: string;
  signature: string;
  date: string;
  retryAfter: string;
  location: string;
  /** Why status is 0: "timeout", "refused", "dns", "cut", "tooLong", "tls", "network", "memory". Else "". */
  failure: string;
}

export interface HttpPort {
  /** Begins one exchange. "busy": one is under way, nothing was begun. Redirects are not followed. */
  start(request: HttpRequest): "started" | "busy";
  /** "done" exactly once per started exchange, with `answer` filled; "waiting" before, "idle" otherwise. */
  poll(answer: HttpAnswer): "idle" | "waiting" | "done";
  /** Gives up the exchange; its answer, should it still come, is dropped. */
  cancel(): void;
}

/** One command line that reached the board, over its own HTTP server or its serial console. */
export interface Call {
  /** To be given back to `answer`. */
  id: number;
  origin: "http" | "console";
  token: string;
  /** The command chain, percent-decoded, at most COMMAND_BYTES_MAX. */
  text: string;
}

export interface CallsPort {
  /** Begins to listen on TCP `port` (0: console only). "absent": cannot listen here. */
  open(port: number): "ok" | "absent";
  /** Moves the oldest waiting call into `call`; false when there is none. At most CALLS_MAX wait. */
  take(call: Call): boolean;
  /** Answers a call; `status` is an HTTP status. An id that is gone (peer left) is ignored. */
  answer(id: number, status: number, body: Bytes): void;
}

/** A request to the set-up server of a board without configuration. */
export interface SetupRequest {
  method: string;
  /** As in the request's line, beginning with "/". */
  path: string;
  /** Whole; "" for a GET. */
  body: Bytes;
}

/**
 * The HTTP server of set-up mode. No part of Ports: a board that has a configuration never makes it. It serves
 * one client at a time and tells others "busy" (503); what is no request for it (a body that is too long or of
 * unknown length, one that does not come whole in time, another page's form) the port answers.
 */
export interface SetupPort {
  /** Begins to listen on TCP `port` for bodies of at most `bodyBytesMax`. "absent": cannot listen here. */
  open(port: number, bodyBytesMax: number): "ok" | "absent";
  /** Moves the request that has come whole into `request`; false when there is none. */
  take(request: SetupRequest): boolean;
  /** Answers the request that was taken; ignored when its sender has left. `type` is a media type. */
  answer(status: number, type: string, body: Bytes): void;
}

export interface LinkPort {
  /** "up" means an address was obtained, not that anything answers. */
  state(): "down" | "joining" | "up";
  /** Begins to join; success shows in `state`. Joining again abandons the attempt before. */
  join(ssid: string, password: string): void;
  leave(): void;
  /** Joins and disconnections have used up memory that only a restart brings back: restart when nothing is under way. */
  worn(): boolean;
  /** Opens an access point of the board's own for set-up. "absent": this platform has none. */
  openSetup(ssid: string, password: string): "ok" | "absent";
}

export interface CryptoPort {
  /** CRC-32 (ISO-HDLC, as zlib), big-endian, 4 bytes. */
  crc32(bytes: Bytes): Bytes;
  /** SHA-256 (FIPS 180-4), 32 bytes; "" when there was no memory for it. */
  sha256(bytes: Bytes): Bytes;
  /** HMAC-SHA-256 (RFC 2104) with a key of 1 byte or more, 32 bytes; "" when there was no memory for it: never a signature. */
  hmacSha256(key: Bytes, bytes: Bytes): Bytes;
  /** Standard base64 with padding (RFC 4648 §4). */
  base64(bytes: Bytes): string;
  /** Mixes into what `random` gives what differs between boards and between starts; to be called once at each start, before `random`. */
  seed(bytes: Bytes): void;
  /** Random bytes, 1 … 64, good enough for nonces and jitter; not for keys. */
  random(count: number): Bytes;
}

export interface SystemPort {
  /** Memory still free, in thousandths of all there is, 0 … 1000. */
  memoryFree(): number;
  /** Starts the program again as after a power cut. Does not return on a board. */
  restart(reason: string): void;
  /** Tells the watchdog that the program is alive; it restarts the board WATCHDOG_S after the last call. */
  kickWatchdog(): void;
  /** One line for the console. May be lost; never blocks. */
  log(line: string): void;
  /** A seldom-used module by name. Its memory is free again once the caller drops what it got. */
  load(name: string): unknown;
}

/** The program that runs, and the place for another one. Addresses are of flash, of first pages. */
export interface ProgramSlots {
  /** "a" or "b". */
  letter: string;
  running: number;
  runningBytes: number;
  /** The other place, and its whole pages; 0 bytes: there is none that may be written. */
  other: number;
  otherBytes: number;
  /** The page with the mark that chooses; where the running slot is confirmed, -1 when it is not a trial. */
  markPage: number;
  confirmAt: number;
  /** As the head of the slot has them. */
  release: number;
  crc: string;
  family: string;
  /** As 2029 for 2v29. */
  interpreter: number;
}

/** The module "slots", by SystemPort.load, of a platform whose program lies in slots (docs/STORAGE.md section 9). */
export interface SlotsPort {
  /** undefined: the program lies in no slot. */
  findSlots(): ProgramSlots | undefined;
  /** The running slot was confirmed in flash. */
  slotConfirmed(): void;
}

/** Everything a device is given. Areas and pins are data (boards/), not ports. */
export interface Ports {
  clock: ClockPort;
  pins: PinsPort;
  serial: SerialPort;
  flash: FlashPort;
  http: HttpPort;
  calls: CallsPort;
  link: LinkPort;
  crypto: CryptoPort;
  system: SystemPort;
}
