/*
 * Compiles firmware/ for the Lua boards with typescript-to-lua.
 *
 * Input: an entry file and a Lua version. Output: one Lua text that holds every module and returns what
 * the entry exports. Invariant: any complaint of either compiler is an error with file and line; both
 * versions are compiled from the same sources with the same options; in 5.3 no number becomes a float.
 */
import { relative } from "node:path";
import ts from "typescript";
import * as tstl from "typescript-to-lua";
import { root } from "../root";
import { wholeNumbers } from "./lua_integers";

export type LuaVersion = "5.1" | "5.3";

function options(version: LuaVersion): tstl.CompilerOptions {
  return {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ["lib.es2022.d.ts"],
    types: [],
    strict: true,
    skipLibCheck: true,
    rootDir: root,
    outDir: root,
    luaTarget: version === "5.1" ? tstl.LuaTarget.Lua51 : tstl.LuaTarget.Lua53,
    // The helpers come along as one more module of the bundle, only those that are used.
    luaLibImport: tstl.LuaLibImportKind.RequireMinimal,
    noImplicitSelf: true,
    noHeader: true,
  };
}

function readable(diagnostic: ts.Diagnostic): string {
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
  if (diagnostic.file === undefined || diagnostic.start === undefined) return text;
  const place = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  return `${relative(root, diagnostic.file.fileName)}:${String(place.line + 1)}: ${text}`;
}

/**
 * Compiles `entry` and everything it imports into one Lua chunk.
 * @param extra sources that exist only in memory, by absolute path; they may be the entry
 * @throws Error with one line per complaint of the compilers
 */
export function compileLua(entry: string, version: LuaVersion, extra: Record<string, string> = {}): string {
  const settings: tstl.CompilerOptions = { ...options(version), luaBundle: "bundle.lua", luaBundleEntry: entry };
  const host = ts.createCompilerHost(settings as ts.CompilerOptions);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.readFile = (name) => extra[name] ?? readFile(name);
  host.fileExists = (name) => extra[name] !== undefined || fileExists(name);
  host.getSourceFile = (name, language, ...rest) => extra[name] === undefined
    ? getSourceFile(name, language, ...rest)
    : ts.createSourceFile(name, extra[name], language);
  const program = ts.createProgram([entry], settings as ts.CompilerOptions, host);
  const complaints = ts.getPreEmitDiagnostics(program).map(readable);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  let lua = "";
  const writeFile: ts.WriteFileCallback = (name, text) => {
    if (name.endsWith(".lua")) lua = text;
  };
  const result = new tstl.Transpiler().emit({ program, writeFile, plugins: version === "5.3" ? [wholeNumbers] : [] });
  const refused = result.diagnostics.map(readable);
  if (refused.length > 0) throw new Error(refused.join("\n"));
  if (lua === "") throw new Error(`${relative(root, entry)}: the Lua compiler wrote nothing`);
  return lua;
}
