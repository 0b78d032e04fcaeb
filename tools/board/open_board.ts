/*
 * A board's console, opened by what the user wrote behind --port and --password.
 *
 * Input: a port as openConsoleLine takes it, the device password or "". Output: an open console whose interpreter
 * answers. Invariant: a board that asks for its password is told in the command line's own words.
 */
import { BoardConsole } from "../../console/board_console";
import { ConsoleError, LockedError, WrongPasswordError } from "../../console/console_line";
import { openConsoleLine } from "./console_line";

/** Every wait for an answer, times this: for boards that are slower than any chip, as emulated ones. */
const SLOWNESS = "SDC_SLOWNESS";

/** @throws ConsoleError */
export async function openBoard(port: string, password: string): Promise<BoardConsole> {
  try {
    return await BoardConsole.over(await openConsoleLine(port), password, Number(process.env[SLOWNESS] ?? "1"));
  } catch (error) {
    if (error instanceof LockedError) throw new ConsoleError(`${port}: the board asks for its password; add --password with the device password of its configuration`);
    if (error instanceof WrongPasswordError) throw new ConsoleError(`${error.message}; it is device.password of the configuration that the board has, or, where that is empty, the first 20 digits of endpoint.key`);
    throw error;
  }
}
