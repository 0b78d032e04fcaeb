/*
 * The statements of a function without their `return`, so that they can stand in the middle of another one.
 *
 * Input: statements, and what a returned value becomes. Output: statements that do the same and run on to
 * their end. Invariant: after the place of a `return` nothing of the function is evaluated any more.
 */
import ts from "typescript";
import { isOwner } from "./scope";

const make = ts.factory;

export interface Ending {
  /** Statements in the place of `return value`. */
  give: (value: ts.Expression | undefined) => ts.Statement[];
  /** A variable that says that a loop was left by a `return`; asked for once it is needed. */
  left: () => ts.Identifier;
}

export function hasReturn(node: ts.Node): boolean {
  if (ts.isReturnStatement(node)) return true;
  if (isOwner(node)) return false;
  return ts.forEachChild(node, (child) => hasReturn(child) || undefined) === true;
}

function isLoop(node: ts.Node): node is ts.ForStatement | ts.WhileStatement | ts.DoStatement | ts.ForInStatement {
  return ts.isForStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node) || ts.isForInStatement(node);
}

function listOf(node: ts.Statement | undefined): readonly ts.Statement[] {
  if (node === undefined) return [];
  return ts.isBlock(node) ? node.statements : [node];
}

/** Every way through ends in a return. */
export function alwaysReturns(list: readonly ts.Statement[]): boolean {
  return list.some((one) => ts.isReturnStatement(one) || (ts.isBlock(one) && alwaysReturns(one.statements)) ||
    (ts.isIfStatement(one) && one.elseStatement !== undefined && alwaysReturns(listOf(one.thenStatement)) && alwaysReturns(listOf(one.elseStatement))));
}

/** Whether withoutReturns knows how to treat every return here. */
export function canBeInlined(node: ts.Node, inLoop = false): boolean {
  return ts.forEachChild(node, (child) => {
    if (isOwner(child)) return "no";
    if (!hasReturn(child)) return undefined;
    if (ts.isSwitchStatement(child) || ts.isTryStatement(child)) return "no";
    if (isLoop(child)) return inLoop || !canBeInlined(child, true) ? "no" : undefined;
    return canBeInlined(child, inLoop) ? undefined : "no";
  }) === undefined && !hasFunction(node);
}

function hasFunction(node: ts.Node): boolean {
  return ts.forEachChild(node, (child) => isOwner(child) || hasFunction(child) || undefined) === true;
}

function withBody(loop: ts.Statement, body: ts.Statement): ts.Statement {
  if (ts.isForStatement(loop)) return make.updateForStatement(loop, loop.initializer, loop.condition, loop.incrementor, body);
  if (ts.isWhileStatement(loop)) return make.updateWhileStatement(loop, loop.expression, body);
  if (ts.isDoStatement(loop)) return make.updateDoStatement(loop, body, loop.expression);
  if (ts.isForInStatement(loop)) return make.updateForInStatement(loop, loop.initializer, loop.expression, body);
  throw new Error("no loop");
}

/** `inLoop`: these statements are the body of a loop, which a return has to leave as well. */
export function withoutReturns(list: readonly ts.Statement[], ending: Ending, inLoop = false): ts.Statement[] {
  const result: ts.Statement[] = [];
  for (let index = 0; index < list.length; index++) {
    const one = list[index]!;
    const rest = list.slice(index + 1);
    if (ts.isReturnStatement(one)) {
      result.push(...ending.give(one.expression).map((given) => ts.setSourceMapRange(given, ts.getSourceMapRange(one))));
      if (inLoop) result.push(make.createExpressionStatement(make.createAssignment(ending.left(), make.createTrue())), make.createBreakStatement());
      return result;
    }
    if (!hasReturn(one)) {
      result.push(one);
      continue;
    }
    if (ts.isBlock(one)) return [...result, ...withoutReturns([...one.statements, ...rest], ending, inLoop)];
    if (ts.isIfStatement(one)) {
      const yes = listOf(one.thenStatement);
      const no = listOf(one.elseStatement);
      const block = (statements: readonly ts.Statement[]): ts.Block => make.createBlock(withoutReturns(statements, ending, inLoop), true);
      if (alwaysReturns(yes) || rest.length === 0 || inLoop) {
        // In a loop a return ends in a break, so what follows needs no else.
        const after = inLoop ? no : [...no, ...rest];
        result.push(ts.setSourceMapRange(make.createIfStatement(one.expression, block(yes), after.length === 0 ? undefined : block(after)), ts.getSourceMapRange(one)));
        if (!inLoop) return result;
        continue;
      }
      if (alwaysReturns(no)) return [...result, ts.setSourceMapRange(make.createIfStatement(one.expression, block([...yes, ...rest]), block(no)), ts.getSourceMapRange(one))];
      // Some ways through the branches return: what follows is the end of the others, once more for each.
      throw new NotStructured();
    }
    if (isLoop(one)) {
      result.push(withBody(one, make.createBlock(withoutReturns(listOf(one.statement), ending, true), true)));
      if (rest.length > 0) result.push(make.createIfStatement(make.createLogicalNot(ending.left()), make.createBlock(withoutReturns(rest, ending, inLoop), true)));
      return result;
    }
    throw new NotStructured();
  }
  return result;
}

/** A form of function that this does not know; it stays a function. */
export class NotStructured extends Error {}
