/*
 * `npx sdc status`: what a board says about itself; `npx sdc unlock`: its console for a person.
 *
 * Input: a port. Output: lines of the board's own module `service`, the clock also as a date. Invariant: the
 * program is not stopped, nothing on the board changes.
 */
import type { Answer } from "../cli/answer";
import { ConsoleError } from "../../exosphere/console/console_line";
import { openBoard } from "./open_board";

/** Opens a locked console until the next start. @throws ConsoleError */
export async function unlockBoard(port: string, password: string): Promise<Answer> {
  const board = await openBoard(port, password);
  try {
    const line = board.leaveOpen() ? "the console is open until the next start" : "the console was not locked";
    return { lines: [`${port}: ${line}`], exitCode: 0 };
  } finally {
    await board.close();
  }
}

/** @throws ConsoleError */
export async function boardStatus(port: string, password: string): Promise<Answer> {
  const board = await openBoard(port, password);
  try {
    const interpreter = await board.ask("process.env.BOARD+', Espruino '+process.env.VERSION");
    if (await board.ask("typeof sdc") !== "object") throw new ConsoleError(`${port}: the board runs no firmware of ours (${String(interpreter)}); deploy it: sdc deploy --port ${port}`);
    const text = String(await board.ask(`(function(){var m=require("sdc_service");Modules.removeCached("sdc_service");return m.statusLines(sdc)})()`));
    const lines = Buffer.from(text, "latin1").toString("utf8").split("\n")
      .map((line) => line.replace(/^clock: (\d+) s since 1970, UTC$/, (_all, seconds: string) => `clock: ${new Date(Number(seconds) * 1000).toISOString()}`));
    return { lines: [...lines, `interpreter: ${String(interpreter)}`], exitCode: 0 };
  } finally {
    await board.close();
  }
}
