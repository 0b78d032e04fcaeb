/*
 * The interpreter's console over TCP: its own Telnet server, which stands for a board's serial port.
 *
 * Input: an Interpreter with something in its flash. Output: it runs and listens. Invariant: there is one port for
 * all interpreters of a machine, which would share it silently, so a process that needs it holds the turn meanwhile.
 */
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import type { Server } from "node:net";
import { forms } from "./interpreter";
import type { Interpreter } from "./interpreter";

/** The interpreter cannot be told another. */
export const TELNET = 2323;
/** The same as a board's port for the command line. */
export const CONSOLE_PORT = `tcp://127.0.0.1:${String(TELNET)}`;

/** Whether anything listens there. */
function telnetListens(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(TELNET, "127.0.0.1");
    socket.once("connect", () => { socket.destroy(); resolve(true); });
    socket.once("error", () => resolve(false));
  });
}

/** The process that listens here has the turn; it ends with the process at the latest. */
const TURN = 23230;
/** Longest wait for another process that has the port; in a run each has a network of its own where the system allows it. */
export const TURN_MS = 900_000;

function tryTurn(): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(TURN, "127.0.0.1", () => { server.unref(); resolve(server); });
  });
}

/** Waits until the port is free and no other process takes it; a function that gives it back, or undefined after TURN_MS. */
export async function telnetTurn(): Promise<(() => void) | undefined> {
  for (const endMs = Date.now() + TURN_MS; Date.now() < endMs; await new Promise((resolve) => setTimeout(resolve, 250))) {
    const server = await tryTurn();
    if (server === undefined) continue;
    if (!await telnetListens()) return () => { server.close(); };
    server.close();
  }
  return undefined;
}

/** Looks, 25 ms apart and more on a busy machine. */
const LISTEN_TRIES = 2400;

/** Starts from flash and waits until the console can be reached. */
export async function startListening(board: Interpreter): Promise<void> {
  board.start("--telnet");
  for (let tries = 0; !await telnetListens(); tries++) {
    assert.ok(tries < LISTEN_TRIES && board.running(), `the interpreter does not listen: ${board.running() ? "" : board.ending()} ${board.log().slice(-500)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** The turn for the first form of the interpreter; undefined, and said aloud, where there is none or the port is taken. */
export async function consoleTurn(): Promise<(() => void) | undefined> {
  const { name, path } = forms()[0]!;
  const giveBack = path === "" ? undefined : await telnetTurn();
  if (giveBack === undefined) process.stderr.write(path === "" ? `SKIPPED: set ${name} to Espruino's Linux interpreter\n` : `SKIPPED: TCP port ${String(TELNET)} is taken, the interpreter needs it\n`);
  return giveBack;
}
