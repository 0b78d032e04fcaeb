/*
 * The access to a board's set-up mode: the name of its own Wi-Fi and the password of that, chosen once.
 *
 * Input: the console of a board at its prompt. Output: the access text in its Storage, and a line for the person who
 * installs it. Invariants: a board keeps its text through every later deployment; the password is random, so
 * a listener within reach of the Wi-Fi cannot work it out from what the board sends.
 */
import { randomInt } from "node:crypto";
import { ACCESS_FILE } from "../../boards/espruino_files";
import type { BoardConsole } from "../../console/board_console";
import { uploadFile } from "../../console/storage_upload";

/** Letters and digits that are not confused on a label. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const NAME_LETTERS = 4;
/** 59 bits, against an attacker who recorded a telephone joining. */
const PASSWORD_LETTERS = 12;

function letters(count: number): string {
  return Array.from({ length: count }, () => LETTERS.charAt(randomInt(LETTERS.length))).join("");
}

/** A new access text: name and password, one a line. */
export function newAccess(): string {
  return `sdc-${letters(NAME_LETTERS)}\n${letters(PASSWORD_LETTERS)}`;
}

/** Gives the board its access text unless it has one. @returns the line for its installer @throws ConsoleError */
export async function giveAccess(board: BoardConsole): Promise<string> {
  const known = await board.ask(`require("Storage").read("${ACCESS_FILE}")`);
  const access = typeof known === "string" ? known : newAccess();
  if (access !== known) await uploadFile(board, ACCESS_FILE, access, () => undefined);
  const [name, password] = access.split("\n");
  return `set-up Wi-Fi of this board: ${name}, password ${password}; write it on a label`;
}
