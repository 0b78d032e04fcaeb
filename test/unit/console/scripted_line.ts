/*
 * A board's console line whose interpreter is a function of the test.
 *
 * Input: what is typed. Output: what comes back, at once. Invariant: it knows the form of BoardConsole's questions and
 * nothing of the language: an expression that the test does not answer is seen in what it returns.
 */
import sinon from "sinon";
import type { ConsoleLine } from "../../../console/console_line";

/** Answers as the interpreter does; `typed` keeps the expressions in order. */
export function scripted(typed: string[], values: (expression: string) => unknown): ConsoleLine {
  let received: (bytes: string) => void = () => undefined;
  return {
    port: "desk", close: () => undefined,
    listen: (heard) => { received = heard; },
    write: (text) => {
      if (text.includes("@h")) return received("@here@");
      const asked = /"dc(\d+):"\+JSON\.stringify\(\[\((.*)\)\]\)\+":s"/s.exec(text);
      if (asked === null) return typed.push(text) && undefined;
      typed.push(asked[2]!);
      received(`@sdc${asked[1]}:${JSON.stringify([values(asked[2]!)])}:sdc${asked[1]}@`);
    },
  };
}

/** Runs `work` while its pauses pass at once. */
export async function atOnce<T>(work: () => Promise<T>): Promise<T> {
  const clock = sinon.useFakeTimers();
  try {
    const result = work();
    result.catch(() => undefined);
    await clock.runAllAsync();
    return await result;
  } finally {
    clock.restore();
  }
}
