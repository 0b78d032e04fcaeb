/*
 * Dispatches `npm run bench -- NAME …` to the measurement of that name in tools/bench/.
 *
 * Input: the name of a measurement and its arguments, or --help. Output: what the measurement prints, and its exit
 * code. Invariant: an unknown name lists those there are and does nothing.
 */
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Caller, wrongWords } from "../cli/wrong_words";
import { root } from "../root";

const FOLDER = join(root, "tools", "bench");

export interface Measurement {
  bench(list: string[]): Promise<number>;
}

/** The first sentence of the file's head, and its input with the options. */
function openingOf(file: string): string {
  const opening = readFileSync(file, "utf8").split("*/")[0]!.replace(/\n \* ?/g, "\n");
  const about = /`: ([^]*?)\n\n/.exec(opening)?.[1] ?? "";
  const input = /Input: ([^]*?)\. Output:/.exec(opening)?.[1] ?? "";
  return `${about}\n      takes: ${input}`.replace(/\n(?! {6})/g, " ");
}

/** Names of all measurements: the files here that have a function `bench`. */
export function measurementNames(): string[] {
  const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith(".ts")) : [];
  return files.filter((name) => /^export async function bench\(/m.test(readFileSync(join(FOLDER, name), "utf8"))).map((name) => name.slice(0, -3)).sort();
}

/** The module of a measurement; `name` is one of measurementNames(). */
export async function measurement(name: string): Promise<Measurement> {
  return await import(`./${name}.ts`) as Measurement;
}

function helpText(names: string[]): string {
  return `Usage: npm run bench -- <name> [options], or npx sdc bench <name> [options]

Measures one thing and prints its table:
${names.map((name) => `  ${name}: ${openingOf(join(FOLDER, `${name}.ts`))}`).join("\n")}`;
}

export async function main(list: string[], caller: Caller = "npm run bench"): Promise<number> {
  const names = measurementNames();
  const [name, ...rest] = list;
  if (list.includes("--help") || list.includes("-h")) {
    process.stdout.write(`${helpText(names)}\n`);
    return 0;
  }
  if (name === undefined || !names.includes(name)) {
    const problem = name === undefined ? "say what to measure" : `there is no measurement ${name}`;
    process.stderr.write(wrongWords(`${problem}: there are ${names.join(", ")}`, caller));
    return 2;
  }
  return (await measurement(name)).bench(rest);
}
