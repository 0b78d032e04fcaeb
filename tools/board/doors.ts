/*
 * The doors of a board's console: opened for a person, closed again, and looked at behind every command.
 *
 * Input: a port, a password, or an open console. Output: lines about the doors. Invariants: a command leaves a console
 * as closed as it found it, or better; an open console is never passed over in silence.
 */
import { BoardConsole } from "../../console/board_console";
import { LockedError } from "../../console/console_line";
import type { Answer } from "../cli/answer";
import { openConsoleLine } from "./console_line";
import { openBoard } from "./open_board";

/** Opens a locked console until the next start. @throws ConsoleError */
export async function unlockBoard(port: string, password: string): Promise<Answer> {
  const board = await openBoard(port, password);
  try {
    const line = board.leaveOpen() ? "the console is open until the next start, or 'sdc lock'" : "the console was not locked";
    return { lines: [`${port}: ${line}`], exitCode: 0 };
  } finally {
    await board.close();
  }
}

/** Closes an open console; it needs no password for that. @throws ConsoleError */
export async function lockBoard(port: string): Promise<Answer> {
  let board: BoardConsole;
  try {
    board = await BoardConsole.over(await openConsoleLine(port), "");
  } catch (error) {
    if (error instanceof LockedError) return { lines: [`${port}: the console is locked already`], exitCode: 0 };
    throw error;
  }
  try {
    if (await board.lock()) return { lines: [`${port}: the console is locked`], exitCode: 0 };
    return { lines: [`${port}: the console stays open: the board has no password, because it has no configuration, or one without device.password and endpoint.key`], exitCode: 1 };
  } finally {
    await board.close();
  }
}

/** Lets go of a board. A console that was found open is locked, and that is said; `isAnswered` false: the line has failed, so nothing is asked any more. */
export async function leaveBoard(board: BoardConsole, port: string, isAnswered: boolean): Promise<void> {
  try {
    if (isAnswered && board.wasOpen && await board.ask("typeof sdc") === "object" && await board.lock()) {
      process.stderr.write(`sdc: ${port}: the console was open to everybody; it is locked now\n`);
    }
  } finally {
    await board.close();
  }
}
