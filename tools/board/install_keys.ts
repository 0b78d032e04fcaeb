/*
 * `npx sdc keys install`: the public keys under which a board believes releases.
 *
 * Input: a port, one or two keys. Output: the keys in the board's flash, read back. Invariant: a board keeps the keys it
 * had until it has stored the new ones; its console is locked, so only who has the device's password changes them.
 */
import { ConsoleError } from "../../console/console_line";
import { runsFirmware } from "../../console/provisioning";
import { openBoard } from "./open_board";

/** `keys`: hexadecimal, none to ask only. @returns lines @throws ConsoleError */
export async function installKeys(port: string, keys: string[], password: string): Promise<string[]> {
  const board = await openBoard(port, password);
  try {
    if (!await runsFirmware(board)) throw new ConsoleError(`${port}: the board runs no firmware of ours; deploy it first: sdc deploy --port ${port}`);
    if (await board.ask(`typeof part("trust")`) !== "object") throw new ConsoleError(`${port}: this board takes no updates over the air, so it needs no key: a PC has one slot only, and a chip whose firmware is older gets a newer one by sdc deploy --port ${port}`);
    const refusal = keys.length === 0 ? "" : String(await board.ask(`part("trust").trustKeys(sdc,"${keys[0]}","${keys[1] ?? ""}")`));
    if (refusal !== "") throw new ConsoleError(`${port}: ${refusal}; it keeps the keys it had`);
    const found = String(await board.ask(`part("trust").trustedKeys(sdc)`));
    if (keys.length > 0 && found !== keys.join(" ")) throw new ConsoleError(`${port}: the board tells other keys than it was given; try again`);
    if (found === "") return [`${port}: the board believes no key, so it takes no update over the air`];
    return found.split(" ").map((key) => `${port}: the board believes ${key}`);
  } finally {
    await board.close();
  }
}
