/*
 * `npx sdc provision`: a configuration document onto a board, checked here and there.
 *
 * Input: a port and a file. Output: the document in the board's settings and the program started with it, or
 * every error. Invariants: the board's own check decides; pins and UARTs are checked here, where the data of
 * all boards are, before anything is sent; a refused document leaves the old one in force.
 */
import { readFileSync } from "node:fs";
import type { BoardConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import { provisionOver, runsFirmware, STARTED } from "../../console/provisioning";
import { readConfiguration } from "../../firmware/configuration/reader";
import type { Answer } from "../cli/answer";
import { checkConfiguration } from "./configuration_check";
import { openBoard } from "./open_board";

/** The name that the board's program gives itself; "" from a program that tells none. @throws ConsoleError */
async function boardName(board: BoardConsole): Promise<string> {
  const lines = String(await board.ask(`part("service").statusLines(sdc)`));
  return /^board: (.*)$/m.exec(lines)?.[1] ?? "";
}

/** @throws ConsoleError */
export async function provisionBoard(port: string, file: string, password: string): Promise<Answer> {
  const checked = checkConfiguration(file, "", true);
  if (checked.exitCode !== 0) return checked;
  const document = readFileSync(file, "latin1");
  const board = await openBoard(port, password);
  try {
    if (!await runsFirmware(board)) throw new ConsoleError(`${port}: the board runs no firmware of ours; deploy it first: sdc deploy --port ${port}`);
    const fits = checkConfiguration(file, await boardName(board), true);
    if (fits.exitCode !== 0) return { lines: [...fits.lines, `${port}: nothing was sent, the board keeps the configuration it had`], exitCode: fits.exitCode };
    const errors = await provisionOver(board, document);
    if (errors !== "") {
      const lines = errors.split("\n").map((line) => `${port}: ${Buffer.from(line, "latin1").toString("utf8")}`);
      await board.startProgram(STARTED);
      return { lines: [...lines, `${port}: the board keeps the configuration it had`], exitCode: 1 };
    }
    const words = await board.startProgram(STARTED);
    if (words !== STARTED[0]) throw new ConsoleError(`${port}: the board stored the document and still waits for one; deploy the firmware again, then provision`);
    const open = readConfiguration(document).configuration?.hardware?.consolePassword === "";
    const doors = open ? "warning: its console is open to anyone with a cable; set device.password" : "its console is locked: see 'sdc unlock'";
    return { lines: [...checked.lines, `${port}: the board took the document and runs with it; ${doors}`], exitCode: 0 };
  } finally {
    await board.close();
  }
}
