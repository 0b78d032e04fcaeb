/*
 * The interpreter's console over TCP: its own Telnet server, which stands for a board's serial port.
 *
 * Input: an Interpreter with something in its flash. Output: it runs and listens. Invariant: there is one port for
 * all interpreters of a machine, so whoever needs it asks first whether it is free.
 */
import assert from "node:assert/strict";
import { connect } from "node:net";
import type { Interpreter } from "./interpreter";

/** The interpreter cannot be told another. */
export const TELNET = 2323;
/** The same as a board's port for the command line. */
export const CONSOLE_PORT = `tcp://127.0.0.1:${String(TELNET)}`;

/** Whether anything listens there. */
export function telnetListens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(TELNET, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => resolve(false));
  });
}

/** Starts from flash and waits until the console can be reached. */
export async function startListening(board: Interpreter): Promise<void> {
  board.start("--telnet");
  for (let tries = 0; !await telnetListens(); tries++) {
    assert.ok(tries < 400 && board.running(), "the interpreter does not listen");
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
