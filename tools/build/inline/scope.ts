/*
 * Scopes for the inliner: a function's own variables, and which of them ever change.
 *
 * Input: a function of ES5 text, as TypeScript's syntax tree. Output: names, and where functions are used. Invariants:
 * names of fields are never taken for names of variables; a variable of a function hides what the text calls so.
 */
import ts from "typescript";

/** A function of any form that has a body of statements. */
export type Owner = ts.FunctionDeclaration | ts.FunctionExpression;

export function isOwner(node: ts.Node): node is Owner {
  return ts.isFunctionDeclaration(node) || ts.isFunctionExpression(node);
}

/** Whether this identifier stands for a variable, and is not the name of a field. */
export function isVariable(node: ts.Identifier): boolean {
  const parent = node.parent;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  return true;
}

/** Calls `look` on every node of a function but those of functions inside it. */
export function walkOwn(node: ts.Node, look: (node: ts.Node) => void): void {
  ts.forEachChild(node, (child) => {
    look(child);
    if (!isOwner(child)) walkOwn(child, look);
  });
}

/** Parameters and variables of a function, and those variables that begin without a value. */
export function localsOf(owner: Owner): { parameters: string[]; variables: string[]; empty: string[] } {
  const parameters = owner.parameters.map((one) => (one.name as ts.Identifier).text);
  const variables: string[] = [];
  const empty: string[] = [];
  walkOwn(owner, (node) => {
    if (!ts.isVariableDeclaration(node)) return;
    const name = (node.name as ts.Identifier).text;
    if (!variables.includes(name) && !parameters.includes(name)) variables.push(name);
    if (node.initializer === undefined && !ts.isForInStatement(node.parent.parent)) empty.push(name);
  });
  return { parameters, variables, empty };
}

const SETS = new Set([ts.SyntaxKind.EqualsToken, ts.SyntaxKind.PlusEqualsToken, ts.SyntaxKind.MinusEqualsToken, ts.SyntaxKind.AsteriskEqualsToken,
  ts.SyntaxKind.SlashEqualsToken, ts.SyntaxKind.PercentEqualsToken, ts.SyntaxKind.BarEqualsToken, ts.SyntaxKind.AmpersandEqualsToken]);

/** How often each variable is given a value in a function; one that a function inside it uses counts as ever changing. */
export function settingsOf(owner: Owner): Map<string, number> {
  const count = new Map<string, number>();
  const add = (name: string, times: number): void => { count.set(name, (count.get(name) ?? 0) + times); };
  const look = (node: ts.Node, inside: boolean): void => {
    if (inside && ts.isIdentifier(node) && isVariable(node)) add(node.text, 2);
    if (ts.isVariableDeclaration(node) && (node.initializer !== undefined || ts.isForInStatement(node.parent.parent))) add((node.name as ts.Identifier).text, 1);
    if (ts.isBinaryExpression(node) && SETS.has(node.operatorToken.kind) && ts.isIdentifier(node.left)) add(node.left.text, 1);
    if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && ts.isIdentifier(node.operand) &&
      (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)) add(node.operand.text, 2);
    ts.forEachChild(node, (child) => look(child, inside || isOwner(child)));
  };
  if (owner.body !== undefined) ts.forEachChild(owner.body, (child) => look(child, isOwner(child)));
  return count;
}

/** The names that are read or set below `node`, those of its own variables among them. */
export function namesIn(node: ts.Node): string[] {
  if (ts.isIdentifier(node)) return isVariable(node) ? [node.text] : [];
  const names: string[] = [];
  ts.forEachChild(node, (child) => { names.push(...namesIn(child)); });
  return names;
}

/** Where a function of the top is called, and how often it is used as a value. */
export interface Uses { calls: ts.CallExpression[]; values: number }

/** The names that are variables of the functions around `node`. */
export function localsAround(node: ts.Node): Set<string> {
  const names = new Set<string>();
  for (let one: ts.Node | undefined = node; one !== undefined; one = one.parent) {
    if (!isOwner(one)) continue;
    const { parameters, variables } = localsOf(one);
    for (const name of [...parameters, ...variables]) names.add(name);
  }
  return names;
}

/** The uses of each function that `file` declares at its top. */
export function usesOf(file: ts.SourceFile): Map<string, Uses> {
  const found = new Map<string, Uses>();
  for (const one of file.statements) if (ts.isFunctionDeclaration(one) && one.name !== undefined) found.set(one.name.text, { calls: [], values: 0 });
  const look = (node: ts.Node, hidden: ReadonlySet<string>): void => {
    if (ts.isIdentifier(node) && isVariable(node) && !hidden.has(node.text) && !(ts.isFunctionDeclaration(node.parent) && node.parent.name === node)) {
      const entry = found.get(node.text);
      if (entry !== undefined) {
        if (ts.isCallExpression(node.parent) && node.parent.expression === node) entry.calls.push(node.parent);
        else entry.values++;
      }
    }
    const within = isOwner(node) ? localsAround(node) : hidden;
    ts.forEachChild(node, (child) => look(child, within));
  };
  look(file, new Set());
  return found;
}
