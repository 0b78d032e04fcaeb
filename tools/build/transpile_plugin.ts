/*
 * Turns one TypeScript module into ES5 inside rollup.
 *
 * Input: a module's source. Output: the same module in ES5 with its imports kept. Invariant: each module
 * is compiled by itself (tsconfig.json's isolatedModules says that this is enough); types are checked by
 * the run's own `types` suite, once, not again for each of the two dozen bundles.
 */
import ts from "typescript";
import type { Plugin } from "rollup";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5,
  module: ts.ModuleKind.ESNext,
  // ES5 is on its way out of the compiler; the interpreter needs it.
  ignoreDeprecations: "6.0",
  isolatedModules: true,
  importHelpers: false,
  // Notes that a call has no effect but its value are comments; the minifier removes the others.
  removeComments: false,
  strict: true,
};

const done = new Map<string, { source: string; code: string }>();

/** The plugin; resolves relative imports without extension to .ts files. */
export function transpilePlugin(): Plugin {
  return {
    name: "transpile",
    async resolveId(target, importer) {
      if (importer === undefined || !target.startsWith(".") || target.endsWith(".ts")) return null;
      return this.resolve(`${target}.ts`, importer, { skipSelf: true });
    },
    transform(source, id) {
      if (!id.endsWith(".ts")) return null;
      const before = done.get(id);
      if (before !== undefined && before.source === source) return { code: before.code, map: null };
      const output = ts.transpileModule(source, { fileName: id, compilerOptions: OPTIONS, reportDiagnostics: true });
      const first = output.diagnostics?.[0];
      if (first !== undefined) this.error(ts.flattenDiagnosticMessageText(first.messageText, " "));
      done.set(id, { source, code: output.outputText });
      return { code: output.outputText, map: null };
    },
  };
}
