/*
 * Parts of the firmware that a small board holds in memory only while they work, one at a time.
 *
 * Input: the modules of each part. Output: a rollup plugin that puts a stub in the place of each such
 * module, and an entry for each part. Invariants: the firmware's sources know nothing of this; modules hold
 * no state of their own (all of it is in records), so a part may be dropped after any call; constants are
 * inlined and never fetched from a part.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rollup";
import ts from "typescript";
import { root } from "../root";

/** Name of a part to its modules. A part calls none of the others, so each may be dropped after any call. */
export const OVERLAYS: { [name: string]: string[] } = {
  // What contacts and cards set off, and the steps of a session.
  input: ["block/pins", "signal/uid_format", "signal/card_trigger", "block/log_line", "signal/tariff"],
  session: ["block/steps"],
  users: ["block/users", "wiring/user_list"],
  storing: ["store/ring", "store/state_page"],
  // An upload and what its answer brings.
  uplink: ["uplink/uploader", "uplink/uploader_state", "uplink/status"],
  versions: ["wiring/versions"],
};

/** Function of the program that gives a part by name, fetching it from flash when another one was there. */
const FETCH = "part";
const STUB = "\0stub:";

function sourceOf(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
}

/** Exported functions with their parameters, and other exported values, of one module. */
function exportsOf(path: string): { functions: [string, string[]][]; values: string[] } {
  const found: { functions: [string, string[]][]; values: string[] } = { functions: [], values: [] };
  for (const statement of sourceOf(path).statements) {
    if (ts.isExportDeclaration(statement) && !statement.isTypeOnly && statement.moduleSpecifier !== undefined && statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause)) {
      const from = join(path, "..", `${(statement.moduleSpecifier as ts.StringLiteral).text}.ts`);
      const names = statement.exportClause.elements.filter((one) => !one.isTypeOnly).map((one) => one.name.text);
      const behind = exportsOf(from);
      found.functions.push(...behind.functions.filter(([name]) => names.includes(name)));
      found.values.push(...behind.values.filter((name) => names.includes(name)));
    }
    const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some((one) => one.kind === ts.SyntaxKind.ExportKeyword) === true;
    if (!isExported) continue;
    if (ts.isFunctionDeclaration(statement) && statement.name !== undefined) found.functions.push([statement.name.text, statement.parameters.map((one) => one.name.getText())]);
    if (ts.isVariableStatement(statement)) found.values.push(...statement.declarationList.declarations.map((one) => one.name.getText()));
  }
  return found;
}

function moduleIn(name: string): string {
  return join(root, "firmware", `${name}.ts`);
}

/** Replaces the modules of every part; for the bundle that stays in memory. */
export function stubPlugin(): Plugin {
  const partOf = new Map<string, string>();
  for (const [part, names] of Object.entries(OVERLAYS)) for (const name of names) partOf.set(moduleIn(name), part);
  return {
    name: "stubs",
    resolveId(target, importer) {
      if (importer === undefined || !target.startsWith(".") || importer.startsWith(STUB)) return null;
      const path = join(importer, "..", `${target}.ts`);
      return partOf.has(path) ? STUB + path : null;
    },
    load(id) {
      if (!id.startsWith(STUB)) return null;
      const path = id.slice(STUB.length);
      const { functions, values } = exportsOf(path);
      const lines = functions.map(([name, parameters]) =>
        `export function ${name}(${parameters.join(", ")}) { return ${FETCH}("${partOf.get(path) ?? ""}").${name}(${parameters.join(", ")}); }`);
      if (values.length > 0) lines.push(`export { ${values.join(", ")} } from ${JSON.stringify(path)};`);
      return { code: lines.join("\n"), moduleSideEffects: false };
    },
  };
}

/** Text of an entry that exports all functions of a part, to lie in the clone's own folder. */
export function partEntry(part: string): string {
  const taken = new Set<string>();
  return OVERLAYS[part].map((name) => {
    const names = exportsOf(moduleIn(name)).functions.map(([one]) => one).filter((one) => !taken.has(one));
    for (const one of names) taken.add(one);
    return names.length === 0 ? "" : `export { ${names.join(", ")} } from "./firmware/${name}";`;
  }).join("\n");
}
