/*
 * Parts of the firmware that a small board holds in memory only while they work, one at a time.
 *
 * Input: the modules of firmware/, in which `@part NAME` in the comment of an exported function puts it into a part.
 * Output: the parts; a rollup plugin that leaves of each such function a stub that fetches its part; an entry for each
 * part. Invariants: a module may hold functions of several parts beside resident ones, and what only a part calls goes
 * with it; a helper that both call is in both, because a part cannot reach into the module that called it; modules hold
 * no state of their own (all of it is in records), so a part may be dropped after any call and two copies of a helper
 * cannot disagree; a part that calls a function of another one has a copy of it, and fetches none.
 */
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Plugin } from "rollup";
import ts from "typescript";
import { root } from "../root";
import { modulesUnder } from "./modules";

/** Name of a part to its modules (absolute, without extension), and of each the functions that the rest of the program calls. */
export type Parts = Map<string, Map<string, string[]>>;

/** Function of the program that gives a part by name, fetching it from flash when another one was there. */
const FETCH = "part";
const TAG = "part";
/** As a slot names its modules (slot.ts). */
const NAME = /^[a-z0-9_]{2,24}$/;

function placeOf(file: ts.SourceFile, node: ts.Node): string {
  return `${file.fileName}:${String(file.getLineAndCharacterOfPosition(node.getStart()).line + 1)}`;
}

/** Why the function with this tag cannot be of a part; "" when it can. */
function refusal(node: ts.Node, name: string): string {
  if (!NAME.test(name)) return `"@part ${name}" names no part: 2 to 24 small letters, digits, _, and nothing behind it`;
  if (!ts.isFunctionDeclaration(node) || node.name === undefined || !ts.isSourceFile(node.parent)) return "only a function of the module itself can be of a part";
  if (node.modifiers?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword) !== true) return `${node.name.text} is of part "${name}" and must be exported, for the part's entry imports it`;
  if (node.parameters.some((one) => one.dotDotDotToken !== undefined || one.initializer !== undefined || !ts.isIdentifier(one.name))) return `${node.name.text} is of part "${name}" and may have plain parameters only`;
  return "";
}

/**
 * The parts that the tags in `sources` make: path without extension to text.
 * @throws Error with file and line for a tag that cannot be followed
 */
export function partsIn(sources: Map<string, string>): Parts {
  const parts: Parts = new Map();
  for (const [path, text] of sources) {
    if (!text.includes(`@${TAG}`)) continue;
    const file = ts.createSourceFile(`${path}.ts`, text, ts.ScriptTarget.ES2022, true);
    let followed = 0;
    const visit = (node: ts.Node): void => {
      for (const tag of ts.getJSDocTags(node)) {
        if (tag.tagName.text !== TAG || tag.parent.parent !== node) continue;
        const name = ts.getTextOfJSDocComment(tag.comment)?.trim() ?? "";
        const reason = refusal(node, name);
        if (reason !== "") throw new Error(`${placeOf(file, tag)}: ${reason}`);
        const called = (node as ts.FunctionDeclaration).name!.text;
        const modules = parts.get(name) ?? new Map<string, string[]>();
        if ([...modules.values()].flat().includes(called)) throw new Error(`${placeOf(file, tag)}: part "${name}" has a function ${called} already: rename one, or give it another part`);
        modules.set(path, [...modules.get(path) ?? [], called]);
        parts.set(name, modules);
        followed++;
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    const written = text.split(`@${TAG}`).length - 1;
    if (followed !== written) throw new Error(`${path}.ts: ${String(written - followed)} of ${String(written)} "@${TAG}" are not in the comment (/** … */) of a function, so they would do nothing`);
  }
  return parts;
}

let known: Parts | undefined;

/** The parts of the firmware; read once a process. */
export function firmwareParts(): Parts {
  known ??= partsIn(new Map(modulesUnder("firmware").map((name) => [join(root, name), readFileSync(join(root, `${name}.ts`), "utf8")])));
  return known;
}

/** All functions that stubs are called by. */
export function partFunctions(parts: Parts): string[] {
  return [...parts.values()].flatMap((modules) => [...modules.values()].flat());
}

/** The body of a stub: the call of the real function, on as many lines as that had, so that what follows keeps its place. */
function stubBody(part: string, name: string, parameters: string[], lines: number): string {
  return `{ return ${FETCH}("${part}").${name}(${parameters.join(", ")});${"\n".repeat(lines)} }`;
}

/** Leaves stubs of all functions of `parts`, in modules that are ES5 by now; for the bundle that stays in memory. */
export function stubPlugin(parts: Parts): Plugin {
  const partOf = new Map<string, string>();
  for (const [part, modules] of parts) for (const [path, names] of modules) for (const name of names) partOf.set(`${path}.ts ${name}`, part);
  return {
    name: "stubs",
    transform(code, id) {
      if (![...partOf.keys()].some((key) => key.startsWith(`${id} `))) return null;
      let text = code;
      // From the end, so that the places before stay right.
      for (const statement of [...this.parse(code).body].reverse()) {
        if (statement.type !== "ExportNamedDeclaration" || statement.declaration?.type !== "FunctionDeclaration") continue;
        const { id: name, params, body } = statement.declaration;
        const part = partOf.get(`${id} ${name.name}`);
        if (part === undefined) continue;
        const { start, end } = body as unknown as { start: number; end: number };
        const parameters = params.map((one) => (one.type === "Identifier" ? one.name : this.error(`${name.name} of part "${part}" has a parameter without a name`)));
        text = text.slice(0, start) + stubBody(part, name.name, parameters, code.slice(start, end).split("\n").length - 1) + text.slice(end);
      }
      // No place of what is left has moved.
      return { code: text, map: null };
    },
  };
}

/** Text of an entry that exports the called functions of a part, to lie in the clone's own folder. */
export function partEntry(parts: Parts, part: string): string {
  const modules = parts.get(part);
  if (modules === undefined) throw new Error(`there is no part "${part}"`);
  return [...modules].map(([path, names]) => `export { ${names.join(", ")} } from "./${relative(root, path)}";`).join("\n");
}
