/*
 * `npx sdc console`: this terminal as the board's console.
 *
 * Input: keys, or lines from a pipe. Output: what the board prints. Invariant: bytes pass unchanged; Ctrl-] or
 * the end of the input closes the line, Ctrl-C goes to the board.
 */
import type { ReadStream } from "node:tty";
import { openConsoleLine } from "./console_line";

/** Ctrl-], as in telnet. */
const LEAVE = "\x1d";
/** After the end of a pipe the board may still be answering. */
const LAST_WORDS_MS = 1000;

/** Runs until the user leaves or the line ends; the exit code. @throws ConsoleError */
export async function passThrough(port: string): Promise<number> {
  const line = await openConsoleLine(port);
  const keys = process.stdin as ReadStream;
  return new Promise((resolve) => {
    const leave = (exitCode: number): void => {
      line.close();
      if (keys.isTTY) keys.setRawMode(false);
      keys.pause();
      resolve(exitCode);
    };
    line.listen((bytes) => process.stdout.write(Buffer.from(bytes, "latin1")), (reason) => {
      process.stderr.write(`sdc: ${reason}\n`);
      leave(1);
    });
    if (keys.isTTY) {
      process.stderr.write(`sdc: console of ${port}; Ctrl-] leaves\n`);
      keys.setRawMode(true);
    }
    keys.on("data", (data: Buffer) => {
      const text = data.toString("latin1");
      const at = text.indexOf(LEAVE);
      line.write(at < 0 ? text : text.slice(0, at));
      if (at >= 0) leave(0);
    });
    keys.once("end", () => setTimeout(() => leave(0), LAST_WORDS_MS));
  });
}
