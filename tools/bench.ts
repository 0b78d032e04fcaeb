/*
 * Dispatches `npm run bench -- NAME …` to tools/bench/NAME.ts.
 *
 * Input: the name of a measurement and its arguments. Output: what the measurement prints, and its exit
 * code. Invariant: an unknown name lists those there are and does nothing.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "./root";

interface Measurement {
  bench(list: string[]): Promise<number>;
}

export async function main(list: string[]): Promise<number> {
  const folder = join(root, "tools", "bench");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  // A measurement is the file that opens with its name in the list of docs/BENCHMARKS.md: one word, no underscore.
  const names = files.filter((name) => /^[a-z0-9]+\.ts$/.test(name)).map((name) => name.slice(0, -3)).sort();
  const [name, ...rest] = list;
  if (name === undefined || !names.includes(name)) {
    const problem = name === undefined ? "say what to measure" : `there is no measurement ${name}`;
    process.stderr.write(`npm run bench: ${problem}; there are: ${names.length === 0 ? "none yet" : names.join(", ")}\n`);
    return 2;
  }
  const module = await import(`./bench/${name}.ts`) as Measurement;
  return module.bench(rest);
}
