/*
 * Finds every portable list of known answers and makes one program of them.
 *
 * Input: the files of test/vectors/ that export run…() functions. Output: the text of an entry file for
 * a compiler. Invariant: a list that is written is run: on Node, in Lua, and in the built bundle.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { modulesUnder } from "../../tools/build/modules";
import { root } from "../../tools/root";

/** Where the entry lies, as far as imports are concerned; there is no such file. */
export const vectorsEntryPath = join(root, "vectors_entry.ts");

/** One known-answer list: the module it is in, and its function. */
export interface VectorList {
  path: string;
  name: string;
}

/** All lists in `folders`. */
export function vectorLists(folders = ["test/vectors"]): VectorList[] {
  const lists: VectorList[] = [];
  for (const path of folders.flatMap(modulesUnder)) {
    const text = readFileSync(join(root, `${path}.ts`), "utf8");
    for (const match of text.matchAll(/^export function (run\w+)\(\): string/gm)) lists.push({ path, name: match[1]! });
  }
  return lists;
}

/** An entry whose `run()` returns one line per failed list, in the portable subset. */
export function vectorsEntry(lists: VectorList[], before = "export "): string {
  const lines = lists.map((list, index) => `import { ${list.name} as list${String(index)} } from "./${list.path}";`);
  lines.push(`${before}function run(): string {`, "  let text = \"\";", "  let fault = \"\";");
  lists.forEach((list, index) => {
    lines.push(`  fault = list${String(index)}();`, `  if (fault !== "") text += "${list.path} ${list.name}: " + fault + "\\n";`);
  });
  lines.push("  return text;", "}");
  return `${lines.join("\n")}\n`;
}
