/*
 * A text of the build with the way back to the files that it is made of.
 *
 * Input: a text and the source maps of all steps that made it. Output: the text after another step, and at the end one
 * source map. Invariant: every step that changes a text adds its map, so a place in the last text leads to the first.
 */
import remapping from "@jridgewell/remapping";
import type { SourceMapInput } from "@jridgewell/remapping";
import ts from "typescript";

export interface MappedText {
  code: string;
  /** Of each step, the latest first. */
  maps: SourceMapInput[];
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5, module: ts.ModuleKind.ESNext, allowJs: true, sourceMap: true, removeComments: false, ignoreDeprecations: "6.0",
  alwaysStrict: false, noCheck: true,
};
const URL_LINE = /\/\/# sourceMappingURL=.*\s*$/;

/** `text` after the compiler's own printer has printed what `change` makes of its tree. */
export function changed(text: MappedText, change: (file: ts.SourceFile, context: ts.TransformationContext) => ts.SourceFile): MappedText {
  const { outputText, sourceMapText } = ts.transpileModule(text.code, {
    fileName: "bundle.js", compilerOptions: OPTIONS, transformers: { before: [(context) => (file) => change(file, context)] },
  });
  return { code: outputText.replace(URL_LINE, ""), maps: [sourceMapText!, ...text.maps] };
}

/** The same text without a step, as a text of its own. */
export function unmapped(code: string): MappedText {
  return { code, maps: [] };
}

/** One map from the text to the files that the first step read. */
export function joinedMap(text: MappedText): string {
  return String(remapping(text.maps, () => null));
}
