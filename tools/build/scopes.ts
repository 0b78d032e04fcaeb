/*
 * Which function a name means, in the syntax tree of a finished bundle.
 *
 * Input: the tree of an ES5 text. Output: each function of it with the functions that it may call by name. Invariant:
 * a name means what the nearest scope around it declares; a function that only a field holds has no name to be
 * called by here; one that lies in another function counts to the calls of both, because it may run within that.
 */
import type { AnyNode, Function as FunctionNode, Identifier } from "acorn";
import { children, isFunction } from "./syntax";

export interface NamedFunction {
  /** As it is declared, given to a variable or kept in a field; "" without a name. */
  name: string;
  node: FunctionNode;
  /** Functions that its text calls by name, those made in it included. */
  calls: NamedFunction[];
}

interface Binding { functions: NamedFunction[] }

interface Scope { names: Map<string, Binding>; outer: Scope | undefined }

function lookUp(scope: Scope | undefined, name: string): Binding | undefined {
  for (let one = scope; one !== undefined; one = one.outer) {
    const found = one.names.get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A scope with the variables and functions that the statements below `node` declare, functions in it left out. */
function scopeOf(node: AnyNode, outer: Scope | undefined, names: string[]): Scope {
  const scope: Scope = { names: new Map(names.map((name) => [name, { functions: [] }])), outer };
  const visit = (one: AnyNode): void => {
    const declared = one.type === "VariableDeclarator" ? one.id : one.type === "FunctionDeclaration" ? one.id : undefined;
    if (declared?.type === "Identifier" && !scope.names.has(declared.name)) scope.names.set(declared.name, { functions: [] });
    if (!isFunction(one)) children(one).forEach(visit);
  };
  children(node).forEach(visit);
  return scope;
}

/** The name that `parent` gives to a function in it. */
function givenName(parent: AnyNode | undefined): string {
  if (parent?.type === "VariableDeclarator" && parent.id.type === "Identifier") return parent.id.name;
  if (parent?.type === "Property" && parent.key.type === "Identifier") return parent.key.name;
  if (parent?.type !== "AssignmentExpression") return "";
  const { left } = parent;
  return left.type === "Identifier" ? left.name : left.type === "MemberExpression" && left.property.type === "Identifier" ? left.property.name : "";
}

/** The variable that `parent` keeps a function in, when it is one. */
function keeper(parent: AnyNode | undefined): string | undefined {
  if (parent?.type === "VariableDeclarator" && parent.id.type === "Identifier") return parent.id.name;
  return parent?.type === "AssignmentExpression" && parent.left.type === "Identifier" ? parent.left.name : undefined;
}

/** All functions of a text, in its order. */
export function functionsOf(tree: AnyNode): NamedFunction[] {
  const all: NamedFunction[] = [];
  const called: { by: NamedFunction[]; scope: Scope; callee: Identifier }[] = [];
  const visit = (node: AnyNode, parent: AnyNode | undefined, scope: Scope, around: NamedFunction[]): void => {
    if (node.type === "CallExpression" && node.callee.type === "Identifier") called.push({ by: around, scope, callee: node.callee });
    let inner = scope;
    let within = around;
    if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") {
      const found: NamedFunction = { name: node.id?.name ?? givenName(parent), node, calls: [] };
      all.push(found);
      within = [...around, found];
      const name = node.type === "FunctionDeclaration" ? node.id?.name : keeper(parent);
      if (name !== undefined) lookUp(scope, name)?.functions.push(found);
      // The own name of an expression means it inside of it alone.
      if (node.type === "FunctionExpression" && node.id) inner = { names: new Map([[node.id.name, { functions: [found] }]]), outer: scope };
      inner = scopeOf(node.body, inner, node.params.flatMap((one) => (one.type === "Identifier" ? [one.name] : [])));
    } else if (node.type === "CatchClause" && node.param?.type === "Identifier") {
      inner = { names: new Map([[node.param.name, { functions: [] }]]), outer: scope };
    }
    children(node).forEach((child) => visit(child, node, inner, within));
  };
  visit(tree, undefined, scopeOf(tree, undefined, []), []);
  for (const { by, scope, callee } of called) {
    for (const one of by) one.calls.push(...lookUp(scope, callee.name)?.functions ?? []);
  }
  return all;
}
