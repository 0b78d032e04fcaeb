/*
 * One bundle for the interpreter: an entry and all it imports, as one small ES5 text.
 *
 * Input: an entry file. Output: the text, checked by check_es5. Invariant: definitions stay in the order
 * of their modules, because the interpreter does not hoist; constants are inlined; no import remains.
 */
import { relative } from "node:path";
import { rollup } from "rollup";
import { minify } from "terser";
import type { MinifyOptions } from "terser";
import { root } from "../root";
import { checkEs5 } from "./check_es5";
import { inlineConstants } from "./inline/constants";
import { inlineForwards } from "./inline/forwards";
import { inlineFunctions } from "./inline/inline";
import { interpreterNames } from "./interpreter_names";
import { stubPlugin } from "./overlays";
import type { Parts } from "./overlays";
import type { PropertyNames } from "./property_names";
import { outputOptions, plugins, TREESHAKE } from "./rollup_options";
import type { BundleKind } from "./rollup_options";
import { bracketTexts } from "./text_statements";

export interface BundleOptions {
  kind: BundleKind;
  minified: boolean;
  /** Short names for fields, shared by all bundles of a build; undefined keeps the written ones. */
  properties?: PropertyNames;
  /** Sources that exist only in memory, by absolute path. */
  extra?: Record<string, string>;
  /** Filled with the paths of all sources that the bundle is made from. */
  read?: Set<string>;
  /** Leave out the functions of these parts, and fetch them when they are called. */
  stubs?: Parts;
}

/** Terser's options. Everything that would move a definition, or make a function at run time, is off. */
function minifyOptions(options: BundleOptions): MinifyOptions {
  const properties = options.properties;
  return {
    ecma: 5,
    toplevel: true,
    compress: {
      // Two loops with a counter of the same name share one `var` once minified; the interpreter does not hoist it
      // out of a block that was not entered, and the second loop would write over a global. So it is declared first.
      ecma: 5, passes: 3, toplevel: true, unsafe: false, hoist_funs: false, hoist_vars: true, hoist_props: false,
      // A function moved to its only place of use would be made anew at each pass there.
      // An inlined call with parameters gets its variables declared behind their use, which only a hoisting machine forgives.
      // A `while` made into a `for` would hold one lock more on the function's text (lock_faults.ts).
      reduce_funcs: false, loops: false, inline: 1, keep_infinity: true, typeofs: false, arrows: false, drop_debugger: true,
    },
    mangle: {
      toplevel: true,
      reserved: interpreterNames(),
      properties: properties === undefined ? false : { regex: properties.pattern, keep_quoted: true, builtins: true, reserved: properties.reserved },
    },
    ...(properties === undefined ? {} : { nameCache: properties.cache }),
    format: { ecma: 5, ascii_only: true, comments: false, semicolons: true },
  };
}

/**
 * Builds one bundle.
 * @throws Error with one line per thing that the interpreter could not run
 */
export async function buildBundle(entry: string, options: BundleOptions): Promise<string> {
  const name = relative(root, entry);
  const graph = await rollup({
    input: entry,
    plugins: [...plugins(options.extra ?? {}), ...(options.stubs === undefined ? [] : [stubPlugin(options.stubs)])],
    treeshake: TREESHAKE,
    onwarn: (warning) => { throw new Error(`${name}: ${warning.message}`); },
  });
  for (const path of graph.watchFiles) options.read?.add(path);
  const { output } = await graph.generate(outputOptions(options.kind));
  await graph.close();
  if (output.length !== 1) throw new Error(`${name}: fell into ${String(output.length)} parts; a bundle may not import at run time`);
  let code = output[0].code;
  if (options.kind === "program") code = code.replace(/^export \{\s*\};\s*$/m, "");
  // Twice: a call whose arguments call something goes where it ends once these stand in statements of their own.
  if (options.minified) code = inlineForwards(inlineFunctions(inlineForwards(inlineConstants(code)), options.stubs === undefined));
  if (options.minified) code = (await minify(code, minifyOptions(options))).code ?? "";
  code = bracketTexts(code);
  const complaints = checkEs5(code, options.kind);
  if (complaints.length > 0) throw new Error(complaints.map((line) => `${name}: ${line}`).join("\n"));
  return code;
}
