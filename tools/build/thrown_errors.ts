/*
 * Makes an error of what the firmware throws, so that the interpreter says where.
 *
 * Input: a module of firmware/, where only a code is thrown (base/invariant.ts), because Lua has no such objects. Output:
 * `throw code` as `throw new Error(code)`, to which the interpreter adds the places of all calls. Invariant: what is an
 * object already is thrown as it is.
 */
import { relative } from "node:path";
import ts from "typescript";
import { root } from "../root";

/** A transformer of the compiler, for modules of firmware/ alone. */
export const thrownErrors: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const make = context.factory;
  const visit = (node: ts.Node): ts.Node => {
    if (!ts.isThrowStatement(node) || ts.isNewExpression(node.expression)) return ts.visitEachChild(node, visit, context);
    return make.updateThrowStatement(node, ts.setSourceMapRange(make.createNewExpression(make.createIdentifier("Error"), undefined, [node.expression]), node.expression));
  };
  return relative(root, file.fileName).startsWith("firmware") ? ts.visitEachChild(file, visit, context) : file;
};
