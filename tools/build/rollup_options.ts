/*
 * How rollup joins modules into one text.
 *
 * Input: the kind of a bundle. Output: rollup's options. Invariant: modules keep their order, and nothing
 * is wrapped that the interpreter would have to keep in memory: a program's functions are global.
 */
import { join } from "node:path";
import type { OutputOptions, Plugin, TreeshakingOptions } from "rollup";
import { transpilePlugin } from "./transpile_plugin";

/** "program" runs when it is loaded; "module" fills `exports` for the interpreter's require. */
export type BundleKind = "program" | "module";

export const TREESHAKE: TreeshakingOptions = { moduleSideEffects: true, propertyReadSideEffects: false, tryCatchDeoptimization: false };

/** `extra`: sources that exist only in memory, by absolute path. `isPacking`: numbers of marked records go into arrays. */
export function plugins(extra: Record<string, string>, isPacking: boolean): Plugin[] {
  const memory: Plugin = {
    name: "memory",
    resolveId(target, importer) {
      const path = importer !== undefined && target.startsWith(".") ? join(importer, "..", `${target}.ts`) : target;
      return path in extra ? path : null;
    },
    load: (id) => extra[id] ?? null,
  };
  return [memory, transpilePlugin(isPacking)];
}

export function outputOptions(kind: BundleKind): OutputOptions {
  return {
    format: kind === "program" ? "es" : "cjs",
    exports: kind === "program" ? "auto" : "named",
    strict: false, esModule: false, indent: false, externalLiveBindings: false, freeze: false, generatedCode: "es5", sourcemap: "hidden",
  };
}
