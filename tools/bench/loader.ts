/*
 * `npm run bench -- loader`: what a start from a checked slot costs, and what fetching a module from it does.
 *
 * Input: the interpreters named by ESPRUINO and ESPRUINO32. Output: a line a figure and form, the least of seven. Invariant:
 * the shipped slot against the same program and modules as single files, timed by the interpreter's own clock.
 */
import { COVERED_AT, PLACE_HEAD_BYTES } from "../../hal/espruino/slot_format";
import { shippedFiles, shippedParts } from "../../test/boards/interpreter_board";
import { forms, Interpreter } from "../../test/espruino/interpreter";

const TIMES = 7;
/** Pairs of modules fetched in one measurement. */
const LOADS = 20;
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** Least milliseconds of each expression on a board with these files (neighbours on the machine only add), and the variables in use. */
async function timed(path: string, files: Record<string, string>, expressions: string[]): Promise<{ ms: number[]; variables: number }> {
  const board = new Interpreter(path);
  board.install(files);
  board.start();
  await board.printed("sdc waits");
  // The memory of the start itself is free by then.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const { usage } = board.ask("process.memory()") as { usage: number };
  const ms = expressions.map((expression) => {
    const runs = Array.from({ length: TIMES }, () => Number(board.ask(`(function(){var t=getTime();${expression};return (getTime()-t)*1000})()`)));
    return Math.min(...runs);
  });
  await board.close();
  return { ms, variables: usage };
}

export async function bench(list: string[]): Promise<number> {
  if (list.length > 0) {
    process.stderr.write("npm run bench -- loader takes no words\n");
    return 2;
  }
  const slotted = await shippedFiles();
  const single = await shippedParts();
  const load = `for(var i=0;i<${String(LOADS)};i++){part('card');part('row')}`;
  let measured = 0;
  for (const { name, path } of forms()) {
    if (path === "") {
      say(`!! ABSENT: ${name}; nothing was measured for it`);
      continue;
    }
    const bytes = slotted.sdc_a!.length - PLACE_HEAD_BYTES;
    const slot = await timed(path, slotted, [`E.CRC32(require("Storage").read("sdc_a",${String(PLACE_HEAD_BYTES + COVERED_AT)}))`, load]);
    const files = await timed(path, single, [load]);
    say(`${name}: check of a slot of ${String(bytes)} bytes ${slot.ms[0]!.toFixed(0)} ms; two modules from a slot ${(slot.ms[1]! / LOADS).toFixed(1)} ms, from files ${(files.ms[0]! / LOADS).toFixed(1)} ms`);
    say(`${name}: variables while it waits: from a slot ${String(slot.variables)}, from files ${String(files.variables)}`);
    measured++;
  }
  return measured > 0 ? 0 : 1;
}
