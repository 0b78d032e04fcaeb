/*
 * The language constructs of a program, each as a short text: what the interpreter must run as Node does.
 *
 * Input: an ES5 text. Output: names such as "BinaryExpression %", "for without update", ".substring/2" and
 * "1-byte escape in a text". Invariant: equal programs have equal lists; a field of our own records is no
 * construct, a method or property of the language is, with the number of its arguments.
 */
import { parse } from "acorn";
import type { AnyNode } from "acorn";
import { children } from "../../tools/build/syntax";

/** Methods that the language itself gives to values, but for those whose names only our own ports have. */
const METHODS: Set<string> = new Set(
  [String.prototype, Array.prototype, Number.prototype, Object.prototype, Function.prototype, RegExp.prototype, Object.getPrototypeOf(Uint8Array.prototype) as object]
    .flatMap((owner) => Object.getOwnPropertyNames(owner)),
);
/** Properties of the same kind that are read and not called. */
const PROPERTIES = ["length", "message", "prototype", "constructor", "arguments", "caller", "lastIndex"];
/** Functions and constructors that the language itself gives. */
const GLOBALS = ["parseInt", "parseFloat", "isNaN", "String", "Number", "Boolean", "Object", "Array", "Math", "JSON", "Date", "RegExp", "Error", "Uint8Array", "Int32Array", "NaN", "Infinity", "undefined", "arguments", "eval"];

function target(node: AnyNode): string {
  return node.type === "MemberExpression" ? (node.computed ? "element" : "field") : "name";
}

function textKinds(raw: string): string[] {
  const kinds = ["text"];
  for (const [, escape = ""] of raw.matchAll(/\\(.)/g)) kinds.push(`\\${/[0-7]/.test(escape) ? "0" : escape} in a text`);
  return kinds;
}

function numberKind(value: number, raw: string): string {
  const size = Number.isInteger(value) ? (value > 2147483647 ? "beyond 2^31" : "whole") : "with decimals";
  return `number ${size}${/^0x/i.test(raw) ? ", hexadecimal" : /^[^x]*e/i.test(raw) ? ", with exponent" : ""}`;
}

function ofNode(node: AnyNode): string[] {
  switch (node.type) {
    case "Identifier": return [];
    case "BinaryExpression": case "LogicalExpression": return [`${node.operator} between values`];
    case "UnaryExpression": return [`${node.operator} before ${node.argument.type === "Literal" ? "a literal" : node.argument.type === "Identifier" ? "a name" : "a value"}`];
    case "AssignmentExpression": return [`${node.operator} to ${target(node.left)}`];
    case "UpdateExpression": return [`${node.operator} ${node.prefix ? "before" : "after"} ${target(node.argument)}`];
    case "Literal":
      if ("regex" in node && node.regex !== undefined) return ["regular expression"];
      if (typeof node.value === "string") return textKinds(node.raw ?? "");
      if (typeof node.value === "number") return [numberKind(node.value, node.raw ?? "")];
      return [String(node.value)];
    case "IfStatement": return [node.alternate ? "if with else" : "if"];
    case "ForStatement": return ["for", ...(["init", "test", "update"] as const).map((part) => (node[part] ? `for with ${part} ${node[part].type}` : `for without ${part}`))];
    case "ForInStatement": return [`for in with ${node.left.type}`];
    case "ReturnStatement": return [node.argument ? "return of a value" : "return of nothing"];
    case "VariableDeclaration": return [node.declarations.length > 1 ? "var of several" : "var of one", ...node.declarations.map((one) => (one.init ? "var with a value" : "var without a value"))];
    case "FunctionExpression": return [node.id ? "function expression with a name" : "function expression", `function of ${String(node.params.length)} parameters`];
    case "FunctionDeclaration": return ["function declaration", `function of ${String(node.params.length)} parameters`];
    case "TryStatement": return [`try${node.handler ? " catch" : ""}${node.finalizer ? " finally" : ""}`];
    case "SwitchStatement": return [node.cases.some((one) => one.test === null) ? "switch with default" : "switch"];
    case "ArrayExpression": return [node.elements.length > 0 ? "list" : "empty list"];
    case "ObjectExpression": return [node.properties.length > 0 ? "record" : "empty record"];
    case "Property": return [`key of a record as ${node.key.type}`];
    case "NewExpression": return [`new ${node.callee.type === "Identifier" && GLOBALS.includes(node.callee.name) ? node.callee.name : "of our own or the platform's"}/${String(node.arguments.length)}`];
    case "SequenceExpression": return ["comma"];
    case "MemberExpression": {
      if (node.computed) return [`element by ${node.property.type}`];
      const name = node.property.type === "Identifier" ? node.property.name : "";
      return PROPERTIES.includes(name) ? [`.${name}`] : ["field"];
    }
    case "CallExpression": {
      const callee = node.callee;
      if (callee.type === "MemberExpression") {
        const name = !callee.computed && callee.property.type === "Identifier" ? callee.property.name : "";
        const owner = callee.object.type === "Identifier" && GLOBALS.includes(callee.object.name) ? callee.object.name : "";
        if (owner !== "" || METHODS.has(name)) return [`${owner}.${name}/${String(node.arguments.length)}`];
        return [callee.computed ? "call of an element" : "call of a field"];
      }
      if (callee.type === "Identifier") return [GLOBALS.includes(callee.name) ? `${callee.name}/${String(node.arguments.length)}` : "call of a name"];
      return [`call of a ${callee.type}`];
    }
    default: return [node.type];
  }
}

/** The name of a construct directly inside another, where the order of evaluation or the binding of operators could differ. */
function nesting(parent: AnyNode, slot: string, child: AnyNode): string {
  const short = (node: AnyNode): string => {
    // A sign is told from the difference of two.
    if (node.type === "UnaryExpression") return ["+", "-"].includes(node.operator) ? `sign${node.operator}` : node.operator;
    return node.type === "LogicalExpression" || node.type === "BinaryExpression" || node.type === "AssignmentExpression" ? node.operator : node.type;
  };
  return `${short(child)} as ${slot} of ${short(parent)}`;
}

const NESTED = ["LogicalExpression", "BinaryExpression", "AssignmentExpression", "UnaryExpression", "ConditionalExpression", "SequenceExpression", "UpdateExpression", "FunctionExpression", "CallExpression"];
const NESTING = [...NESTED, "ReturnStatement", "IfStatement", "ForStatement", "WhileStatement", "ExpressionStatement", "ThrowStatement", "SwitchStatement", "SwitchCase", "VariableDeclarator", "Property", "ArrayExpression", "NewExpression", "MemberExpression"];

/** The constructs in `code`, each with the text at its first place. @throws SyntaxError when it is not ES5 */
export function constructsOf(code: string): { constructs: Map<string, string>; nestings: Map<string, string> } {
  const constructs = new Map<string, string>();
  const nestings = new Map<string, string>();
  const note = (found: Map<string, string>, name: string, node: AnyNode): void => {
    if (!found.has(name)) found.set(name, code.substring(node.start, node.start + 60));
  };
  const visit = (node: AnyNode): void => {
    for (const one of ofNode(node)) note(constructs, one, node);
    if (NESTING.includes(node.type)) {
      for (const [slot, value] of Object.entries(node) as [string, unknown][]) {
        for (const child of (Array.isArray(value) ? value : [value]) as (AnyNode | null)[]) {
          if (child !== null && typeof child === "object" && NESTED.includes(child.type)) note(nestings, nesting(node, slot, child), node);
        }
      }
    }
    children(node).forEach(visit);
  };
  visit(parse(code, { ecmaVersion: 5, sourceType: "script" }));
  return { constructs, nestings };
}
