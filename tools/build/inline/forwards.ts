/*
 * Puts what a function forwards to into the places that call it.
 *
 * Input: the ES5 text of a bundle before it is minified. Output: the same without functions of the form
 * `function f(a, b) { return <address>(a, b); }`, among them the stubs of parts (overlays.ts): a call `f(x, y)` is
 * `<address>(x, y)` there. Invariants: only where no argument calls or changes anything, because the address is
 * evaluated before them, and a part that was fetched must not wait for another one; a function with a call that does
 * not fit stays, for all its calls.
 */
import ts from "typescript";
import { changed, type MappedText } from "../mapped";
import { localsAround, namesIn, usesOf } from "./scope";

const make = ts.factory;

function isPure(node: ts.Node): boolean {
  if (ts.isCallExpression(node) || ts.isNewExpression(node) || ts.isFunctionExpression(node) || ts.isPostfixUnaryExpression(node) || ts.isDeleteExpression(node)) return false;
  if (ts.isPrefixUnaryExpression(node) && (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)) return false;
  if (ts.isBinaryExpression(node) && node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment && node.operatorToken.kind <= ts.SyntaxKind.LastAssignment) return false;
  return ts.forEachChild(node, (child) => !isPure(child) || undefined) !== true;
}

/** A name, a field of an address, or an address that is called with texts. */
function isAddress(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return isAddress(node.expression);
  if (ts.isCallExpression(node)) return isAddress(node.expression) && node.arguments.every((one) => ts.isStringLiteral(one));
  return ts.isIdentifier(node);
}

/** The target of a function that only forwards, when it names none of the parameters. */
function addressOf(node: ts.FunctionDeclaration): ts.Expression | undefined {
  const [only, ...more] = node.body?.statements ?? [];
  if (only === undefined || more.length > 0 || !ts.isReturnStatement(only) || only.expression === undefined || !ts.isCallExpression(only.expression)) return undefined;
  const { expression, arguments: given } = only.expression;
  const parameters = node.parameters.map((one) => (one.name as ts.Identifier).text);
  if (given.length !== parameters.length || given.some((one, index) => !ts.isIdentifier(one) || one.text !== parameters[index])) return undefined;
  return isAddress(expression) && !namesIn(expression).some((name) => parameters.includes(name)) ? expression : undefined;
}

/** Whether `call` is in an argument of another forward's call, which would no longer fit. */
function isWithinCall(call: ts.CallExpression, known: ReadonlyMap<string, unknown>): boolean {
  for (let one: ts.Node = call.parent; ts.isExpression(one); one = one.parent) if (ts.isCallExpression(one) && ts.isIdentifier(one.expression) && known.has(one.expression.text)) return true;
  return false;
}

/** The calls of `file` that go elsewhere, by their callee, with the address; and the functions that nothing calls then. */
function plan(file: ts.SourceFile): { gone: Set<ts.Node>; addresses: Map<string, ts.Expression>; forwards: Map<ts.Node, string> } {
  const uses = usesOf(file);
  const known = new Map<string, ts.Expression>();
  for (const one of file.statements) {
    const address = ts.isFunctionDeclaration(one) ? addressOf(one) : undefined;
    if (address !== undefined) known.set((one as ts.FunctionDeclaration).name!.text, address);
  }
  const gone = new Set<ts.Node>();
  const addresses = new Map<string, ts.Expression>();
  const forwards = new Map<ts.Node, string>();
  for (const one of file.statements) {
    if (!ts.isFunctionDeclaration(one) || one.name === undefined) continue;
    const address = known.get(one.name.text);
    const { calls, values } = uses.get(one.name.text)!;
    if (address === undefined || values > 0 || calls.length === 0) continue;
    const names = namesIn(address);
    const fits = (call: ts.CallExpression): boolean => {
      const around = localsAround(call);
      return call.arguments.length === one.parameters.length && call.arguments.every(isPure) && !names.some((name) => around.has(name)) && !isWithinCall(call, known);
    };
    if (!calls.every(fits)) continue;
    gone.add(one);
    addresses.set(one.name.text, address);
    for (const call of calls) forwards.set(call.expression, one.name.text);
  }
  return { gone, addresses, forwards };
}

/** A text whose calls go where they end. */
export function inlineForwards(text: MappedText): MappedText {
  return changed(text, (file, context) => {
    const { gone, addresses, forwards } = plan(file);
    const copy = (node: ts.Expression): ts.Expression => {
      // A function that forwards to one that forwards.
      if (ts.isIdentifier(node)) return addresses.has(node.text) ? copy(addresses.get(node.text)!) : make.createIdentifier(node.text);
      if (ts.isPropertyAccessExpression(node)) return make.createPropertyAccessExpression(copy(node.expression), (node.name as ts.Identifier).text);
      if (ts.isCallExpression(node)) return make.createCallExpression(copy(node.expression), undefined, node.arguments.map((one) => make.createStringLiteral((one as ts.StringLiteral).text)));
      throw new Error("no address");
    };
    const visit = (node: ts.Node): ts.VisitResult<ts.Node | undefined> => {
      if (gone.has(node)) return undefined;
      const name = forwards.get(node);
      return name === undefined ? ts.visitEachChild(node, visit, context) : ts.setSourceMapRange(copy(addresses.get(name)!), node);
    };
    return ts.visitEachChild(file, visit, context);
  });
}
