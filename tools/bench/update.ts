/*
 * `npm run bench -- update`: instructions of one update over the air on the interpreter, from the start to the restart into the release.
 *
 * Input: --only ESPRUINO or ESPRUINO32; the interpreters named by ESPRUINO and ESPRUINO32, valgrind. Output: a line a form:
 * instructions without the PC's flash file, and the flash file's. Invariant: all of a release is fetched, judged, written and
 * marked in what is counted, with the ticks in between and without the start; a board that does not restart into it is an error.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { forms } from "../../test/espruino/interpreter";
import { smallRelease, UpdateSite } from "../../test/espruino/update_site";
import { beginCounting, callgrindAbsence, callgrindWords, COUNTED_FROM, own, parseCount, type Count } from "./callgrind";

const START_MS = 600_000;
const UPDATE_TRIES = 36_000;
const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** The count of the process's end: what came behind the mark. */
function lastCount(folder: string): Count {
  const files = readdirSync(folder).filter((name) => /^counted(\.\d+)?$/.test(name));
  const end = files.includes("counted") ? "counted" : files.sort((a, b) => Number(a.slice(8)) - Number(b.slice(8))).at(-1);
  if (end === undefined || !existsSync(join(folder, end))) throw new Error("callgrind has written nothing");
  return parseCount(readFileSync(join(folder, end), "latin1"));
}

async function countUpdate(path: string): Promise<Count> {
  const site = await UpdateSite.open(path);
  const { board } = site;
  try {
    await site.offer(smallRelease(2, `print("release two runs");`), 2);
    await board.kill();
    board.launch(callgrindWords());
    await board.printed("sdc runs", START_MS);
    beginCounting(board.processId());
    board.ask(COUNTED_FROM, START_MS);
    for (let tries = 0; board.running(); tries++) {
      if (tries > UPDATE_TRIES) throw new Error(`the board does not restart: ${board.log().slice(-1500)}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (!board.log().includes("restart: update to release 2")) throw new Error(`the board did not update: ${board.log().slice(-1500)}`);
    return lastCount(board.folder);
  } finally {
    await site.close();
  }
}

export async function bench(list: string[]): Promise<number> {
  const only = list.includes("--only") ? list[list.indexOf("--only") + 1] : "";
  if (only !== "" && !forms().some(({ name }) => name === only)) {
    process.stderr.write(`npm run bench -- update: --only takes one of ${forms().map(({ name }) => name).join(", ")}\n`);
    return 2;
  }
  const absence = callgrindAbsence();
  if (absence !== "") {
    process.stderr.write(`npm run bench -- update: ${absence}\n`);
    return 1;
  }
  let measured = 0;
  for (const { name, path } of forms().filter((form) => only === "" || form.name === only)) {
    if (path === "") {
      say(`!! ABSENT: ${name}; nothing was measured for it`);
      continue;
    }
    const count = await countUpdate(path);
    say(`${name}: ${String(own(count))} instructions for an update of four pieces, ${String(count.flashFile)} more in the flash file`);
    measured++;
  }
  return measured > 0 ? 0 : 1;
}
