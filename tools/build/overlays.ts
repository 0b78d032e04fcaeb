/*
 * Parts of the firmware that a small board holds in memory only while they work, one at a time.
 *
 * Input: the modules of each part and their called functions. Output: a rollup plugin that puts a stub in the place of each such
 * module, and an entry for each part. Invariants: the firmware's sources know nothing of this; modules hold
 * no state of their own (all of it is in records), so a part may be dropped after any call; constants are
 * inlined and never fetched from a part.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rollup";
import ts from "typescript";
import { root } from "../root";

/**
 * Name of a part to its modules, and of each the functions that the rest of the program calls: nothing else of
 * them is brought into memory. A part calls none of the others, so each may be dropped after any call.
 */
export const OVERLAYS: { [name: string]: { [module: string]: string[] } } = {
  // What contacts, cards and commands set off, and the steps of a session.
  input: { "inputs/contact_change": ["contactChanged"], "inputs/analog": ["senseAnalog"] },
  card: { "inputs/card_shown": ["cardShown"] },
  reader: { "inputs/card_reader": ["readReader", "nextCard"] },
  call: { "commands/api_call": ["admitCall"] },
  order: { "commands/api_order": ["takeOrder"] },
  command: { "commands/api": ["apiTick"] },
  session: { "session/effects": ["nextEffect"] },
  row: { "session/row_payload": ["makeRow"] },
  outcome: { "session/row_write": ["connectorDone"] },
  progress: { "session/progress": ["advanceSession"] },
  note: { "session/note": ["note"] },
  user: { "sync/user_list": ["lookUpUser"] },
  state: { "store/state_page": ["writeState"] },
  append: { "store/ring": ["appendRecord"] },
  meter: { "store/meter_change": ["changePage"] },
  // An upload, step by step, and what its answer brings.
  begin: { "uplink/beginning": ["beginUpload"] },
  collect: { "uplink/collecting": ["collectRows"] },
  send: { "uplink/sending": ["sendUpload"] },
  verify: { "uplink/verifying": ["answerVerified"] },
  judge: { "uplink/judgement": ["judgeAnswer"] },
  settle: { "uplink/settling": ["settleUpload"] },
  finish: { "uplink/finishing": ["finishUpload"] },
  health: { "health": ["checkHealth"] },
  versions: { "sync/versions": ["versionsTick"] },
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
  const called = new Map<string, string[]>();
  for (const [part, modules] of Object.entries(OVERLAYS)) {
    for (const [name, names] of Object.entries(modules)) {
      partOf.set(moduleIn(name), part);
      called.set(moduleIn(name), names);
    }
  }
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
      // A function that is called without being named here is missing from the stub, and rollup says so.
      const lines = functions.filter(([name]) => called.get(path)?.includes(name) === true).map(([name, parameters]) =>
        `export function ${name}(${parameters.join(", ")}) { return ${FETCH}("${partOf.get(path) ?? ""}").${name}(${parameters.join(", ")}); }`);
      if (values.length > 0) lines.push(`export { ${values.join(", ")} } from ${JSON.stringify(path)};`);
      return { code: lines.join("\n"), moduleSideEffects: false };
    },
  };
}

/** Text of an entry that exports the called functions of a part, to lie in the clone's own folder. */
export function partEntry(part: string): string {
  return Object.entries(OVERLAYS[part]).map(([name, names]) => `export { ${names.join(", ")} } from "./firmware/${name}";`).join("\n");
}
