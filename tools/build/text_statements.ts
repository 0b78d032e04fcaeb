/*
 * Puts statements that begin with a text into brackets.
 *
 * Input: the text of a bundle with its maps. Output: the same program, and the map of this step. Invariant: the interpreter reads one token ahead, and keeps no
 * value of a text that it reads while it passes over a branch, a `case` or a jump that is not run: the statement behind
 * would compare with nothing (docs/PLATFORMS.md). A bracket has no value to lose. The minifier, which turns
 * `word === "valid"` round, is what makes such statements.
 */
import { parse, type AnyNode, type ExpressionStatement } from "acorn";
import MagicString from "magic-string";
import type { MappedText } from "./mapped";
import { children } from "./syntax";

/** Statements of lists that begin with a text; one that a block or the program begins with is read while it runs. */
function textStatements(code: string, node: AnyNode): ExpressionStatement[] {
  const list = node.type === "SwitchCase" ? node.consequent : node.type === "BlockStatement" || node.type === "Program" ? node.body.slice(1) : [];
  const here = list.filter((one) => one.type === "ExpressionStatement").filter((one) => "\"'`".includes(code[one.start]!));
  return [...here, ...children(node).flatMap((child) => textStatements(code, child))];
}

/** @returns the text with its brackets, and the map of this step */
export function bracketTexts(text: MappedText): MappedText {
  const { code } = text;
  const statements = textStatements(code, parse(code, { ecmaVersion: 2022, sourceType: "module" }));
  if (statements.length === 0) return text;
  const bracketed = new MagicString(code);
  for (const { expression: { start, end } } of statements) {
    // Behind a line's end or a function a bracket alone would be a call.
    bracketed.appendLeft(start, /[;:]\s*$/.test(code.slice(0, start)) ? "(" : ";(");
    bracketed.prependRight(end, ")");
  }
  // Each column: the whole program is one line.
  return { code: bracketed.toString(), maps: [bracketed.generateMap({ source: "bundle.js", hires: true }).toString(), ...text.maps] };
}
