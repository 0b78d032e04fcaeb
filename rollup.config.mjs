/*
 * `npx rollup -c`: the readable, unminified bundle of every Espruino board, for reading and debugging.
 *
 * Input: boards/<board>/espruino.ts. Output: dist/readable/<board>.js. Invariant: the same plugins in the
 * same order as the shipped build (tools/build/bundle.ts), which adds the minifier and the checks.
 */
import { register } from "tsx/esm/api";

register();
const { espruinoEntries } = await import("./tools/build/espruino.ts");
const { outputOptions, plugins, TREESHAKE } = await import("./tools/build/rollup_options.ts");

export default [...espruinoEntries()].map(([board, input]) => ({
  input,
  plugins: plugins({}),
  treeshake: TREESHAKE,
  output: { file: `dist/readable/${board}.js`, ...outputOptions("program") },
}));
