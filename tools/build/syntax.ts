/*
 * Walking acorn's syntax trees.
 *
 * Input: a node. Output: its children, and the names that run when it runs. Invariant: a property's name
 * behind a dot is not a name in this sense.
 */
import type { AnyNode } from "acorn";

function isNode(value: unknown): value is AnyNode {
  return typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string";
}

export function children(node: AnyNode): AnyNode[] {
  const found: AnyNode[] = [];
  for (const value of Object.values(node) as unknown[]) {
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found;
}

export function isFunction(node: AnyNode): boolean {
  return node.type === "FunctionDeclaration" || node.type === "FunctionExpression";
}

/** Names read or called when `node` runs; bodies of functions it only makes are left out, unless called on the spot. */
export function namesUsed(node: AnyNode): string[] {
  const names: string[] = [];
  const visit = (one: AnyNode, parent: AnyNode | undefined): void => {
    if (one.type === "Identifier") {
      const isLabelOfField = parent !== undefined &&
        ((parent.type === "MemberExpression" && parent.property === one && !parent.computed) ||
          (parent.type === "Property" && parent.key === one && !parent.computed) ||
          (parent.type === "VariableDeclarator" && parent.id === one));
      if (!isLabelOfField) names.push(one.name);
      return;
    }
    if (isFunction(one) && one !== node) {
      // Called on the spot, it runs now, with names of its own.
      if (parent !== undefined && parent.type === "CallExpression" && parent.callee === one) names.push(...outerNames(one));
      return;
    }
    children(one).forEach((child) => visit(child, one));
  };
  visit(node, undefined);
  return names;
}

/** Names from outside that run when `code`, a function, is called: its parameters and own variables are not among them. */
export function outerNames(code: AnyNode): string[] {
  if (code.type !== "FunctionDeclaration" && code.type !== "FunctionExpression") return [];
  const own = new Set<string>();
  for (const parameter of code.params) if (parameter.type === "Identifier") own.add(parameter.name);
  const visit = (one: AnyNode): void => {
    if (one.type === "VariableDeclarator" && one.id.type === "Identifier") own.add(one.id.name);
    if (isFunction(one)) return;
    children(one).forEach(visit);
  };
  visit(code.body);
  return namesUsed(code.body).filter((name) => !own.has(name));
}
