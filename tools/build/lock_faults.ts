/*
 * Functions whose text the interpreter would never free.
 *
 * Input: the syntax tree of a finished bundle. Output: one line per fault. Invariant: it counts as the interpreter
 * does, which locks a function's text once for each call that is under way and for each place of a loop that it will
 * come back to, also in a branch that is only read over; a count that reached its end of 15 is never taken back, so
 * that of a module each loading would leave such a text behind (docs/PLATFORMS.md).
 */
import type { AnyNode } from "acorn";
import { functionsOf } from "./scopes";
import type { NamedFunction } from "./scopes";
import { children, isFunction } from "./syntax";

/** Places that a loop comes back to while it runs. */
const LOOP_LOCKS: { [type: string]: number } = { ForStatement: 4, WhileStatement: 3, DoWhileStatement: 3, ForInStatement: 2 };
/** One for the call, one that comes and goes while the text is read. */
const CALL_LOCKS = 2;
/** The count that is never taken back. */
const LOCKS_END = 15;
/** The most locks that nested loops of one function may hold. */
export const NESTED_LOCKS_MAX = LOCKS_END - 1 - CALL_LOCKS;

export function locksOf(type: string): number {
  return LOOP_LOCKS[type] ?? 0;
}

/** The most that loops inside each other hold below `node`, functions made in it left out. */
function nestedLocks(node: AnyNode): number {
  const inner = children(node).filter((child) => !isFunction(child)).map(nestedLocks);
  return locksOf(node.type) + Math.max(0, ...inner);
}

/** Whether a function comes back to itself through the calls of others. */
function callsItself(one: NamedFunction): boolean {
  const reached = new Set<NamedFunction>();
  const waiting = [...one.calls];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (next === one) return true;
    if (reached.has(next)) continue;
    reached.add(next);
    waiting.push(...next.calls);
  }
  return false;
}

/** Loops nested too deep, and functions that call themselves, whose depth is unknown here. */
export function lockFaults(tree: AnyNode): string[] {
  const faults: string[] = [];
  for (const one of functionsOf(tree)) {
    const name = one.name === "" ? "a function without a name" : one.name;
    const locks = CALL_LOCKS + nestedLocks(one.node.body);
    if (locks >= LOCKS_END) faults.push(`loops of ${name} lie so deep in each other that its text would never be freed (${String(locks)} locks of ${String(LOCKS_END - 1)})`);
    if (callsItself(one)) faults.push(`${name} calls itself: each call under way locks its text once more, and at fifteen it would never be freed`);
  }
  return faults;
}
