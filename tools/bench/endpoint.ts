/*
 * `npm run bench -- endpoint`: processor time of a start of the endpoint in memory, which each test with a server pays.
 *
 * Input: --runs N (5). Output: a line a start, the first with what the machine reads and compiles once, and the least of
 * the others; beside it the least of PostgreSQL alone with its default of 128 MB of buffers. Invariant: nothing is kept
 * open between two starts.
 */
import { PGlite } from "@electric-sql/pglite";
import { startServer } from "../../exosphere/start_server";

const say = (text: string): void => { process.stdout.write(`${text}\n`); };

/** Milliseconds of processor time, of all threads, that `work` takes. */
async function processorMs(work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / 1000);
}

export async function bench(list: string[]): Promise<number> {
  const runs = list[0] === "--runs" ? Number(list[1]) : list.length === 0 ? 5 : 0;
  if (!Number.isInteger(runs) || runs < 2) {
    process.stderr.write("npm run bench -- endpoint: --runs takes a number of starts, 2 or more\n");
    return 2;
  }
  const starts: number[] = [];
  for (let run = 0; run < runs; run++) {
    starts.push(await processorMs(async () => { await (await startServer({ port: 0 })).close(); }));
    say(`start ${String(run + 1)}: ${String(starts[run])} ms`);
  }
  const plain: number[] = [];
  for (let run = 0; run < 2; run++) plain.push(await processorMs(async () => { await (await PGlite.create()).close(); }));
  say(`the least behind the first: ${String(Math.min(...starts.slice(1)))} ms; PostgreSQL alone, anew and with 128 MB of buffers: ${String(Math.min(...plain))} ms`);
  return 0;
}
