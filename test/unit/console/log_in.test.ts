/*
 * Logging in to a locked console whose verdicts come when they come.
 *
 * Input: a console that takes each line for a password, and speaks after as many milliseconds as the test says. Output: test
 * results. Invariant: virtual time; the console knows the right password and nothing else.
 */
import assert from "node:assert/strict";
import sinon from "sinon";
import { BoardConsole } from "../../../console/board_console";
import { type ConsoleLine, WrongPasswordError } from "../../../console/console_line";

const RIGHT = "right";

/** Logs in; `delaysMs`: of each verdict in turn, the last one of all further; -1: the line is swallowed. */
async function logIn(password: string, delaysMs: readonly number[]): Promise<{ verdicts: string[] }> {
  const clock = sinon.useFakeTimers();
  let received: (bytes: string) => void = () => undefined;
  let isOpen = false;
  let typed = 0;
  const coming: { atMs: number; text: string }[] = [];
  const verdicts: string[] = [];
  const line: ConsoleLine = {
    port: "desk", close: () => undefined,
    listen: (heard) => { received = heard; },
    write: (text) => {
      const asked = /"dc(\d+):"/.exec(text);
      if (isOpen && asked !== null) return received(`@sdc${asked[1]}:[2]:sdc${asked[1]}@`);
      if (typed === 0) received("password>");
      const delayMs = delaysMs[Math.min(typed++, delaysMs.length - 1)]!;
      if (delayMs >= 0) coming.push({ atMs: clock.now + delayMs, text });
    },
  };
  try {
    let isDone = false;
    const result = BoardConsole.over(line, password).then((board) => board.close());
    result.catch(() => undefined).finally(() => { isDone = true; });
    while (!isDone) {
      await clock.tickAsync(100);
      while (coming.length > 0 && coming[0]!.atMs <= clock.now) {
        const { text } = coming.shift()!;
        verdicts.push(text);
        isOpen ||= text === `${RIGHT}\n`;
        received(isOpen ? "\r\nLogged in.\r\n>" : "\r\nInvalid password\r\npassword>");
      }
    }
    await result;
    return { verdicts };
  } catch (error) {
    throw Object.assign(error as Error, { verdicts });
  } finally {
    clock.restore();
  }
}

describe("logging in at a locked console", () => {
  for (const [how, delaysMs] of [
    ["the verdict on the greeting comes at once", [0, 0]],
    ["the greeting is swallowed", [-1, 0]],
    ["the verdict on the greeting comes when it is waited for no longer", [4000, 4400]],
    ["the verdict on the password comes seconds after a late one on the greeting", [3000, 5500]],
  ] as const) {
    it(`takes the right password when ${how}`, async () => {
      assert.equal((await logIn(RIGHT, delaysMs)).verdicts.at(-1), `${RIGHT}\n`);
    });

    it(`refuses a wrong password when ${how}`, async () => {
      await assert.rejects(logIn("wrong", delaysMs), (error: WrongPasswordError & { verdicts: string[] }) => error instanceof WrongPasswordError && error.verdicts.at(-1) === "wrong\n");
    });
  }
});
