/*
 * A copy of the project in which every canary sits, all of them silent until one is switched on.
 *
 * Input: the canaries. Output: a function that simulates in the copy. Invariants: the sources are only read; a canary
 * whose place has gone, or that overlaps another one, is an error; the copy is gone after `close`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { copyProject } from "../../mutation/copy";
import { root } from "../../root";
import type { SimOptions } from "../options";
import type * as Simulation from "../run/simulation";
import type { SimResult } from "../run/simulation";
import { ON, SWITCH, type Canary } from "./canary";

export interface Nest {
  /** With this canary switched on; "" for none. */
  simulate(options: SimOptions, canary: string): Promise<SimResult>;
  close(): Promise<void>;
}

/** The file's text with all of its canaries. @throws Error for a place that is not there exactly once */
export function withCanaries(text: string, canaries: Canary[]): string {
  let changed = text;
  for (const { name, file, before, after } of canaries) {
    if (text.split(before).length !== 2) throw new Error(`canary "${name}": its text must be once in ${file}`);
    if (changed.split(before).length !== 2) throw new Error(`canary "${name}": another canary of ${file} has its place`);
    changed = changed.replace(before, () => after.replaceAll(ON, `(${SWITCH} === ${JSON.stringify(name)})`));
  }
  return changed;
}

export async function openNest(canaries: Canary[]): Promise<Nest> {
  const copy = copyProject(root);
  try {
    for (const file of new Set(canaries.map((one) => one.file))) {
      const path = join(copy.folder, file);
      writeFileSync(path, withCanaries(readFileSync(path, "utf8"), canaries.filter((one) => one.file === file)));
    }
    const module = await import(pathToFileURL(join(copy.folder, "tools", "sim", "run", "simulation.ts")).href) as typeof Simulation;
    const global = globalThis as { sdcDefect?: string };
    return {
      async simulate(options, canary) {
        global.sdcDefect = canary;
        try {
          return await module.simulate(options);
        } finally {
          delete global.sdcDefect;
        }
      },
      async close() {
        await module.closeSpare();
        copy.remove();
      },
    };
  } catch (error) {
    copy.remove();
    throw error;
  }
}
