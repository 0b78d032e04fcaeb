/*
 * A line to a board's console, over any carrier: a serial port, TCP, a browser's USB or Bluetooth.
 *
 * Input: what opens such a line (tools/board, browser_line.ts). Output: bytes both ways. Invariant: each failure that
 * keeps a line from opening, or ends it, is one sentence (ConsoleError) that names the line and the remedy.
 */
import type { Bytes } from "./bytes";

/** Said to the user as it is, without a stack. */
export class ConsoleError extends Error {}

/** The board asks for its password and none was given. */
export class LockedError extends ConsoleError {}

/** The board refused the password that was given. */
export class WrongPasswordError extends ConsoleError {}

export interface ConsoleLine {
  /** As the user knows it: "/dev/ttyUSB0", "Bluetooth". */
  readonly port: string;
  write(bytes: Bytes): void;
  /** Takes over everything that arrives from now on; `ended` comes at most once, with the reason. */
  listen(received: (bytes: Bytes) => void, ended: (reason: string) => void): void;
  /** Comes back when another program may open the line. */
  close(): void | Promise<void>;
}
