/*
 * Which test files should notice a defect in source files.
 *
 * Input: the imports of all sources and tests. Output: test files, the nearest first. Invariants: a test that imports one of the
 * sources, itself or over others, is among them; the power suite, which reads the store's sources as text, is asked for the store.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const FOLDERS: { folder: string; leaveOut: RegExp | undefined }[] = [
  { folder: "test/unit", leaveOut: /^test\/unit\/(build|project)\// },
  { folder: "test/property", leaveOut: undefined },
  { folder: "test/exosphere", leaveOut: /\/(scale|full_disk|server_crash)\.test\.ts$/ },
];
/** They read the store's sources as text. Each of their tests can be asked alone but those that add up the others. */
const POWER = ["test/power/power.test.ts", "test/power/fuzz.test.ts"];

/** Tests of the endpoint in which a whole board takes part: they stand for the endpoint's suite where the defect is in the board. */
const WITH_BOARD = /\/(played_day|users_sync|forgotten_board|replaced_board)\.test\.ts$/;

export interface TestFile {
  file: string;
  /** Each of its tests is asked alone. */
  byTest: boolean;
}

/** Paths of the project's files that a file imports at run time or as types. */
function importsOf(root: string, path: string): string[] {
  const text = readFileSync(join(root, path), "utf8");
  const found: string[] = [];
  for (const [, name = ""] of text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)) {
    const base = normalize(join(dirname(path), name));
    const target = [`${base}.ts`, join(base, "index.ts"), base].find((candidate) => /\.(ts|js|mjs)$/.test(candidate) && existsSync(join(root, candidate)));
    if (target !== undefined) found.push(target);
  }
  return found;
}

/** How many imports away each file is from `path`; files that never come to it are absent. */
function distancesTo(root: string, path: string, files: string[]): Map<string, number> {
  const importers = new Map<string, string[]>();
  for (const file of files) for (const target of importsOf(root, file)) importers.set(target, [...importers.get(target) ?? [], file]);
  const distances = new Map([[path, 0]]);
  for (const queue = [path]; queue.length > 0;) {
    const next = queue.shift() ?? "";
    for (const importer of importers.get(next) ?? []) {
      if (distances.has(importer)) continue;
      distances.set(importer, (distances.get(next) ?? 0) + 1);
      queue.push(importer);
    }
  }
  return distances;
}

function sourcesUnder(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts")).map((name) => join(folder, name));
}

/** The test files for defects in `paths`; `root` is the project's folder. */
export function testsFor(root: string, paths: string[]): TestFile[] {
  const files = ["firmware", "hal", "boards", "console", "exosphere", "tools", "test"].flatMap((folder) => sourcesUnder(root, folder));
  const distances = new Map<string, number>();
  for (const path of paths) for (const [file, distance] of distancesTo(root, path, files)) distances.set(file, Math.min(distance, distances.get(file) ?? distance));
  const inEndpoint = paths.some((path) => path.startsWith("exosphere/"));
  const found = FOLDERS.flatMap(({ folder, leaveOut }) => files
    .filter((file) => file.startsWith(`${folder}/`) && file.endsWith(".test.ts") && leaveOut?.test(file) !== true && distances.has(file))
    .filter((file) => folder !== "test/exosphere" || inEndpoint || WITH_BOARD.test(file))
    .map((file) => ({ file, byTest: false })));
  if (paths.some((path) => path.startsWith("firmware/store/"))) found.push(...POWER.map((file) => ({ file, byTest: true })));
  return found.sort((left, right) => Number(left.byTest) - Number(right.byTest) || (distances.get(left.file) ?? 0) - (distances.get(right.file) ?? 0) || (left.file < right.file ? -1 : 1));
}
