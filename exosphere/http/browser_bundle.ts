/*
 * Makes /board.js, the browser's copy of the modules in board.ts.
 *
 * Input: board.ts and what it imports. Output: the text of one JavaScript module. Invariants: made once a
 * process and only when a page asks for it; nothing of Node's gets into it.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

let made: Promise<string> | undefined;

async function bundle(): Promise<string> {
  // Compiler and bundler are large; they are loaded when the configuration page is first opened.
  const [{ rollup }, { default: ts }] = await Promise.all([import("rollup"), import("typescript")]);
  const build = await rollup({
    input: fileURLToPath(new URL("./board.ts", import.meta.url)),
    onwarn: (warning) => { throw new Error(`the browser's modules: ${warning.message}`); },
    plugins: [{
      name: "typescript",
      resolveId: (target, importer) => {
        const path = importer === undefined ? target : join(dirname(importer), `${target}.ts`);
        return existsSync(path) ? path : null;
      },
      transform: (source) => ({ code: ts.transpile(source, { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, isolatedModules: true }), map: null }),
    }],
  });
  const { output } = await build.generate({ format: "es" });
  return output[0].code;
}

export function browserBundle(): Promise<string> {
  made ??= bundle().catch((error: unknown) => {
    // The next page tries again.
    made = undefined;
    throw error;
  });
  return made;
}
