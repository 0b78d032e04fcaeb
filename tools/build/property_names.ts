/*
 * Which field names of our own records a bundle may shorten.
 *
 * Input: the interfaces of firmware/, hal/ports.ts and hal/espruino/, and the interpreter's own names.
 * Output: a pattern for the minifier and one cache for all bundles of a build, so that a record means the
 * same in the program and in the modules it loads. Invariant: a name that the interpreter, the language or
 * a JSON text uses is never shortened; no record may be reached both by a field and by a text. A name of at
 * most four letters lives in the variable that it names; a longer one costs one more in every record.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { INTERPRETER_WORDS } from "./interpreter_names";
import { root } from "../root";
import { modulesUnder } from "./modules";
import { firmwareParts, partFunctions } from "./overlays";
import { PACKED_FIELD } from "./packed_records";

export interface PropertyNames {
  pattern: RegExp;
  reserved: string[];
  /** Filled by the minifier, passed to each bundle in turn. */
  cache: object;
}

/** Letters of a name that cost nothing. */
const SHORT = 4;

function memberNames(text: string): string[] {
  const source = ts.createSourceFile("names.ts", text, ts.ScriptTarget.ES2022, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if ((ts.isPropertySignature(node) || ts.isMethodSignature(node) || ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node)) &&
      ts.isIdentifier(node.name)) names.push(node.name.text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Names of the language itself that Espruino implements. */
function languageNames(): string[] {
  const names = new Set<string>(["prototype", "constructor", "arguments", ...INTERPRETER_WORDS]);
  for (const object of [Object, Array, String, Number, Function, Math, JSON, Date, Error, RegExp, Promise, Uint8Array, DataView]) {
    for (const name of Object.getOwnPropertyNames(object)) names.add(name);
    const prototype = (object as { prototype?: object }).prototype;
    if (prototype !== undefined) for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  }
  return [...names];
}

/** Makes the names for one build. */
export function propertyNames(): PropertyNames {
  const reserved = new Set([...languageNames(), PACKED_FIELD]);
  const own = new Set<string>();
  for (const path of [...modulesUnder("firmware"), ...modulesUnder("hal/espruino"), "hal/ports"]) {
    // This one file declares all that is used of the interpreter.
    const names = path === "hal/espruino/interpreter" ? reserved : own;
    for (const name of memberNames(readFileSync(join(root, `${path}.ts`), "utf8"))) names.add(name);
  }
  // The minifier shortens a name only where it sees it made: the callers of a part would be left with the long one.
  const called = partFunctions(firmwareParts()).find((name) => own.has(name));
  if (called !== undefined) throw new Error(`"${called}" is a function of a part (@part) and a field of a record: rename one of them`);
  const free = [...own].filter((name) => name.length > SHORT && !reserved.has(name)).sort();
  // A name that stays as written must never be handed out as the short form of another one.
  for (const name of own) if (name.length <= SHORT) reserved.add(name);
  return { pattern: new RegExp(`^(${free.join("|")})$`), reserved: [...reserved], cache: {} };
}
