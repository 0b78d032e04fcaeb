/*
 * The interpreter's Linux build: the board on the desk.
 *
 * Input: how that build lays out its flash image (pages of 1,024 bytes, Storage from address 0). Output:
 * a Board. Invariant: our areas lie behind Storage in the same image, so one file is the whole board.
 */
import type { Board } from "./board";
import { pin } from "./pin";

export const linux: Board = {
  name: "linux",
  title: "Interpreter on a PC",
  family: "linux",
  pins: [2, 16, 17, 23, 25, 26, 27, 32, 33].map((gpio) => pin(gpio, "gpio" + gpio)),
  uarts: [{ port: 1, rx: 16, tx: 17 }],
  pageBytes: 1024,
  areas: [{ name: "image", address: 0, bytes: 0x10000 }],
  reserved: [],
  wiring: { contact: 26, s0Meter1: 25, s0Meter2: 27, readerRx: 16, readerTx: 17, led: 2, relay: 23 },
  notes: ["Pins are files of a folder, a UART is any tty or pty; docs/PLATFORMS.md tells how."],
};
