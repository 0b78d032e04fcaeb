/*
 * A loopback socket through which another program moves a host board's pins and feeds its UARTs.
 *
 * Input: lines "pin 4 1", "analog 34 500", "bytes 0 0230…03" (hexadecimal), "link up", "link down",
 * "call <token> =SET(…)". Output: one line each, "ok" or "error: …". Invariant: a line that is none
 * changes nothing.
 */
import { createServer, type Server } from "node:net";
import { createInterface } from "node:readline";
import type { HostCalls } from "./calls";
import type { HostLink } from "./link";
import type { HostPins } from "./pins";
import type { HostSerial } from "./serial";

export interface Controlled {
  pins: HostPins;
  serial: HostSerial;
  link: HostLink;
  calls: HostCalls;
}

/** Carries out one line and says how it went. */
export function control(board: Controlled, line: string): string {
  const words = line.trim().split(/ +/);
  const number = (index: number): number => (/^\d{1,4}$/.test(words[index] ?? "") ? Number(words[index]) : -1);
  if (words[0] === "pin" && number(1) >= 0 && (words[2] === "0" || words[2] === "1")) board.pins.set(number(1), number(2));
  else if (words[0] === "analog" && number(1) >= 0 && number(2) >= 0 && number(2) <= 1000) board.pins.set(number(1), number(2));
  else if (words[0] === "bytes" && number(1) >= 0 && words[2] !== undefined && /^([0-9a-fA-F]{2})+$/.test(words[2])) {
    board.serial.arrive(number(1), Buffer.from(words[2], "hex").toString("latin1"));
  } else if (words[0] === "link" && (words[1] === "up" || words[1] === "down")) board.link.move(words[1]);
  else if (words[0] === "call" && words.length >= 3) board.calls.consoleLine(words.slice(2).join(" "), words[1]);
  else return "error: pin N 0|1, analog N 0…1000, bytes PORT HEX, link up|down, or call TOKEN CHAIN";
  return "ok";
}

/** Listens on loopback; the server's address tells the port. */
export function openControl(board: Controlled, port: number): Server {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    createInterface({ input: socket }).on("line", (line) => socket.write(control(board, line) + "\n"));
  });
  server.listen(port, "127.0.0.1");
  return server;
}
