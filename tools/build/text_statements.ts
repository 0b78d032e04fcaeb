/*
 * Puts statements that begin with a text into brackets.
 *
 * Input: the text of a bundle. Output: the same program. Invariant: the interpreter reads one token ahead, and keeps no
 * value of a text that it reads while it passes over a branch, a `case` or a jump that is not run: the statement behind
 * would compare with nothing (docs/PLATFORMS.md). A bracket has no value to lose. The minifier, which turns
 * `word === "valid"` round, is what makes such statements.
 */
import { parse, type AnyNode, type ExpressionStatement } from "acorn";
import { children } from "./syntax";

/** Statements of lists that begin with a text; one that a block or the program begins with is read while it runs. */
function textStatements(code: string, node: AnyNode): ExpressionStatement[] {
  const list = node.type === "SwitchCase" ? node.consequent : node.type === "BlockStatement" || node.type === "Program" ? node.body.slice(1) : [];
  const here = list.filter((one) => one.type === "ExpressionStatement").filter((one) => "\"'`".includes(code[one.start]!));
  return [...here, ...children(node).flatMap((child) => textStatements(code, child))];
}

export function bracketTexts(code: string): string {
  const places = textStatements(code, parse(code, { ecmaVersion: 2022, sourceType: "module" })).flatMap(({ expression: { start, end } }) => {
    // Behind a line's end or a function a bracket alone would be a call.
    const opening = /[;:]\s*$/.test(code.slice(0, start)) ? "(" : ";(";
    return [{ at: start, sign: opening }, { at: end, sign: ")" }];
  });
  let bracketed = code;
  // From the end, so that the places before stay right.
  for (const { at, sign } of places.sort((one, other) => other.at - one.at)) bracketed = bracketed.slice(0, at) + sign + bracketed.slice(at);
  return bracketed;
}
