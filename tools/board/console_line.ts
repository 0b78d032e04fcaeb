/*
 * The line to a board's console: a serial device file, or a TCP address for the interpreter on a PC.
 *
 * Input: what the user wrote behind --port. Output: bytes both ways, one character a byte. Invariant: whatever
 * keeps the line from opening, or ends it, is one sentence (ConsoleError) that names the port and the remedy.
 */
import { spawnSync } from "node:child_process";
import { closeSync, constants, openSync, statSync } from "node:fs";
import { connect } from "node:net";
import type { Socket } from "node:net";
import { ReadStream } from "node:tty";
import type { Bytes } from "../../console/bytes";
import { ConsoleError, type ConsoleLine } from "../../console/console_line";

/** Speed of every ESP32 build's console. */
const BAUD = 115200;
/** Longest wait for a TCP connection. */
const CONNECT_MS = 5000;

/** What a stream and a socket have in common here. */
function lineOf(port: string, stream: Socket, shut: () => void): ConsoleLine {
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
    close: () => { open = false; stream.destroy(); shut(); },
  };
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? "";
  if (code === "ECONNREFUSED") return "nothing listens there; start the interpreter with --telnet, or check the address";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "this name has no address; check its spelling";
  if (code === "ENOENT") return "there is no such port; plug the board in, then look at 'ls /dev/ttyUSB* /dev/ttyACM*'";
  if (code === "EACCES" || code === "EPERM") return "you may not open this port; on Linux add yourself to the group dialout and log in again";
  if (code === "EBUSY") return "another program has this port open; close it";
  return error instanceof Error ? error.message : String(error);
}

function openTcp(port: string, host: string, number: number): Promise<ConsoleLine> {
  return new Promise((resolve, reject) => {
    const socket = connect(number, host);
    const fail = (reason: string): void => {
      socket.destroy();
      reject(new ConsoleError(`${port}: ${reason}`));
    };
    const timer = setTimeout(() => fail(`no connection within ${String(CONNECT_MS / 1000)} s; check the address`), CONNECT_MS);
    socket.once("error", (error) => { clearTimeout(timer); fail(reasonOf(error)); });
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      socket.setNoDelay(true);
      resolve(lineOf(port, socket, () => undefined));
    });
  });
}

/** Sets the line to 115,200 baud, 8N1, raw, with the XON/XOFF that the interpreter uses when its buffer fills. */
function openSerial(port: string): ConsoleLine {
  let file: number;
  try {
    if (!statSync(port).isCharacterDevice()) throw new Error("this is a file, not a serial port");
    file = openSync(port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    throw new ConsoleError(`${port}: ${reasonOf(error)}`);
  }
  const words = [String(BAUD), "cs8", "-cstopb", "-parenb", "raw", "-echo", "clocal", "ixon", "ixoff", "-hupcl"];
  const set = spawnSync("stty", words, { stdio: [file, "pipe", "pipe"], encoding: "latin1" });
  if (set.error !== undefined || set.status !== 0) {
    closeSync(file);
    const why = set.error === undefined ? set.stderr.trim() : "the program stty is missing; on Windows use WSL and attach the port to it";
    throw new ConsoleError(`${port}: not a serial port that can be set up: ${why}`);
  }
  // The stream owns the file and closes it.
  return lineOf(port, new ReadStream(file), () => undefined);
}

/** Opens "tcp://HOST:PORT" or a serial device file. @throws ConsoleError */
export async function openConsoleLine(port: string): Promise<ConsoleLine> {
  if (!port.includes("://")) return openSerial(port);
  const match = /^tcp:\/\/(\[[0-9a-fA-F:]+\]|[^:/[\]]+):(\d{1,5})\/?$/.exec(port);
  const number = match === null ? 0 : Number(match[2]);
  if (match === null || number < 1 || number > 65535) throw new ConsoleError(`${port}: not an address; write tcp://HOST:PORT, for example tcp://127.0.0.1:2323`);
  return openTcp(port, match[1].replace(/[[\]]/g, ""), number);
}
