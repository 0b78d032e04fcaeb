/*
 * The interpreter's Linux build: the board on the desk.
 *
 * Input: how that build lays out its flash image (256 pages of 1,024 bytes, all of them Storage's).
 * Output: a Board. Invariant: our area is the end of the image, so one file is the whole board;
 * Storage never looks behind a blank page, and the build refuses a program that would reach it.
 */
import type { Board } from "./board";
import { LINUX_AREA, LINUX_PAGE_BYTES, LINUX_RESERVED } from "./espruino_flash";
import { pin } from "./pin";

export const linux: Board = {
  name: "linux",
  title: "Interpreter on a PC",
  family: "linux",
  pins: [2, 16, 17, 23, 25, 26, 27, 32, 33].map((gpio) => pin(gpio, "gpio" + gpio)),
  uarts: [{ port: 1, rx: 16, tx: 17 }, { port: 2, rx: 18, tx: 19 }],
  pageBytes: LINUX_PAGE_BYTES,
  // The 64-bit build takes as many as it needs. The 32-bit one, a small chip on the desk, has 2,500.
  variables: 65535,
  areas: [LINUX_AREA],
  reserved: LINUX_RESERVED,
  wiring: { contact: 26, s0Meter1: 25, s0Meter2: 27, readerRx: 16, readerTx: 17, led: 2, relay: 23 },
  notes: ["Pins are files of a folder, a UART is any tty or pty; docs/PLATFORMS.md tells how."],
};
