/*
 * `npx sdc api`: API commands to a running board, over its console.
 *
 * Input: a port, password and token, a chain of docs/API.md. Output: the board's answer, exit code 0 for status 200
 * and 1 for every other. Invariants: the program goes on meanwhile; a locked console is locked again before the
 * chain begins, so it stays locked if the line breaks; a chain that was damaged on the way is not carried out.
 */
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { crc32 } from "node:zlib";
import { quoteForConsole } from "../../console/board_console";
import { ConsoleError } from "../../console/console_line";
import type { Answer } from "../cli/answer";
import { openBoard } from "./open_board";

/** A chain waits at most 60 s, and perhaps after others. */
const ANSWER_MS = 90000;

export interface CallOptions {
  port: string;
  password: string;
  token: string;
}

/** Carries out one chain. @throws ConsoleError */
export async function callBoard(options: CallOptions, chain: string): Promise<Answer> {
  const board = await openBoard(options.port, options.password);
  try {
    if (await board.ask(`typeof sdc==="object"&&typeof part==="function"&&part("api")!==undefined`) !== true) {
      throw new ConsoleError(`${options.port}: the board runs no firmware that takes commands here; deploy it: sdc deploy --port ${options.port}`);
    }
    const bytes = Buffer.from(chain, "utf8");
    const sum = crc32(Buffer.concat([Buffer.from(options.token, "utf8"), bytes]));
    const words = [options.token, bytes.toString("latin1")].map((text) => quoteForConsole(text));
    const answer = await board.askLocked((done) => `var t=${words[0]},c=${words[1]};if(E.CRC32(t+c)!==${String(sum)})throw"that the call arrived damaged; send it again";` +
      `part("api").call(t,c,function(s,b){${done}([s,b])})`, ANSWER_MS) as [number, string];
    if (answer[0] === 401 && options.token === "") return { lines: ["the call needs a token; add --token with api.token of the configuration"], exitCode: 2 };
    const text = Buffer.from(answer[1], "latin1").toString("utf8");
    return { lines: text.split("\n"), exitCode: answer[0] === 200 ? 0 : 1 };
  } finally {
    await board.close();
  }
}

/** Carries out each line of `input`, in order, and prints the answers; the last answer is returned. @throws ConsoleError */
export async function callLines(options: CallOptions, input: Readable): Promise<Answer> {
  let exitCode = 0;
  for await (const line of createInterface({ input })) {
    if (line.trim() === "") continue;
    const answer = await callBoard(options, line.trim());
    process.stdout.write(`${answer.lines.join("\n")}\n`);
    exitCode = Math.max(exitCode, answer.exitCode);
  }
  return { lines: [], exitCode };
}
