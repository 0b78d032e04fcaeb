/*
 * Mutation testing on demand: `npm run mutate -- firmware/session --sample 40 --seed 1`.
 *
 * Input: folders or files, --sample COUNT (20 unless given), --seed NUMBER (1 unless given), --list. Output: each survivor with its line before and
 * after, and the share of mutants that were noticed. Invariants: the work tree is only read; mutants that are reviewed as equivalent are
 * neither noticed nor survivors; the exit code is 1 below 85 %.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../root";
import { EQUIVALENTS } from "./equivalents";
import { difference, mutantsOf } from "./mutants";
import { sampleOf } from "./sample";
import { Trial } from "./trial";
import type { Place } from "./trial";

const SHARE_MIN = 0.85;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function sourcesIn(target: string): string[] {
  const path = join(root, target);
  if (!existsSync(path)) throw new Error(`${target}: there is no such file or folder`);
  if (statSync(path).isFile()) return [relative(root, path)];
  return readdirSync(path, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts")).map((name) => relative(root, join(path, name))).sort();
}

function placesOf(targets: string[]): Place[] {
  return [...new Set(targets.flatMap(sourcesIn))].flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    return mutantsOf(path, text).map((mutant) => ({ path, text, mutant }));
  });
}

function described({ path, text, mutant }: Place): string {
  const [before, after] = difference(text, mutant);
  return `${path}:${String(mutant.line)} (${mutant.operator})\n  - ${before}\n  + ${after}`;
}

/** Why no test can notice it, "" when one could. */
function reasonOf({ path, text, mutant }: Place): string {
  const [before, after] = difference(text, mutant);
  return EQUIVALENTS.find((one) => one.path === path && one.before === before && one.after === after)?.reason ?? "";
}

export async function main(list: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: list, allowPositionals: true,
    options: { sample: { type: "string", default: "20" }, seed: { type: "string", default: "1" }, list: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  const [sample, seed] = [Number(values.sample), Number(values.seed)];
  if (values.help || positionals.length === 0 || !(sample >= 1) || !Number.isInteger(seed)) {
    say("Usage: npm run mutate -- FOLDER… [--sample COUNT] [--seed NUMBER] [--list]\n\nMakes small defects in the sources under FOLDER, one at a time in a copy, and says which the tests do not notice.");
    return values.help ? 0 : 2;
  }
  const all = placesOf(positionals);
  const chosen = sampleOf(all, sample, seed);
  say(`${String(chosen.length)} of ${String(all.length)} mutants, seed ${String(seed)}`);
  if (values.list) {
    for (const place of chosen) say(described(place));
    return 0;
  }
  let [noticed, survived, equivalent] = [0, 0, 0];
  const paths = new Set(chosen.map((place) => place.path));
  const trial = new Trial(root, all.filter((place) => paths.has(place.path)), say);
  process.once("SIGINT", () => { trial.close(); process.exit(130); });
  try {
    await trial.prepare();
    for (const place of chosen) {
      const reason = reasonOf(place);
      const { by, reaching } = reason !== "" ? { by: "", reaching: 0 } : await trial.noticedBy(place);
      if (reason !== "") equivalent++;
      else if (by !== "") noticed++;
      else survived++;
      say(reason !== "" ? `equivalent ${described(place)}\n  ${reason}` : by !== "" ? `${place.path}:${String(place.mutant.line)} (${place.mutant.operator}) is noticed by ${by}` : `SURVIVED ${described(place)}\n  ${String(reaching)} tests reach it`);
    }
  } finally {
    trial.close();
  }
  const share = noticed / Math.max(1, noticed + survived);
  say(`${String(noticed)} noticed, ${String(survived)} survived, ${String(equivalent)} equivalent: ${(share * 100).toFixed(1)} % of those that could be noticed`);
  return share >= SHARE_MIN ? 0 : 1;
}
