/*
 * `npm run bench -- memory`: variables of the interpreter that each part of the program takes.
 *
 * Input: the interpreters named by ESPRUINO and ESPRUINO32. Output: a table a form: the program without a
 * configuration, each module as it is loaded, the board of the wallbox example idle. Invariant: measured on
 * the shipped bundle by the interpreter's own count; a board that does not run is said to, with its reason.
 */
import { openInterpreterTestBoard, shippedParts } from "../../test/boards/interpreter_board";
import { forms, Interpreter } from "../../test/espruino/interpreter";
import { wallboxDocument } from "../world/garage";

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

function usage(board: Interpreter): number {
  return (board.ask("process.memory()") as { usage: number }).usage;
}

async function bare(path: string): Promise<number> {
  const board = new Interpreter(path);
  board.install({ ".bootcde": "print('ready')" });
  board.start();
  await board.printed("ready");
  const variables = usage(board);
  await board.close();
  return variables;
}

/** The program that waits for its configuration, and every module beside it. */
async function parts(path: string, empty: number): Promise<void> {
  const files = await shippedParts();
  const board = new Interpreter(path);
  board.install(files);
  board.start();
  await board.printed("sdc waits");
  say(`  program, hardware layer included   ${String(usage(board) - empty).padStart(5)}`);
  for (const file of Object.keys(files).filter((name) => name.startsWith("sdc_")).sort()) {
    const cost = board.ask(`(function(){var a=process.memory().usage,m=require("${file}"),b=process.memory().usage;m=undefined;Modules.removeCached("${file}");return b-a;})()`);
    say(`  ${file.slice(4).padEnd(34)} ${String(cost).padStart(5)}`);
  }
  await board.close();
}

/** The wallbox example, a second after its start. */
async function idle(path: string, empty: number): Promise<void> {
  const document = wallboxDocument() as unknown as Record<string, unknown> & { readers: { port: number }[] };
  document.readers[0]!.port = 1;
  delete document.network;
  delete document.api;
  // Without an address there is nothing in flight: what is measured is the idle board.
  delete document.endpoint;
  const board = await openInterpreterTestBoard(path, document);
  for (const gpio of [25, 26]) board.setPin(gpio, 1);
  board.start();
  try {
    await board.printed("sdc runs");
    await new Promise((resolve) => setTimeout(resolve, 1000));
    say(`  wallbox example, idle              ${String(usage(board) - empty).padStart(5)}`);
  } catch (error) {
    const reason = board.log().split("\n").find((line) => line.startsWith("restart: ")) ?? String(error).split("\n")[0];
    say(`  wallbox example, idle              does not run: ${reason}`);
  }
  await board.close();
}

export async function bench(list: string[]): Promise<number> {
  if (list.length > 0) {
    process.stderr.write("npm run bench -- memory takes no words\n");
    return 2;
  }
  let measured = 0;
  for (const { name, path } of forms()) {
    if (path === "") {
      say(`!! ABSENT: ${name}; nothing was measured for it`);
      continue;
    }
    const empty = await bare(path);
    say(`${name}: variables beyond the ${String(empty)} of the empty interpreter`);
    await parts(path, empty);
    await idle(path, empty);
    measured++;
  }
  return measured > 0 ? 0 : 1;
}
