/*
 * `npx sdc status`: what a board says about itself.
 *
 * Input: a port, and what the meters' displays show. Output: lines of the board's own module `service`, the clock
 * also as a date; its meters and readers; the drift of a register. Invariant: the program is not stopped, nothing on
 * the board changes.
 */
import type { Answer } from "../cli/answer";
import type { BoardConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import { kwhText } from "./board_changes";
import { lookOnceFree } from "./board_snapshot";
import type { Look } from "./board_snapshot";
import { driftOf } from "./meter_drift";
import type { Display } from "./meter_drift";
import { leaveBoard } from "./doors";
import { openBoard } from "./open_board";
import { statusJson } from "./status_json";
import { uploadProblem } from "./upload_problem";

/** Meters and readers in lines of the same form. */
function wireLines(look: Look): string[] {
  const meters = look.meters.map((one, index) => `meter ${String(index + 1)}: ${kwhText(one.energyWh)}, ${String(one.powerW)} W now, ${kwhText(one.energyWh - one.registerWh)} since the register was set${one.fault === "" ? "" : `, ${one.fault}`}`);
  const readers = look.readers.map((one, index) => `reader ${String(index + 1)}: ${one.model}, ${one.fault === "" ? "no fault" : one.fault}, ${String(one.refused)} bad frames since the start`);
  return [...meters, ...readers];
}

/** Compares each display with its meter. */
function driftAnswer(port: string, look: Look, displays: Display[]): Answer {
  const answer: Answer = { lines: [], exitCode: 0 };
  for (const display of displays) {
    if (look.meters[display.meter - 1] === undefined) throw new ConsoleError(`${port}: the board has no meter ${String(display.meter)}; its configuration has ${String(look.meters.length)}`);
    const drift = driftOf(look.meters[display.meter - 1]!, display);
    answer.lines.push(...drift.lines);
    answer.exitCode = Math.max(answer.exitCode, drift.exitCode);
  }
  return answer;
}

/** With `displays`, what their meters show just now: exit code 1 when a register has drifted from one. @throws ConsoleError */
export async function boardStatus(port: string, password: string, displays: Display[] = [], json = false): Promise<Answer> {
  const board = await openBoard(port, password);
  let isAnswered = false;
  try {
    const answer = await statusOver(board, port, displays);
    isAnswered = true;
    return json ? { lines: [statusJson(answer.lines)], exitCode: answer.exitCode } : answer;
  } finally {
    await leaveBoard(board, port, isAnswered);
  }
}

/** The same over an open console. @throws ConsoleError */
export async function statusOver(board: BoardConsole, port: string, displays: Display[]): Promise<Answer> {
  const interpreter = await board.ask("process.env.BOARD+', Espruino '+process.env.VERSION");
  if (await board.ask("typeof sdc") !== "object") throw new ConsoleError(`${port}: the board runs no firmware of ours (${String(interpreter)}); deploy it: sdc deploy --port ${port}`);
  const text = String(await board.ask(`part("service").statusLines(sdc)`));
  const lines = Buffer.from(text, "latin1").toString("utf8").split("\n")
    .map((line) => line.replace(/^clock: (\d+) s since 1970, UTC$/, (_all, seconds: string) => `clock: ${new Date(Number(seconds) * 1000).toISOString()}`))
    .map((line) => line.replace(/^upload error: (\w+)$/, (_all, word: string) => `upload error: ${uploadProblem(word)}`));
  lines.push(`interpreter: ${String(interpreter)}`);
  const look = await lookOnceFree(board);
  if (look === "waits") {
    if (displays.length > 0) throw new ConsoleError(`${port}: the board has no configuration, so it counts nothing; provision it first: sdc provision --port ${port} --config FILE`);
    return { lines, exitCode: 0 };
  }
  if (look === "busy") {
    if (displays.length > 0) throw new ConsoleError(`${port}: the board's memory is short just now; repeat the command in a minute`);
    return { lines: [...lines, "meters and readers: not asked, the board's memory is short just now; repeat the command in a minute"], exitCode: 0 };
  }
  const drift = driftAnswer(port, look, displays);
  return { lines: [...lines, ...wireLines(look), ...drift.lines], exitCode: drift.exitCode };
}
