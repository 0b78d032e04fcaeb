/*
 * Puts constants into the places that read them.
 *
 * Input: the ES5 text of a bundle before it is minified. Output: the same without `var NAME = literal` at
 * the top. Each would take the interpreter a variable or two for as long as the module is in memory; in the text
 * they cost nothing. The minifier would do it, but cannot once variables are declared ahead of their values, as
 * the interpreter needs. Numbers that are worked out of others go the same way. Invariant: a long text that is read in
 * several places stays one.
 */
import ts from "typescript";
import { changed, type MappedText } from "../mapped";
import { isVariable } from "./scope";

const make = ts.factory;
/** A text up to this long may stand in every place that reads it. */
const TEXT_CHARACTERS_MAX = 12;

type Literal = ts.NumericLiteral | ts.StringLiteral | ts.PrefixUnaryExpression;

function isLiteral(node: ts.Expression | undefined): node is Literal {
  if (node === undefined) return false;
  return ts.isNumericLiteral(node) || ts.isStringLiteral(node) || (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.MinusToken && ts.isNumericLiteral(node.operand));
}

/** The value of an expression of numbers; undefined for any other. */
function valueOf(node: ts.Expression): number | undefined {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isParenthesizedExpression(node)) return valueOf(node.expression);
  if (ts.isCallExpression(node)) return node.expression.getText() === "Math.floor" && node.arguments.length === 1 ? rounded(valueOf(node.arguments[0]!)) : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const left = valueOf(node.left);
  const right = valueOf(node.right);
  if (left === undefined || right === undefined) return undefined;
  switch (node.operatorToken.kind) {
    case ts.SyntaxKind.PlusToken: return left + right;
    case ts.SyntaxKind.MinusToken: return left - right;
    case ts.SyntaxKind.AsteriskToken: return left * right;
    case ts.SyntaxKind.SlashToken: return left / right;
    default: return undefined;
  }
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.floor(value);
}

/** The literal that an initializer is, or is worth: a whole number that is not negative. */
function literalOf(node: ts.Expression | undefined): Literal | undefined {
  if (isLiteral(node)) return node;
  const value = node === undefined ? undefined : valueOf(node);
  return value !== undefined && Number.isSafeInteger(value) && value >= 0 ? make.createNumericLiteral(value) : undefined;
}

/** Names of the top that are set once, to a literal, and nowhere declared again. */
function constantsOf(file: ts.SourceFile): Map<string, Literal> {
  const found = new Map<string, Literal>();
  const twice = new Set<string>();
  const declared = new Set<string>();
  for (const one of file.statements) {
    if (!ts.isVariableStatement(one)) continue;
    for (const declaration of one.declarationList.declarations) {
      const name = (declaration.name as ts.Identifier).text;
      if (declared.has(name)) twice.add(name);
      declared.add(name);
      const literal = literalOf(declaration.initializer);
      if (literal !== undefined) found.set(name, literal);
    }
  }
  for (const name of twice) found.delete(name);
  const reads = new Map<string, number>();
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node) && found.has(node.text) && isVariable(node)) {
      const parent = node.parent;
      const isTop = ts.isVariableDeclaration(parent) && parent.name === node && ts.isSourceFile(parent.parent.parent.parent);
      const isRead = !(ts.isVariableDeclaration(parent) && parent.name === node) && !ts.isParameter(parent) && !(ts.isFunctionDeclaration(parent) && parent.name === node) &&
        !((ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent)) && (parent.operator === ts.SyntaxKind.PlusPlusToken || parent.operator === ts.SyntaxKind.MinusMinusToken)) &&
        !(ts.isBinaryExpression(parent) && parent.left === node && parent.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && parent.operatorToken.kind <= ts.SyntaxKind.LastAssignment) &&
        !(ts.isForInStatement(parent) && parent.initializer === node);
      if (isRead) reads.set(node.text, (reads.get(node.text) ?? 0) + 1);
      else if (!isTop) found.delete(node.text);
    }
    ts.forEachChild(node, look);
  };
  look(file);
  for (const [name, literal] of found) if (ts.isStringLiteral(literal) && literal.text.length > TEXT_CHARACTERS_MAX && (reads.get(name) ?? 0) > 1) found.delete(name);
  return found;
}

/** A literal for the place of `node`, where it stands in the source map too. */
function copyOf(literal: Literal, node: ts.Node): ts.Expression {
  return ts.setSourceMapRange(literalLike(literal), node);
}

function literalLike(literal: Literal): ts.Expression {
  if (ts.isPrefixUnaryExpression(literal)) return make.createParenthesizedExpression(make.createPrefixUnaryExpression(ts.SyntaxKind.MinusToken, make.createNumericLiteral((literal.operand as ts.NumericLiteral).text)));
  return ts.isNumericLiteral(literal) ? make.createNumericLiteral(literal.text) : make.createStringLiteral(literal.text);
}

/** A text whose short constants stand where they are read. */
export function inlineConstants(text: MappedText): MappedText {
  // Twice: what is worked out of constants is one, once these stand in it.
  return inlined(inlined(text));
}

function inlined(text: MappedText): MappedText {
  return changed(text, (file, context) => {
    const constants = constantsOf(file);
    const visit = (node: ts.Node): ts.VisitResult<ts.Node | undefined> => {
      if (ts.isIdentifier(node) && isVariable(node)) {
        const literal = constants.get(node.text);
        return literal === undefined ? node : copyOf(literal, node);
      }
      if (ts.isVariableDeclaration(node)) {
        if (ts.isSourceFile(node.parent.parent.parent) && constants.has((node.name as ts.Identifier).text)) return undefined;
        return make.updateVariableDeclaration(node, node.name, undefined, undefined, node.initializer === undefined ? undefined : ts.visitNode(node.initializer, visit) as ts.Expression);
      }
      const result = ts.visitEachChild(node, visit, context);
      return ts.isVariableStatement(result) && result.declarationList.declarations.length === 0 ? undefined : result;
    };
    return ts.visitEachChild(file, visit, context);
  });
}
