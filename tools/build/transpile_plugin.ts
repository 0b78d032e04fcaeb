/*
 * Turns one TypeScript module into ES5 inside rollup.
 *
 * Input: a module's source. Output: the same module in ES5 with its imports kept, and the records that are marked
 * @packed kept in arrays (packed_records.ts). Invariant: all modules of a process share one program of the compiler,
 * because the form of a record depends on its type, wherever that is declared; types are checked by the run's own
 * `types` suite, once, not again for each of the two dozen bundles.
 */
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
/** Parsed files by path; sources that exist only in memory are among them. */
const files = new Map<string, ts.SourceFile>();
const host = ts.createCompilerHost(OPTIONS);
const fileExists = host.fileExists.bind(host);
const getSourceFile = host.getSourceFile.bind(host);
host.fileExists = (name) => files.has(name) || fileExists(name);
host.getSourceFile = (name, language, ...rest) => {
  const file = files.get(name) ?? getSourceFile(name, language, ...rest);
  if (file !== undefined) files.set(name, file);
  return file;
};
let program: ts.Program | undefined;
/** Packs the records of `program`. */
let packing: ts.TransformerFactory<ts.SourceFile> | undefined;

/** A program that holds `path` with this text, grown from the one before. */
function programWith(path: string, source: string): ts.Program {
  if (program?.getSourceFile(path)?.text === source) return program;
  files.set(path, ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, true));
  const roots = program?.getRootFileNames() ?? ["firmware", "hal/espruino", "boards"].flatMap(modulesUnder).map((name) => join(root, `${name}.ts`));
  program = ts.createProgram([...new Set([...roots, path])], OPTIONS, host, program);
  packing = packedRecords(program);
  return program;
}

/** The module with its packed records as arrays, still in TypeScript. */
function packed(path: string, source: string): string {
  const whole = programWith(path, source);
  const result = ts.transform(whole.getSourceFile(path)!, [packing!], OPTIONS);
  return printer.printFile(result.transformed[0]!);
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
      const output = ts.transpileModule(packed(id, source), { fileName: id, compilerOptions: OPTIONS, reportDiagnostics: true });
      const first = output.diagnostics?.[0];
      if (first !== undefined) this.error(ts.flattenDiagnosticMessageText(first.messageText, " "));
      done.set(id, { source, code: output.outputText });
      return { code: output.outputText, map: null };
    },
  };
}
