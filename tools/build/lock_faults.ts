/*
 * Functions whose text the interpreter would never free.
 *
 * Input: the syntax tree of a finished bundle. Output: one line per fault. Invariant: it counts as the interpreter
 * does, which locks a function's text once for each call that is under way and for each place of a loop that it will
 * come back to, also in a branch that is only read over; a count that reached its end of 15 is never taken back, so
 * that of a module each loading would leave such a text behind (docs/PLATFORMS.md).
 */
import type { AnyNode } from "acorn";
import { children, isFunction } from "./syntax";

/** Places that a loop comes back to while it runs. */
const LOOP_LOCKS: { [type: string]: number } = { ForStatement: 4, WhileStatement: 3, DoWhileStatement: 3, ForInStatement: 2 };
/** One for the call, one that comes and goes while the text is read. */
const CALL_LOCKS = 2;
/** The count that is never taken back. */
const LOCKS_END = 15;
/** What the loops of one function may hold, one inside the other. */
export const NESTED_LOCKS_MAX = LOCKS_END - 1 - CALL_LOCKS;

export function locksOf(type: string): number {
  return LOOP_LOCKS[type] ?? 0;
}

/** The most that loops inside each other hold below `node`, functions made in it left out. */
function nestedLocks(node: AnyNode): number {
  const inner = children(node).filter((child) => !isFunction(child)).map(nestedLocks);
  return locksOf(node.type) + Math.max(0, ...inner);
}

/** Names that `node` calls, in functions made in it too. */
function calledIn(node: AnyNode): string[] {
  const own = node.type === "CallExpression" && node.callee.type === "Identifier" ? [node.callee.name] : [];
  return [...own, ...children(node).flatMap(calledIn)];
}

/** Whether the function `name` comes back to itself through the calls of others. */
function callsItself(name: string, calls: Map<string, string[]>): boolean {
  const reached = new Set<string>();
  const waiting = [...calls.get(name) ?? []];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === name) return true;
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...calls.get(next) ?? []);
  }
  return false;
}

/** Loops nested too deep, and functions that call themselves, whose depth nobody knows here. */
export function lockFaults(tree: AnyNode): string[] {
  const faults: string[] = [];
  const calls = new Map<string, string[]>();
  const visit = (node: AnyNode, name: string): void => {
    if (node.type === "FunctionDeclaration" || node.type === "FunctionExpression") {
      const own = node.id?.name ?? name;
      if (own !== "") calls.set(own, calledIn(node.body));
      const locks = CALL_LOCKS + nestedLocks(node.body);
      if (locks >= LOCKS_END) faults.push(`loops of ${own === "" ? "a function without a name" : own} lie so deep in each other that its text would never be freed (${String(locks)} locks of ${String(LOCKS_END - 1)})`);
    }
    const given = node.type === "VariableDeclarator" && node.id.type === "Identifier" ? node.id.name :
      node.type === "AssignmentExpression" && node.left.type === "MemberExpression" && node.left.property.type === "Identifier" ? node.left.property.name : "";
    children(node).forEach((child) => visit(child, given));
  };
  visit(tree, "");
  for (const name of calls.keys()) if (callsItself(name, calls)) faults.push(`${name} calls itself: each call under way locks its text once more, and at fifteen it would never be freed`);
  return faults;
}
