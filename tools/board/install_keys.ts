/*
 * `npx sdc keys install`: the public keys under which a board trusts releases.
 *
 * Input: a port, one or two keys. Output: the keys in the board's flash, read back. Invariant: a board keeps the keys it
 * had until it has stored the new ones; its console is locked, so only who has the device's password changes them.
 */
import type { BoardConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import { runsFirmware } from "../../console/provisioning";
import { openBoard } from "./open_board";

/** Public keys that a board trusts, hexadecimal; none where no program says so. @throws ConsoleError */
export async function believedKeys(board: BoardConsole): Promise<string[]> {
  const found = String(await board.ask(`typeof part==="function"&&typeof sdc==="object"&&typeof part("trust")==="object"?part("trust").trustedKeys(sdc):""`));
  return found === "" ? [] : found.split(" ");
}

/** `keys`: hexadecimal, none to ask only. @returns lines @throws ConsoleError */
export async function installKeys(port: string, keys: string[], password: string): Promise<string[]> {
  const board = await openBoard(port, password);
  try {
    if (!await runsFirmware(board)) throw new ConsoleError(`${port}: the board runs no firmware of ours; deploy it first: sdc deploy --port ${port}`);
    if (await board.ask(`typeof part("trust")`) !== "object") throw new ConsoleError(`${port}: this board takes no updates over the air, so it needs no key: a PC has one slot only, and a chip whose firmware is older gets a newer one by sdc deploy --port ${port}`);
    const refusal = keys.length === 0 ? "" : String(await board.ask(`part("trust").trustKeys(sdc,"${keys[0]}","${keys[1] ?? ""}")`));
    if (refusal !== "") throw new ConsoleError(`${port}: ${refusal}; it keeps the keys it had`);
    const found = await believedKeys(board);
    if (keys.length > 0 && found.join() !== keys.join()) throw new ConsoleError(`${port}: the board tells other keys than it was given; try again`);
    if (found.length === 0) return [`${port}: the board trusts no key, so it takes no update over the air`];
    return found.map((key) => `${port}: the board trusts ${key}`);
  } finally {
    await board.close();
  }
}
