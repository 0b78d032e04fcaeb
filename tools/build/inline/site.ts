/*
 * Where a call stands, and whether its function's statements could stand there instead.
 *
 * Input: a call in a function. Output: the statement to put them in front of, or nothing. Invariant: nothing
 * that the statement evaluates before the call could be changed by it: the order of all effects stays.
 */
import ts from "typescript";
import { locksOf } from "../lock_faults";
import { isOwner } from "./scope";
import type { Owner } from "./scope";

export interface Site {
  call: ts.CallExpression;
  statement: ts.Statement;
  owner: Owner;
  /** The call is not reached in each pass of its function. */
  conditional: boolean;
}

/** Worth the same before and after the call, or the address of something that never moves: a constant, a local, a port's function. */
function isStable(node: ts.Expression): boolean {
  return ts.isNumericLiteral(node) || ts.isStringLiteral(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword || ts.isIdentifier(node);
}

function isAddress(node: ts.Expression): boolean {
  return ts.isIdentifier(node) || (ts.isPropertyAccessExpression(node) && isAddress(node.expression));
}

/** Whether `child` is evaluated in each evaluation of `parent`, with nothing before it that counts. */
function comesFirst(parent: ts.Node, child: ts.Node): boolean {
  if (ts.isParenthesizedExpression(parent) || ts.isPrefixUnaryExpression(parent) || ts.isPropertyAccessExpression(parent)) return true;
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind;
    if (parent.left === child) return true;
    if (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken || operator === ts.SyntaxKind.CommaToken) return false;
    if (operator === ts.SyntaxKind.EqualsToken) return ts.isIdentifier(parent.left) || (ts.isPropertyAccessExpression(parent.left) && ts.isIdentifier(parent.left.expression));
    return isStable(parent.left);
  }
  if (ts.isConditionalExpression(parent)) return parent.condition === child;
  if (ts.isCallExpression(parent)) {
    if (parent.expression === child) return true;
    const before = parent.arguments.slice(0, parent.arguments.indexOf(child as ts.Expression));
    return isAddress(parent.expression) && before.every(isStable);
  }
  return false;
}

/** The place of a call; undefined where no statement can stand before it. */
export function siteOf(call: ts.CallExpression): Site | undefined {
  let node: ts.Node = call;
  while (ts.isExpression(node.parent)) {
    if (!comesFirst(node.parent, node)) return undefined;
    node = node.parent;
  }
  let statement = node.parent;
  if (ts.isVariableDeclaration(statement)) {
    const list = statement.parent;
    // Of several declarations in a row, those before it would come after it.
    if (!ts.isVariableDeclarationList(list) || list.declarations[0] !== statement || !ts.isVariableStatement(list.parent)) return undefined;
    statement = list.parent;
  }
  const fits = ts.isExpressionStatement(statement) || ts.isVariableStatement(statement) || ts.isReturnStatement(statement) ||
    (ts.isIfStatement(statement) && statement.expression === node);
  if (!fits) return undefined;
  let conditional = false;
  let outer: ts.Node = statement.parent;
  let inner: ts.Node = statement;
  while (!isOwner(outer)) {
    if (ts.isSourceFile(outer)) return undefined;
    if (!ts.isBlock(outer) || !isOwner(outer.parent)) conditional = true;
    if (ts.isTryStatement(outer) && outer.tryBlock !== inner) return undefined;
    inner = outer;
    outer = outer.parent;
  }
  return { call, statement: statement as ts.Statement, owner: outer, conditional };
}

const LOOPS = new Map([[ts.SyntaxKind.ForStatement, "ForStatement"], [ts.SyntaxKind.WhileStatement, "WhileStatement"], [ts.SyntaxKind.DoStatement, "DoWhileStatement"], [ts.SyntaxKind.ForInStatement, "ForInStatement"]]);

/** Locks (lock_faults.ts) of the loops around a call and, one inside the other, of those of the statements that would come there. */
export function locksAt(site: Site, statements: ts.Block): number {
  const own = (node: ts.Node): number => locksOf(LOOPS.get(node.kind) ?? "");
  const within = (node: ts.Node): number => {
    let most = 0;
    ts.forEachChild(node, (child) => { if (!isOwner(child)) most = Math.max(most, within(child)); });
    return own(node) + most;
  };
  let around = 0;
  for (let node: ts.Node = site.statement; node !== site.owner; node = node.parent) around += own(node);
  return around + within(statements);
}
