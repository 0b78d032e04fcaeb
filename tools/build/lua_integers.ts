/*
 * Keeps every number of the Lua 5.3 form a whole number.
 *
 * Input: TypeScript nodes, as the Lua compiler visits them. Output: integer operations of Lua 5.3, or an
 * error with file and line. NodeMCU's default build has 32-bit integers and single floats: a quotient
 * that passes through a float is wrong from 2^24 on (1,795,424,192 / 65,536 rounds up to 27,396).
 * Invariant: nothing that passes here makes a float; operands are whole numbers below 2^31, as in all of
 * firmware/. Lua 5.1 has doubles and needs none of this.
 */
import ts from "typescript";
import * as tstl from "typescript-to-lua";

const INTEGER_MAX = 2147483647;
/** Functions of Math that give whole numbers for whole numbers; floor also takes what a module of NodeMCU gave. */
const WHOLE = ["abs", "ceil", "floor", "max", "min"];

function refuse(node: ts.Node, context: tstl.TransformationContext, text: string): void {
  context.diagnostics.push({
    category: ts.DiagnosticCategory.Error, code: 0, file: context.sourceFile,
    start: node.getStart(context.sourceFile), length: node.getWidth(context.sourceFile), messageText: text,
  });
}

function bare(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) ? bare(node.expression) : node;
}

function quotientOf(node: ts.Expression | undefined): ts.BinaryExpression | undefined {
  const inner = node === undefined ? undefined : bare(node);
  return inner !== undefined && ts.isBinaryExpression(inner) && inner.operatorToken.kind === ts.SyntaxKind.SlashToken ? inner : undefined;
}

function negative(value: tstl.Expression): tstl.Expression {
  return tstl.createUnaryExpression(value, tstl.SyntaxKind.NegationOperator);
}

/** 2^n as 1 << n, for powers of a power of two that stands there as a number; undefined for others. */
function powerOf(base: ts.Expression, exponent: ts.Expression, context: tstl.TransformationContext): tstl.Expression | undefined {
  const bits = ts.isNumericLiteral(base) ? Math.log2(Number(base.text)) : -1;
  if (!Number.isInteger(bits) || bits < 1) return undefined;
  const given = context.transformExpression(exponent);
  const places = bits === 1 ? given : tstl.createBinaryExpression(tstl.createNumericLiteral(bits), given, tstl.SyntaxKind.MultiplicationOperator);
  return tstl.createBinaryExpression(tstl.createNumericLiteral(1), places, tstl.SyntaxKind.BitwiseLeftShiftOperator);
}

function callOf(node: ts.CallExpression, context: tstl.TransformationContext): tstl.Expression {
  const callee = node.expression;
  if (!ts.isPropertyAccessExpression(callee) || callee.expression.getText(context.sourceFile) !== "Math") return context.superTransformExpression(node);
  const name = callee.name.text;
  const quotient = quotientOf(node.arguments[0]);
  if (quotient !== undefined && (name === "floor" || name === "ceil")) {
    const left = context.transformExpression(quotient.left);
    const right = context.transformExpression(quotient.right);
    // Lua's // rounds down; -(-a // b) rounds up.
    if (name === "floor") return tstl.createBinaryExpression(left, right, tstl.SyntaxKind.FloorDivisionOperator);
    return negative(tstl.createBinaryExpression(negative(left), right, tstl.SyntaxKind.FloorDivisionOperator));
  }
  const power = name === "pow" ? powerOf(node.arguments[0]!, node.arguments[1]!, context) : undefined;
  if (power !== undefined) return power;
  if (!WHOLE.includes(name)) refuse(node, context, `Math.${name} makes a float here; Lua's single floats are not exact`);
  return context.superTransformExpression(node);
}

function operationOf(node: ts.BinaryExpression, context: tstl.TransformationContext): tstl.Expression {
  const kind = node.operatorToken.kind;
  if (kind === ts.SyntaxKind.SlashToken || kind === ts.SyntaxKind.SlashEqualsToken) refuse(node, context, "a quotient without Math.floor is a single float in Lua 5.3");
  return context.superTransformExpression(node);
}

function literalOf(node: ts.NumericLiteral, context: tstl.TransformationContext): tstl.Expression {
  const value = Number(node.text);
  if (!Number.isInteger(value) || value > INTEGER_MAX) refuse(node, context, `${node.getText(context.sourceFile)} is no whole number below 2^31`);
  return context.superTransformExpression(node);
}

/** The plugin of typescript-to-lua for target 5.3. */
export const wholeNumbers: tstl.Plugin = {
  visitors: {
    [ts.SyntaxKind.CallExpression]: callOf,
    [ts.SyntaxKind.BinaryExpression]: operationOf,
    [ts.SyntaxKind.NumericLiteral]: literalOf,
  },
};
