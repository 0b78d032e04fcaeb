/*
 * Which field names of our own records a bundle may shorten.
 *
 * Input: the interfaces of firmware/, hal/ports.ts and hal/espruino/, and the interpreter's own names.
 * Output: a pattern for the minifier and one cache for all bundles of a build, so that a record means the
 * same in the program and in the modules it loads. Invariant: a name that the interpreter, the language or
 * a JSON text uses, or that the program spells in a text, is never shortened. A name of at most four letters lives in the variable that it names;
 * a longer one costs one variable more in every record that has it.
 */
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../root";
import { modulesUnder } from "./modules";

export interface PropertyNames {
  pattern: RegExp;
  reserved: string[];
  /** Filled by the minifier, passed to each bundle in turn. */
  cache: object;
}

/** Letters of a name that cost nothing. */
const SHORT = 4;

const packages = createRequire(import.meta.url);

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
  const names = new Set<string>(["prototype", "constructor", "arguments"]);
  for (const object of [Object, Array, String, Number, Function, Math, JSON, Date, Error, RegExp, Promise, Uint8Array, DataView]) {
    for (const name of Object.getOwnPropertyNames(object)) names.add(name);
    const prototype = (object as { prototype?: object }).prototype;
    if (prototype !== undefined) for (const name of Object.getOwnPropertyNames(prototype)) names.add(name);
  }
  return [...names];
}

/**
 * Names that a text of the program spells, alone or in a list such as the configuration's settings: a field
 * may be reached by such a name at run time, so it has to keep it.
 */
function spelledNames(text: string): string[] {
  const source = ts.createSourceFile("names.ts", text, ts.ScriptTarget.ES2022, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node)) return;
    if (ts.isStringLiteral(node)) names.push(...node.text.split(/[\n|,]/));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** Makes the names for one build. */
export function propertyNames(): PropertyNames {
  const interpreter = memberNames(readFileSync(packages.resolve("@types/espruino/index.d.ts"), "utf8"));
  const reserved = new Set([...interpreter, ...languageNames()]);
  const own = new Set<string>();
  for (const path of modulesUnder("firmware")) for (const name of spelledNames(readFileSync(join(root, `${path}.ts`), "utf8"))) reserved.add(name);
  for (const path of [...modulesUnder("firmware"), ...modulesUnder("hal/espruino"), "hal/ports"]) {
    // This one file describes the interpreter, where its own declarations are too loose.
    const names = path === "hal/espruino/interpreter" ? reserved : own;
    for (const name of memberNames(readFileSync(join(root, `${path}.ts`), "utf8"))) names.add(name);
  }
  const free = [...own].filter((name) => name.length > SHORT && !reserved.has(name)).sort();
  // A name that stays as written must never be handed out as the short form of another one.
  for (const name of own) if (name.length <= SHORT) reserved.add(name);
  return { pattern: new RegExp(`^(${free.join("|")})$`), reserved: [...reserved], cache: {} };
}
