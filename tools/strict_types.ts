/*
 * Checks the types of the server and its tests with noUncheckedIndexedAccess.
 *
 * Input: exosphere/tsconfig.json. Output: diagnostics of files below exosphere/, console/, test/exosphere/ and
 * test/web/, and exit code 1 when there are any. Invariant: files of the firmware, which the server imports, are
 * judged by the project's own tsconfig.json: the portable subset that runs in Lua reads its lists by checked
 * indexes, and the option would ask for an assertion at each.
 */
import { relative } from "node:path";
import ts from "typescript";
import { root } from "./root";

const STRICT = /^(exosphere|console|test\/exosphere|test\/web)\//;

const host: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (diagnostic) => { throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n")); } };
const options = ts.getParsedCommandLineOfConfigFile(`${root}/exosphere/tsconfig.json`, {}, host);
if (options === undefined) throw new Error("exosphere/tsconfig.json cannot be read");
const found = ts.getPreEmitDiagnostics(ts.createProgram(options.fileNames, options.options))
  .filter(({ file }) => file === undefined || STRICT.test(relative(root, file.fileName)));
process.stdout.write(ts.formatDiagnostics(found, { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => "\n" }));
process.exitCode = found.length === 0 ? 0 : 1;
