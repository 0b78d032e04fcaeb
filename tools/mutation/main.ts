/*
 * Mutation testing on demand: `npm run mutate -- firmware/session --sample 40 --seed 1`.
 *
 * Input: folders or files, --sample COUNT (20 unless given), --seed NUMBER (1 unless given), --list. Output: each survivor with its line before and
 * after, and the share of mutants that were noticed. Invariants: the work tree is only read; mutants that are reviewed as equivalent are
 * neither noticed nor survivors; the exit code is 1 below 85 %.
 */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../root";
import { copyProject } from "./copy";
import { EQUIVALENTS } from "./equivalents";
import { difference, mutantsOf, mutated } from "./mutants";
import type { Mutant } from "./mutants";
import { quicklyNoticed } from "./quick";
import { runStage } from "./run_stages";
import { sampleOf } from "./sample";
import { stagesFor } from "./tests_of";
import type { Stage } from "./tests_of";

const SHARE_MIN = 0.85;
/** A stage with a defect may take this many times as long as without, and a minute more. */
const LONGER = 3;
const LONGER_MS = 60000;

interface Place { path: string; text: string; mutant: Mutant }

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

/** Makes one defect after the other in a copy and asks the tests. */
class Trial {
  private readonly copy = copyProject(root);
  /** Time of a stage without a defect, by its files. */
  private readonly soundMs = new Map<string, number>();

  /** @throws Error when the tests fail without a defect */
  private async limitOf(stage: Stage): Promise<number> {
    const key = stage.files.join();
    let tookMs = this.soundMs.get(key);
    if (tookMs === undefined) {
      const sound = await runStage(this.copy.folder, stage, 1_800_000);
      if (!sound.passed) throw new Error(`stage "${stage.name}" fails without a defect:\n${sound.output}`);
      tookMs = sound.tookMs;
      this.soundMs.set(key, tookMs);
    }
    return tookMs * LONGER + LONGER_MS;
  }

  /** Those of the places, all in one file, that the nearest tests notice; they are loaded once. */
  async quickly(places: Place[]): Promise<Set<Mutant>> {
    const { path, text } = places[0]!;
    const nearest = stagesFor(root, path).find((stage) => stage.name.endsWith("nearest"));
    return nearest === undefined ? new Set() : quicklyNoticed(this.copy.folder, path, text, places.map((place) => place.mutant), nearest.files);
  }

  /** The stage that notices the defect, "" when none does. */
  async noticedBy({ path, text, mutant }: Place): Promise<string> {
    for (const stage of stagesFor(root, path)) {
      const limitMs = await this.limitOf(stage);
      writeFileSync(join(this.copy.folder, path), mutated(text, mutant));
      const { passed } = await runStage(this.copy.folder, stage, limitMs);
      writeFileSync(join(this.copy.folder, path), text);
      if (!passed) return stage.name;
    }
    return "";
  }

  close(): void {
    this.copy.remove();
  }
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
  const survivors: string[] = [];
  let noticed = 0;
  let equivalent = 0;
  const trial = new Trial();
  try {
    for (const path of new Set(chosen.map((place) => place.path))) {
      const here = chosen.filter((place) => place.path === path);
      const open = here.filter((place) => reasonOf(place) === "");
      const quickly = open.length === 0 ? new Set<Mutant>() : await trial.quickly(open);
      for (const place of here) {
        const reason = reasonOf(place);
        const by = reason !== "" ? "" : quickly.has(place.mutant) ? "unit, nearest" : await trial.noticedBy(place);
        if (reason !== "") equivalent++;
        else if (by !== "") noticed++;
        else survivors.push(described(place));
        say(reason !== "" ? `equivalent ${described(place)}\n  ${reason}` : by !== "" ? `noticed by ${by}: ${place.path}:${String(place.mutant.line)} (${place.mutant.operator})` : `SURVIVED ${described(place)}`);
      }
    }
  } finally {
    trial.close();
  }
  const share = noticed / Math.max(1, noticed + survivors.length);
  say(`${String(noticed)} noticed, ${String(survivors.length)} survived, ${String(equivalent)} equivalent: ${(share * 100).toFixed(1)} % of those that could be noticed`);
  return share >= SHARE_MIN ? 0 : 1;
}
