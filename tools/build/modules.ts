/*
 * The list of the firmware's modules, as the text of one entry file.
 *
 * Input: the folder firmware/ as it is. Output: TypeScript that imports every module of it, so that a
 * compiler sees all of them, also those that are loaded by name only. Invariant: no module is left out.
 */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../root";

/** Paths of all TypeScript modules under `folder` (relative to the clone), without the extension; none when there is no such folder. */
export function modulesUnder(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return names.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
    .map((name) => `${folder}/${name.slice(0, -3)}`.split("\\").join("/")).sort();
}

/** An entry, to lie in the clone's own folder, that imports `modules` and exports them as a list. */
export function entryOf(modules: string[]): string {
  const lines = modules.map((path, index) => `import * as module${String(index)} from "./${path}";`);
  lines.push(`export const names = ${JSON.stringify(modules)};`);
  lines.push(`export const modules: unknown[] = [${modules.map((_path, index) => `module${String(index)}`).join(", ")}];`);
  return `${lines.join("\n")}\n`;
}
