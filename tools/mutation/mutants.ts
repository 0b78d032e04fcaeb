/*
 * Every small defect that can be made in one source file, one at a time.
 *
 * Input: the file's text. Output: places with what stands there and what is put there instead. Invariants: pure; types, imports,
 * texts for people and checks of programmer errors (`invariant`) are left alone; the order is that of the file.
 */
import ts from "typescript";

export interface Mutant {
  start: number;
  end: number;
  before: string;
  after: string;
  /** From 1. */
  line: number;
  operator: string;
  /** The expression or statement around it. */
  wholeStart: number;
  wholeEnd: number;
  /** It is carried out once, when the module is loaded. */
  isStatic: boolean;
}

const BINARY: Partial<Record<ts.SyntaxKind, string[]>> = {
  [ts.SyntaxKind.LessThanToken]: ["<="], [ts.SyntaxKind.LessThanEqualsToken]: ["<"],
  [ts.SyntaxKind.GreaterThanToken]: [">="], [ts.SyntaxKind.GreaterThanEqualsToken]: [">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ["!=="], [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ["==="],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ["||"], [ts.SyntaxKind.BarBarToken]: ["&&"],
  [ts.SyntaxKind.PlusToken]: ["-"], [ts.SyntaxKind.MinusToken]: ["+"], [ts.SyntaxKind.AsteriskToken]: ["/"], [ts.SyntaxKind.SlashToken]: ["*"],
  [ts.SyntaxKind.PlusEqualsToken]: ["-="], [ts.SyntaxKind.MinusEqualsToken]: ["+="],
};

/** A sum of texts: a minus in it would be noticed by anything, and would flatter the figure. */
function isText(node: ts.Expression): boolean {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return true;
  if (ts.isParenthesizedExpression(node)) return isText(node.expression);
  if (ts.isCallExpression(node)) return /^(u8|u16|u32|u48|blank|padded|String|cbor\w*|hexOf|substring|fromCharCode|toString|join)$/.test(calledName(node));
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken && (isText(node.left) || isText(node.right));
}

function calledName(node: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(node.expression) ? node.expression.name.text : node.expression.getText();
}

function isLeftAlone(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ||
    (ts.isCallExpression(node) && calledName(node) === "invariant");
}

/** An assignment to a destructured or optional place, or a property's name, is not an expression that can be put in brackets. */
function isName(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node || ts.isEnumMember(node.parent);
}

function isStatic(node: ts.Node): boolean {
  for (let one: ts.Node | undefined = node; one !== undefined; one = one.parent) if (ts.isFunctionLike(one)) return false;
  return true;
}

/** All defects of the file `path` with this text. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: Mutant[] = [];
  const add = (node: ts.Node, after: string, operator: string, whole = node): void => {
    const start = node.getStart(source);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    found.push({ start, end: node.end, before: text.slice(start, node.end), after, line, operator, wholeStart: whole.getStart(source), wholeEnd: whole.end, isStatic: isStatic(node) });
  };
  const visit = (node: ts.Node): void => {
    if (isLeftAlone(node)) return;
    if (ts.isBinaryExpression(node)) {
      const isSum = [ts.SyntaxKind.PlusToken, ts.SyntaxKind.PlusEqualsToken].includes(node.operatorToken.kind);
      if (!isSum || !(isText(node.left) || isText(node.right))) for (const after of BINARY[node.operatorToken.kind] ?? []) add(node.operatorToken, after, "operator", node);
    } else if (ts.isNumericLiteral(node)) {
      if (!isName(node)) add(node, String(Number(node.text) + 1), "number");
    } else if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      add(node, node.kind === ts.SyntaxKind.TrueKeyword ? "false" : "true", "boolean");
    } else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
      add(node, node.operand.getText(source), "negation");
    } else if (ts.isPostfixUnaryExpression(node) || ts.isPrefixUnaryExpression(node)) {
      const operand = node.operand.getText(source);
      if (node.operator === ts.SyntaxKind.PlusPlusToken) add(node, ts.isPostfixUnaryExpression(node) ? `${operand}--` : `--${operand}`, "step");
      else if (node.operator === ts.SyntaxKind.MinusMinusToken) add(node, ts.isPostfixUnaryExpression(node) ? `${operand}++` : `++${operand}`, "step");
    } else if (ts.isExpressionStatement(node) && (ts.isCallExpression(node.expression) || isAssignment(node.expression))) {
      if (!(ts.isCallExpression(node.expression) && ["invariant", "super"].includes(calledName(node.expression)))) add(node, ";", "statement");
    } else if (ts.isConditionalExpression(node)) {
      add(node, `${node.condition.getText(source)} ? ${node.whenFalse.getText(source)} : ${node.whenTrue.getText(source)}`, "arms");
    } else if (ts.isIfStatement(node)) {
      add(node.expression, "false", "condition");
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function isAssignment(node: ts.Expression): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment;
}

/** The text with the defect in it. */
export function mutated(text: string, mutant: Mutant): string {
  return text.slice(0, mutant.start) + mutant.after + text.slice(mutant.end);
}

/** The line of the defect before and after, for a reader. */
export function difference(text: string, mutant: Mutant): [string, string] {
  const begin = text.lastIndexOf("\n", mutant.start - 1) + 1;
  const ending = text.indexOf("\n", mutant.end);
  const end = ending < 0 ? text.length : ending;
  return [text.slice(begin, end).trim(), (text.slice(begin, mutant.start) + mutant.after + text.slice(mutant.end, end)).trim()];
}
