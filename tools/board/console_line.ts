/*
 * The line to a board's console: a serial port, or a TCP address for the interpreter on a PC.
 *
 * Input: what the user wrote behind --port. Output: bytes both ways, one character a byte. Invariant: each reason
 * that keeps the line from opening, or ends it, is one sentence (ConsoleError) that names the port and the remedy.
 */
import { existsSync, readlinkSync } from "node:fs";
import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type { Bytes } from "../../console/bytes";
import { ConsoleError, type ConsoleLine } from "../../console/console_line";
import { lockFile } from "../../exosphere/database/file_lock";
import { openSerialPort, TAKEN } from "./serial_line";

/** Speed of every ESP32 build's console. */
const BAUD = 115200;
/** Longest wait for a TCP connection. */
const CONNECT_MS = 5000;
const NETWORK = "/proc/self/ns/net";

/** The common part of a stream and a socket. */
function lineOf(port: string, stream: Duplex, shut: () => void | Promise<void>): ConsoleLine {
  let received: (bytes: Bytes) => void = () => undefined;
  let ended: (reason: string) => void = () => undefined;
  let open = true;
  const end = (reason: string): void => {
    if (!open) return;
    open = false;
    ended(reason);
  };
  stream.on("data", (data: Buffer) => received(data.toString("latin1")));
  stream.on("error", (error) => end(`${port}: ${error.message}`));
  stream.on("close", () => end(`${port}: the connection was closed`));
  return {
    port,
    write: (bytes) => { if (open) stream.write(Buffer.from(bytes, "latin1")); },
    listen: (onBytes, onEnd) => { received = onBytes; ended = onEnd; },
    close: () => { open = false; return shut(); },
  };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ECONNREFUSED") return "nothing listens there; start the interpreter with --telnet, or check the address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "this name has no address; check its spelling";
  return error instanceof Error ? error.message : String(error);
}

/** Number of this process's network where the system has several (Linux): the same address leads elsewhere in each. */
function networkId(): string {
  return existsSync(NETWORK) ? readlinkSync(NETWORK).replace(/\D/g, "") : "";
}

/**
 * Keeps a second `sdc` of this user away from a TCP address while one is open: each would get half of the board's
 * answers. The address is looked up first, because one board has several names. @throws ConsoleError
 */
function lockTcp(port: string, address: string, number: number): () => void {
  const name = `sdc-${[userInfo().uid, networkId(), address.replace(/[^0-9a-fA-F.]/g, "_"), number].join("-")}.lock`;
  let release: (() => void) | undefined;
  try {
    release = lockFile(join(tmpdir(), name));
  } catch (error) {
    throw new ConsoleError(`${port}: ${reasonOf(error)}; set TMPDIR to a folder where you may write`);
  }
  if (release === undefined) throw new ConsoleError(`${port}: ${TAKEN}`);
  return release;
}

async function openTcp(port: string, host: string, number: number): Promise<ConsoleLine> {
  const { address } = await lookup(host).catch((error: unknown) => { throw new ConsoleError(`${port}: ${reasonOf(error)}`); });
  const release = lockTcp(port, address, number);
  return new Promise((resolve, reject) => {
    const socket = connect(number, address);
    socket.once("close", release);
    const fail = (reason: string): void => {
      release();
      socket.destroy();
      reject(new ConsoleError(`${port}: ${reason}`));
    };
    const timer = setTimeout(() => fail(`no connection within ${String(CONNECT_MS / 1000)} s; check the address`), CONNECT_MS);
    socket.once("error", (error) => { clearTimeout(timer); fail(reasonOf(error)); });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.setNoDelay(true);
      // The next program may open it only when this one has let go of it.
      resolve(lineOf(port, socket, () => new Promise((closed) => {
        if (socket.closed) closed();
        else socket.once("close", () => { closed(); }).destroy();
      })));
    });
  });
}

/** 115,200 baud with the XON/XOFF that the interpreter uses when its buffer fills. */
async function openSerial(port: string): Promise<ConsoleLine> {
  const opened = await openSerialPort(port, { baud: BAUD, flowControl: true });
  // The next program may open it only when this one has let go of it.
  return lineOf(port, opened, () => new Promise((resolve) => {
    if (opened.isOpen) opened.close(() => { resolve(); });
    else resolve();
  }));
}

/** Opens "tcp://HOST:PORT" or a serial port. @throws ConsoleError */
export async function openConsoleLine(port: string): Promise<ConsoleLine> {
  if (!port.includes("://")) return openSerial(port);
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/[\]]+):(\d{1,5})\/?$/.exec(port);
  const number = match === null ? 0 : Number(match[2]);
  if (match === null || number < 1 || number > 65535) throw new ConsoleError(`${port}: not an address; write tcp://HOST:PORT, for example tcp://127.0.0.1:2323`);
  return openTcp(port, match[1]!.replace(/[[\]]/g, ""), number);
}
