/*
 * Which test files should notice a defect in a source file, in the order in which they are asked.
 *
 * Input: the imports of all sources and tests. Output: stages of test files, the nearest and quickest first. Invariants: a test
 * that imports the file, itself or over others, is in a stage; the power suite, which reads the store's sources as text, is
 * asked for the store; slow suites come last, because most defects never get there.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";

const STAGES: { name: string; folder: string; leaveOut: RegExp | undefined }[] = [
  { name: "unit", folder: "test/unit", leaveOut: /^test\/unit\/(build|project)\// },
  { name: "property", folder: "test/property", leaveOut: undefined },
  { name: "exosphere", folder: "test/exosphere", leaveOut: /\/(scale|full_disk|server_crash)\.test\.ts$/ },
  { name: "power", folder: "test/power", leaveOut: undefined },
];

/** Tests of the endpoint in which a whole board takes part: they stand for the endpoint's suite where the defect is in the board. */
const WITH_BOARD = /\/(played_day|users_sync|forgotten_board|replaced_board)\.test\.ts$/;

export interface Stage {
  name: string;
  files: string[];
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

/** The stages for the source file `path`; `root` is the project's folder. */
export function stagesFor(root: string, path: string): Stage[] {
  const files = ["firmware", "hal", "boards", "console", "exosphere", "tools", "test"].flatMap((folder) => sourcesUnder(root, folder));
  const distances = distancesTo(root, path, files);
  const stages: Stage[] = [];
  for (const { name, folder, leaveOut } of STAGES) {
    const near = files.filter((file) => file.startsWith(`${folder}/`) && file.endsWith(".test.ts") && leaveOut?.test(file) !== true && distances.has(file));
    near.sort((left, right) => (distances.get(left) ?? 0) - (distances.get(right) ?? 0) || (left < right ? -1 : 1));
    if (name === "unit" || (name === "exosphere" && path.startsWith("exosphere/"))) {
      // The nearest tests notice most; they are asked alone first.
      const nearest = near.filter((file) => (distances.get(file) ?? 0) <= 2);
      stages.push({ name: `${name}, nearest`, files: nearest }, { name: `${name}, others`, files: near.filter((file) => !nearest.includes(file)) });
    } else if (name === "exosphere") {
      stages.push({ name, files: near.filter((file) => WITH_BOARD.test(file)) });
    } else if (name === "power" && path.startsWith("firmware/store/")) stages.push({ name, files: [join(folder, "power.test.ts"), join(folder, "fuzz.test.ts")] });
    else stages.push({ name, files: near });
  }
  return stages.filter((stage) => stage.files.length > 0);
}
