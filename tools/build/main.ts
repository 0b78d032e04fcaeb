/*
 * `npm run build`: the firmware for every platform, and a manifest of what was built.
 *
 * Input: the sources; --out FOLDER (dist), --release N, --readable for a program with line breaks and whole names, --help.
 * Output: FOLDER/espruino, FOLDER/lua, FOLDER/manifest.json, and one line a file. Invariant: nothing is
 * written that the checks of tools/build/ refuse; the same sources give the same bytes.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { buildEspruino } from "./espruino";
import type { BuiltFile } from "./espruino";
import { buildLua } from "./lua_program";
import { manifestText } from "./manifest";
import { root } from "../root";

function line(name: string, file: BuiltFile): string {
  const code = file.functions > 0 ? `, ${String(file.functions)} functions` : "";
  return `  ${name.padEnd(22)} ${String(file.bytes).padStart(7)} bytes${code}`;
}

const HELP = `Usage: npm run build -- [options], or npx sdc build [options]

Builds the firmware for every board, checks it, and writes a manifest of what was built.

Options:
  --out FOLDER  where the files go (default: dist)
  --release N   number of the release that the files are of (default: 0, none)
  --readable    line breaks and whole names, for reading; larger than a board takes
  --help        this text`;

/** Builds; 0 when everything was written, 2 for words that are no options (thrown, see tools/launch.mjs). */
export async function main(list: string[]): Promise<number> {
  const say = (text: string): void => { process.stdout.write(`${text}\n`); };
  const { values } = parseArgs({ args: list, options: {
    out: { type: "string", default: join(root, "dist") }, readable: { type: "boolean", default: false }, release: { type: "string", default: "0" }, help: { type: "boolean", short: "h", default: false },
  } });
  if (values.help) {
    say(HELP);
    return 0;
  }
  const folder = resolve(values.out);
  mkdirSync(folder, { recursive: true });
  if (!/^\d{1,8}$/.test(values.release)) {
    process.stderr.write(`build: --release takes a number of at most eight digits, not "${values.release}"\n`);
    return 2;
  }
  const espruino = await buildEspruino(folder, { minified: !values.readable, release: Number(values.release) });
  const lua = buildLua(folder);
  writeFileSync(join(folder, "manifest.json"), manifestText(espruino, lua));
  say(`built into ${relative(process.cwd(), folder) || folder}:`);
  say(line("loader.js", espruino.loader));
  for (const [name, file] of Object.entries(espruino.slots)) say(line(`${name}.slot`, file));
  for (const [name, file] of Object.entries(espruino.boards)) say(line(`${name}.js`, file));
  for (const [name, file] of Object.entries(espruino.modules)) say(line(`modules/${name}.js`, file));
  for (const [name, file] of Object.entries(lua)) say(line(name, file));
  return 0;
}
