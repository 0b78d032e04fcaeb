/*
 * `npx sdc console`: this terminal as the board's console.
 *
 * Input: keys, or lines from a pipe. Output: what the board prints. Invariants: bytes pass unchanged; Ctrl-] or the end
 * of the input closes the line, Ctrl-C goes to the board; a console that a password opened here is locked behind us.
 */
import type { ReadStream } from "node:tty";
import type { ConsoleLine } from "../../console/console_line";
import { openConsoleLine } from "./console_line";

/** Ctrl-], as in telnet. */
const LEAVE = "\x1d";
/** After the end of a pipe the board may still be answering. */
const LAST_WORDS_MS = 1000;
/** The interpreter's answer to the right password. */
const LOGGED_IN = "Logged in.";
/** Deletes one letter of the interpreter's input line. */
const RUBOUT = "\x7f";

/** Letters typed since the last line end, at most. */
export function pendingLetters(before: number, typed: string): number {
  const at = Math.max(typed.lastIndexOf("\n"), typed.lastIndexOf("\r"));
  return at < 0 ? before + typed.length : typed.length - at - 1;
}

/** The line that locks the console: it deletes the half-typed line, so that it is not carried out, then locks without an echo. */
export function lockingLine(pending: number): string {
  return `${RUBOUT.repeat(pending)}\x10E.lockConsole()\n`;
}

/** Runs until the user leaves or the line ends; the exit code. @throws ConsoleError */
export async function passThrough(port: string): Promise<number> {
  const line: ConsoleLine = await openConsoleLine(port);
  const keys = process.stdin as ReadStream;
  // The end of what the board said last: the words may come in two pieces.
  let said = "";
  let isOpened = false;
  let pending = 0;
  return new Promise((resolve) => {
    let isLeaving = false;
    const leave = (exitCode: number): void => {
      if (isLeaving) return;
      isLeaving = true;
      if (keys.isTTY) keys.setRawMode(false);
      // A pipe that stays open would keep this process alive.
      keys.destroy();
      const close = (): void => {
        void Promise.resolve(line.close()).then(() => { resolve(exitCode); });
      };
      if (exitCode !== 0 || !isOpened) {
        close();
        return;
      }
      line.write(lockingLine(pending));
      process.stderr.write(`\nsdc: ${port}: the console is locked again\n`);
      // Time for the last bytes to reach the board.
      setTimeout(close, LAST_WORDS_MS);
    };
    line.listen((bytes) => {
      process.stdout.write(Buffer.from(bytes, "latin1"));
      said = (said + bytes).slice(-LOGGED_IN.length - bytes.length);
      if (said.includes(LOGGED_IN)) isOpened = true;
    }, (reason) => {
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
      const typed = at < 0 ? text : text.slice(0, at);
      line.write(typed);
      pending = pendingLetters(pending, typed);
      if (at >= 0) leave(0);
    });
    keys.once("end", () => setTimeout(() => { leave(0); }, LAST_WORDS_MS));
  });
}
