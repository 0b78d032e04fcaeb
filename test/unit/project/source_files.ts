/*
 * The project's own files, for the tests that read them.
 *
 * Input: the clone. Output: paths relative to it, with "/" on every system. Invariant: what is
 * installed, built or recorded is not the project's own.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../../tools/root";

const FOREIGN = ["node_modules", "dist", "coverage", "data", ".git", "test-results"];

function walk(folder: string): string[] {
  const files: string[] = [];
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (FOREIGN.includes(entry.name)) continue;
    if (entry.isDirectory()) files.push(...walk(path));
    else if (entry.isFile()) files.push(path);
  }
  return files;
}

/** All files whose name ends as one of `endings`, sorted. */
export function ownFiles(...endings: string[]): string[] {
  return walk("").filter((path) => endings.some((ending) => path.endsWith(ending))).sort();
}

export function readOwn(path: string): string {
  return readFileSync(join(root, path), "utf8");
}
