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
import { packedFields, packedRecords } from "./packed_records";
import { thrownErrors } from "./thrown_errors";

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
  sourceMap: true,
  noCheck: true,
};

interface Output { code: string; map: string }

const URL_LINE = /\/\/# sourceMappingURL=.*\s*$/;
const done = new Map<string, Output & { source: string }>();
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

/** The module in ES5, its packed records as arrays; and its source map. */
function transpiled(path: string, source: string, isPacking: boolean): Output {
  const whole = programWith(path, source);
  const output: Output = { code: "", map: "" };
  const write: ts.WriteFileCallback = (name, text) => { output[name.endsWith(".map") ? "map" : "code"] = text; };
  whole.emit(whole.getSourceFile(path), write, undefined, false, { before: [...(isPacking ? [packing!] : []), thrownErrors] });
  return { code: output.code.replace(URL_LINE, ""), map: output.map };
}

/** Fields that are kept in arrays, by interface, in the order of their indices; of the program that was transpiled last. */
export function packedIndexes(): { [name: string]: string[] } {
  return program === undefined ? {} : packedFields(program);
}

/** The plugin; resolves relative imports without extension to .ts files. */
export function transpilePlugin(isPacking: boolean): Plugin {
  return {
    name: "transpile",
    async resolveId(target, importer) {
      if (importer === undefined || !target.startsWith(".") || target.endsWith(".ts")) return null;
      return this.resolve(`${target}.ts`, importer, { skipSelf: true });
    },
    transform(source, id) {
      if (!id.endsWith(".ts")) return null;
      const key = `${id} ${String(isPacking)}`;
      const before = done.get(key);
      const output = before?.source === source ? before : { source, ...transpiled(id, source, isPacking) };
      done.set(key, output);
      return { code: output.code, map: output.map };
    },
  };
}
