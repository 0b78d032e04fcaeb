/*
 * Says what the interpreter could not run in a finished bundle.
 *
 * Input: the text of a bundle. Output: one line per fault, none when it is fit. Invariant: what the
 * interpreter lacks is found here, at the build, and not in a cellar: syntax beyond ES5, compiler helpers,
 * absent globals, labels, and names used before the line that defines them (nothing is hoisted there).
 */
import { parse } from "acorn";
import type { AnyNode, Program } from "acorn";
import { lockFaults } from "./lock_faults";
import { children, isFunction, namesUsed, outerNames } from "./syntax";

const ABSENT = ["Map", "Set", "WeakMap", "WeakSet", "Symbol", "BigInt", "Proxy", "Reflect", "Intl", "globalThis", "Buffer"];
const ABSENT_MEMBERS: [string, string][] = [
  ["Math", "imul"], ["Math", "trunc"], ["Math", "fround"], ["Array", "from"], ["Array", "of"], ["Object", "freeze"],
  ["Number", "isInteger"], ["Number", "isSafeInteger"],
];

function memberFaults(node: AnyNode): string {
  if (node.type !== "MemberExpression" || node.object.type !== "Identifier" || node.property.type !== "Identifier") return "";
  const object = node.object.name;
  const property = node.property.name;
  const found = ABSENT_MEMBERS.some(([left, right]) => left === object && right === property);
  return found ? `${object}.${property} is absent in the interpreter` : "";
}

function nodeFault(node: AnyNode): string {
  if (node.type === "LabeledStatement") return `label ${node.label.name}: the interpreter has none`;
  if (node.type === "WithStatement") return "with: the interpreter has none";
  if (node.type === "Property" && node.kind !== "init") return "getter or setter in a record";
  if (node.type === "Identifier") {
    if (/^__[a-z]/i.test(node.name) && node.name !== "__FILE__") return `compiler helper ${node.name}`;
    if (ABSENT.includes(node.name)) return `${node.name} is absent in the interpreter`;
  }
  return memberFaults(node);
}

interface Definition {
  index: number;
  /** Names that it reaches when it is called, for a function. */
  reaches: string[];
}

/** Names that a list of statements defines, with the place where they come to be. */
function definitions(statements: AnyNode[]): Map<string, Definition> {
  const found = new Map<string, Definition>();
  statements.forEach((statement, index) => {
    if (statement.type === "FunctionDeclaration" && statement.id !== null) found.set(statement.id.name, { index, reaches: outerNames(statement) });
    if (statement.type !== "VariableDeclaration") return;
    for (const one of statement.declarations) {
      if (one.id.type !== "Identifier") continue;
      const isCode = one.init !== null && one.init !== undefined && isFunction(one.init as AnyNode);
      found.set(one.id.name, { index, reaches: isCode ? outerNames(one.init as AnyNode) : [] });
    }
  });
  return found;
}

/** Names used before the statement that defines them, in one list of statements. */
function orderFaults(statements: AnyNode[]): string[] {
  const defined = definitions(statements);
  const faults: string[] = [];
  statements.forEach((statement, index) => {
    if (statement.type === "FunctionDeclaration") return;
    // Names that this statement can reach while it runs: its own, and those of the functions it names.
    const reached = new Set<string>();
    const waiting = namesUsed(statement);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const definition = defined.get(name);
      if (definition === undefined || reached.has(name)) continue;
      reached.add(name);
      if (definition.index > index) faults.push(`${name} is used before its definition`);
      waiting.push(...definition.reaches);
    }
  });
  return faults;
}

/** Faults of `code`, each a line; a "module" may return nothing and fills `exports`. */
export function checkEs5(code: string, kind: "program" | "module"): string[] {
  let tree: Program;
  try {
    tree = parse(code, { ecmaVersion: 5, sourceType: "script" });
  } catch (error) {
    return [`not ES5: ${error instanceof Error ? error.message : String(error)}`];
  }
  const faults = new Set<string>();
  const visit = (node: AnyNode): void => {
    const fault = nodeFault(node);
    if (fault !== "") faults.add(fault);
    if (node.type === "Program" || node.type === "BlockStatement") orderFaults(node.body as AnyNode[]).forEach((line) => faults.add(line));
    children(node).forEach(visit);
  };
  visit(tree);
  lockFaults(tree).forEach((line) => faults.add(line));
  const used = namesUsed(tree);
  if (kind === "module" && !used.includes("exports")) faults.add("the module exports nothing");
  if (kind === "program" && used.includes("exports")) faults.add("the program uses exports");
  return [...faults];
}

/** Functions in a bundle: each costs the interpreter about six variables and one more per parameter. */
export function countFunctions(code: string): { functions: number; parameters: number } {
  const count = { functions: 0, parameters: 0 };
  const visit = (node: AnyNode): void => {
    if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") {
      count.functions++;
      count.parameters += node.params.length;
    }
    children(node).forEach(visit);
  };
  visit(parse(code, { ecmaVersion: 5, sourceType: "script" }));
  return count;
}
