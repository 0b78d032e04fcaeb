/*
 * Puts the statements of a function that is called in one place only into that place.
 *
 * Input: the ES5 text of a bundle before it is minified. Output: a text that does the same with fewer
 * functions. A function costs the interpreter five variables and one for each parameter, as long as its
 * module is in memory, while the length of its text costs nothing. Invariants: the order of all effects
 * stays (site.ts); a function marked @apart, one that is used as a value, and one whose form is not known
 * here stay functions, as does one whose loops would lie too deep there (lock_faults.ts); the variables of several such
 * functions in one place share their memory, as the frames of calls that follow each other would.
 */
import ts from "typescript";
import { NotStructured, alwaysReturns, canBeInlined, withoutReturns } from "./returns";
import { isOwner, isVariable, localsAround, localsOf, namesIn, settingsOf, usesOf } from "./scope";
import { NESTED_LOCKS_MAX } from "../lock_faults";
import { changed, type MappedText } from "../mapped";
import { locksAt, siteOf } from "./site";
import type { Site } from "./site";

const make = ts.factory;

/** The interpreter reads over a branch that it does not take: longer ones stay functions where they would be passed in vain at every tick. */
const CONDITIONAL_CHARACTERS_MAX = 500;

interface Plan { callee: ts.FunctionDeclaration; site: Site }

/** Whether a name from outside of `callee` would mean a variable at the place of its call. */
function meansOthers(callee: ts.FunctionDeclaration, site: Site): boolean {
  const { parameters, variables } = localsOf(callee);
  const around = localsAround(site.call);
  return namesIn(callee.body!).some((name) => around.has(name) && !parameters.includes(name) && !variables.includes(name));
}

/** Every function that may move as the text stands. Functions that move later are among these: a place that only comes to be by another move is not one. */
function plansIn(file: ts.SourceFile, eager: boolean): Plan[] {
  const all = usesOf(file);
  const plans: Plan[] = [];
  for (const callee of file.statements) {
    if (!ts.isFunctionDeclaration(callee) || callee.name === undefined || callee.body === undefined) continue;
    const uses = all.get(callee.name.text);
    if (uses === undefined || uses.calls.length !== 1 || uses.values > 0) continue;
    if (ts.getJSDocTags(callee).some((tag) => tag.tagName.text === "apart") || !canBeInlined(callee.body)) continue;
    const site = siteOf(uses.calls[0]!);
    if (site === undefined || site.call.arguments.length !== callee.parameters.length || site.owner === callee || meansOthers(callee, site)) continue;
    if (!eager && site.conditional && callee.body.getText().length > CONDITIONAL_CHARACTERS_MAX) continue;
    plans.push({ callee, site });
  }
  return plans;
}

function nameOf(plan: Plan): string {
  return plan.callee.name!.text;
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  return outer.pos <= inner.pos && inner.end <= outer.end;
}

/** Those whose own statements and arguments are final, one a statement. */
function readyPlans(plans: Plan[]): Plan[] {
  const ready = plans.filter((plan) => !plans.some((other) => other !== plan && (other.site.owner === plan.callee || contains(plan.site.call, other.site.call))));
  const first = (plan: Plan): boolean => ready.find((other) => contains(other.site.statement, plan.site.statement) || contains(plan.site.statement, other.site.statement)) === plan;
  return ready.filter(first);
}

/** `value` at the place of `name`, where an error in it is to be found. */
function standIn(value: ts.Expression, name: ts.Identifier): ts.Expression {
  return ts.isIdentifier(value) ? ts.setSourceMapRange(make.createIdentifier(value.text), name) : value;
}

/** A copy of `node` with other names for the variables, and expressions in the place of some. */
function renamed<T extends ts.Node>(node: T, names: Map<string, ts.Expression>): T {
  const visit = (context: ts.TransformationContext) => (one: ts.Node): ts.Node => {
    if (ts.isIdentifier(one) && isVariable(one) && names.has(one.text)) return standIn(names.get(one.text)!, one);
    // A loop's variables are declared once for the whole function that it moves into.
    if (ts.isVariableDeclarationList(one) && ts.isForStatement(one.parent)) return assignments(one, names, visit(context)) ?? make.createVoidZero();
    if (ts.isVariableDeclarationList(one) && ts.isForInStatement(one.parent)) return names.get((one.declarations[0]!.name as ts.Identifier).text)!;
    if (ts.isVariableStatement(one)) {
      const set = assignments(one.declarationList, names, visit(context));
      return set === undefined ? make.createEmptyStatement() : ts.setSourceMapRange(make.createExpressionStatement(set), one);
    }
    return ts.visitEachChild(one, visit(context), context);
  };
  const result = ts.transform(node, [(context) => (root) => visit(context)(root) as T]);
  return result.transformed[0]!;
}

function assignments(list: ts.VariableDeclarationList, names: Map<string, ts.Expression>, visit: (node: ts.Node) => ts.Node): ts.Expression | undefined {
  let set: ts.Expression | undefined;
  for (const one of list.declarations) {
    if (one.initializer === undefined) continue;
    const next = make.createAssignment(names.get((one.name as ts.Identifier).text)!, visit(one.initializer) as ts.Expression);
    set = set === undefined ? next : make.createComma(set, next);
  }
  return set;
}

function isConstant(node: ts.Expression): boolean {
  return ts.isNumericLiteral(node) || ts.isStringLiteral(node) || node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword ||
    (ts.isVoidExpression(node) && ts.isNumericLiteral(node.expression)) || (ts.isPrefixUnaryExpression(node) && ts.isNumericLiteral(node.operand));
}

const assign = (name: string, value: ts.Expression): ts.Statement => make.createExpressionStatement(make.createAssignment(make.createIdentifier(name), value));

/** The statements for the place of the call, what stands for its value, the variables that they need; `isWhole` when they replace the statement. */
function moved(plan: Plan, place: number): { statements: ts.Statement[]; value: ts.Expression | undefined; slots: string[]; isWhole: boolean } {
  const { callee, site } = plan;
  const { parameters, variables, empty } = localsOf(callee);
  const inOwner = localsOf(site.owner);
  const settings = settingsOf(callee);
  const settingsThere = settingsOf(site.owner);
  const names = new Map<string, ts.Expression>();
  const slots: string[] = [];
  const statements: ts.Statement[] = [];
  const slot = (name: string): string => {
    const own = `slot$${String(slots.length)}`;
    slots.push(own);
    names.set(name, make.createIdentifier(own));
    return own;
  };
  parameters.forEach((name, index) => {
    const given = site.call.arguments[index]!;
    const never = (settings.get(name) ?? 0) === 0;
    const isLasting = ts.isIdentifier(given) && !given.text.startsWith("slot$") && ((inOwner.parameters.includes(given.text) && (settingsThere.get(given.text) ?? 0) === 0) ||
      (inOwner.variables.includes(given.text) && settingsThere.get(given.text) === 1));
    if (never && (isConstant(given) || isLasting)) names.set(name, given);
    else statements.push(ts.setSourceMapRange(assign(slot(name), given), given));
  });
  for (const name of variables) {
    const own = slot(name);
    // Another function that stood here before may have left a value.
    if (empty.includes(name)) statements.push(assign(own, make.createVoidZero()));
  }
  const body = renamed(callee.body!, names).statements;
  const isAlone = ts.isExpressionStatement(site.statement) && site.statement.expression === site.call;
  const isTail = ts.isReturnStatement(site.statement) && site.statement.expression === site.call;
  if (isTail) {
    const end = alwaysReturns(callee.body!.statements) ? [] : [make.createReturnStatement()];
    return { statements: [...statements, ...body, ...end], value: undefined, slots, isWhole: true };
  }
  const value = isAlone ? undefined : `value$${String(place)}`;
  let left = "";
  const give = (returned: ts.Expression | undefined): ts.Statement[] => {
    if (value !== undefined) return [assign(value, returned ?? make.createVoidZero())];
    return returned === undefined || ts.isIdentifier(returned) || isConstant(returned) ? [] : [make.createExpressionStatement(returned)];
  };
  const structured = withoutReturns(body, { give, left: () => make.createIdentifier(left = `left$${String(place)}`) });
  if (value !== undefined && !alwaysReturns(callee.body!.statements)) statements.push(assign(value, make.createVoidZero()));
  if (left !== "") {
    statements.push(assign(left, make.createFalse()));
    slots.push(left);
  }
  if (value !== undefined) slots.push(value);
  return { statements: [...statements, ...structured], value: value === undefined ? undefined : make.createIdentifier(value), slots, isWhole: isAlone };
}

interface Move { plan: Plan; place: ReturnType<typeof moved> }

/** The tree with every plan carried out. */
function carriedOut(file: ts.SourceFile, moves: Move[], context: ts.TransformationContext): ts.SourceFile {
  const gone = new Set<ts.Node>(moves.map((one) => one.plan.callee));
  const atCall = new Map(moves.map((one) => [one.plan.site.call as ts.Node, one.place.value]));
  const atStatement = new Map(moves.map((one) => [one.plan.site.statement as ts.Node, one.place]));
  const visit = (node: ts.Node): ts.VisitResult<ts.Node | undefined> => {
    if (gone.has(node)) return undefined;
    const value = atCall.get(node);
    if (value !== undefined) return ts.setSourceMapRange(value, node);
    const result = ts.visitEachChild(node, visit, context);
    const place = atStatement.get(node);
    if (place !== undefined) {
      const all = place.isWhole ? place.statements : [...place.statements, result as ts.Statement];
      return ts.isBlock(node.parent) ? all : make.createBlock(all, true);
    }
    if (ts.isBlock(node) && isOwner(node.parent)) {
      const known = localsOf(node.parent).variables;
      const fresh = new Set(moves.filter((one) => one.plan.site.owner === node.parent).flatMap((one) => one.place.slots).filter((name) => !known.includes(name)));
      if (fresh.size === 0) return result;
      const declared = make.createVariableStatement(undefined, make.createVariableDeclarationList([...fresh].map((name) => make.createVariableDeclaration(name))));
      return make.updateBlock(result as ts.Block, [declared, ...(result as ts.Block).statements]);
    }
    return result;
  };
  return ts.visitEachChild(file, visit, context);
}

/** `eager`: also long functions whose call is reached only now and then, for modules that do not run at every tick. */
export function inlineFunctions(text: MappedText, eager: boolean): MappedText {
  let done = text;
  let waiting: Set<string> | undefined;
  for (let count = 0, isDone = false; ;) {
    const next = changed(done, (file, context) => {
      waiting ??= new Set(plansIn(file, eager).map(nameOf));
      const plans = readyPlans(plansIn(file, true).filter((one) => waiting!.has(nameOf(one))));
      isDone = plans.length === 0;
      const moves: Move[] = [];
      for (const plan of plans) {
        waiting.delete(nameOf(plan));
        // One inside the other, their loops would lock the text for good.
        if (locksAt(plan.site, plan.callee.body!) > NESTED_LOCKS_MAX) continue;
        try {
          moves.push({ plan, place: moved(plan, count++) });
        } catch (error) {
          if (!(error instanceof NotStructured)) throw error;
        }
      }
      return carriedOut(file, moves, context);
    });
    if (isDone) return done;
    done = next;
  }
}
