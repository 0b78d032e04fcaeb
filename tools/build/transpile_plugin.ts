/*
 * Turns one TypeScript module into ES5 inside rollup.
 *
 * Input: a module's source. Output: the same module in ES5 with its imports kept, and the records that are marked
 * @packed kept in arrays (packed_records.ts). Invariant: all modules of a process share one program of the compiler,
 * because the form of a record depends on its type, wherever that is declared; types are checked by the run's own
 * `types` suite, once, not again for each of the two dozen bundles.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import type { Plugin } from "rollup";
import { root } from "../root";
import { modulesUnder } from "./modules";
import { packedRecords } from "./packed_records";

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES5,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  lib: ["lib.es2022.d.ts"],
  types: [],
  // ES5 is on its way out of the compiler; the interpreter needs it.
  ignoreDeprecations: "6.0",
  isolatedModules: true,
  importHelpers: false,
  // Notes that a call has no effect but its value are comments; the minifier removes the others.
  removeComments: false,
  strict: true,
  skipLibCheck: true,
};

const done = new Map<string, { source: string; code: string }>();
const printer = ts.createPrinter();
let program: ts.Program | undefined;

/** A program that holds `path`, grown from the one before. */
function programWith(path: string): ts.Program {
  if (program?.getSourceFile(path) !== undefined) return program;
  const roots = program?.getRootFileNames() ?? ["firmware", "hal/espruino", "boards"].flatMap(modulesUnder).map((name) => join(root, `${name}.ts`));
  program = ts.createProgram([...new Set([...roots, path])], OPTIONS, undefined, program);
  return program;
}

/** The module with its packed records as arrays, still in TypeScript. */
function packed(path: string): string {
  const whole = programWith(path);
  const result = ts.transform(whole.getSourceFile(path)!, [packedRecords(whole)], OPTIONS);
  return printer.printFile(result.transformed[0]);
}

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
      // Sources that exist only in memory name modules and make no records.
      const output = ts.transpileModule(existsSync(id) ? packed(id) : source, { fileName: id, compilerOptions: OPTIONS, reportDiagnostics: true });
      const first = output.diagnostics?.[0];
      if (first !== undefined) this.error(ts.flattenDiagnosticMessageText(first.messageText, " "));
      done.set(id, { source, code: output.outputText });
      return { code: output.outputText, map: null };
    },
  };
}
