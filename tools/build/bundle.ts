/*
 * One bundle for the interpreter: an entry and all it imports, as one small ES5 text.
 *
 * Input: an entry file. Output: the text, checked by check_es5. Invariant: definitions stay in the order
 * of their modules, because the interpreter does not hoist; constants are inlined; no import remains.
 */
import { relative, resolve } from "node:path";
import type { SourceMapInput } from "@jridgewell/remapping";
import { rollup, type SourceMap } from "rollup";
import { minify } from "terser";
import type { MinifyOptions } from "terser";
import { root } from "../root";
import { checkEs5 } from "./check_es5";
import { inlineConstants } from "./inline/constants";
import { inlineForwards } from "./inline/forwards";
import { inlineFunctions } from "./inline/inline";
import { interpreterNames } from "./interpreter_names";
import { joinedMap, type MappedText } from "./mapped";
import { stubPlugin } from "./overlays";
import type { Parts } from "./overlays";
import type { PropertyNames } from "./property_names";
import { outputOptions, plugins, TREESHAKE } from "./rollup_options";
import type { BundleKind } from "./rollup_options";
import type { Stage } from "./stages";
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
  /** Steps that are left out; none when absent. */
  without?: readonly Stage[];
}

/** Terser's options. Everything that would move a definition, or make a function at run time, is off. */
function minifyOptions(properties: PropertyNames | undefined): MinifyOptions {
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

/** The text with short names; `properties` gets those of the fields in it. */
export async function shortened(text: MappedText, properties: PropertyNames | undefined): Promise<MappedText> {
  const { code, map } = await minify({ "bundle.js": text.code }, { ...minifyOptions(properties), sourceMap: { asObject: true } });
  return { code: code ?? "", maps: [map as SourceMapInput, ...text.maps] };
}

export interface Bundle {
  /** The text for the interpreter. */
  code: string;
  /** The source map of it, sources relative to the clone and with their texts. */
  map: string;
  /** The same program before the minifier, which renames and shortens it. */
  readable: string;
}

/** The bundler closes a program by a statement that the interpreter does not know. */
function withoutExport(code: string): string {
  return code.replace(/^export \{\s*\};\s*$/m, "");
}

/** The bundler names sources from where the text would lie. */
function relativeSources(map: SourceMap): string {
  return JSON.stringify({ ...map, sources: map.sources.map((source) => relative(root, resolve(source)).split("\\").join("/")) });
}

/** The text of a bundle alone. @throws Error as mappedBundle does */
export async function buildBundle(entry: string, options: BundleOptions): Promise<string> {
  return (await mappedBundle(entry, options)).code;
}

/**
 * Builds one bundle.
 * @throws Error with one line per thing that the interpreter could not run
 */
export async function mappedBundle(entry: string, options: BundleOptions): Promise<Bundle> {
  const name = relative(root, entry);
  const left = options.without ?? [];
  const graph = await rollup({
    input: entry,
    plugins: [...plugins(options.extra ?? {}, !left.includes("packing")), ...(options.stubs === undefined ? [] : [stubPlugin(options.stubs)])],
    treeshake: TREESHAKE,
    onwarn: (warning) => { throw new Error(`${name}: ${warning.message}`); },
  });
  for (const path of graph.watchFiles) options.read?.add(path);
  const { output } = await graph.generate(outputOptions(options.kind));
  await graph.close();
  const chunks = output.filter((one) => one.type === "chunk").length;
  if (chunks !== 1) throw new Error(`${name}: fell into ${String(chunks)} parts; a bundle may not import at run time`);
  let text: MappedText = { code: options.kind === "program" ? withoutExport(output[0].code) : output[0].code, maps: [relativeSources(output[0].map!)] };
  if (!left.includes("constants")) text = inlineConstants(text);
  if (!left.includes("forwards")) text = inlineForwards(text);
  if (!left.includes("functions")) text = inlineFunctions(text, options.stubs === undefined);
  // Once more: a call whose arguments call something goes where it ends now that these are in statements of their own.
  if (!left.includes("forwards")) text = inlineForwards(text);
  const readable = text.code;
  if (options.minified) text = await shortened(text, options.properties);
  text = bracketTexts(text);
  const complaints = checkEs5(text.code, options.kind);
  if (complaints.length > 0) throw new Error(complaints.map((line) => `${name}: ${line}`).join("\n"));
  return { code: text.code, map: joinedMap(text), readable };
}
