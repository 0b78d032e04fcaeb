/*
 * Files of a build that a person or `sdc trace` reads, and no board: source maps, readable programs, symbols.
 *
 * Input: bundles with their maps. Output: beside each text NAME.js its map NAME.js.map, and readable/NAME.js, the same
 * program before names are shortened; one symbols.json. Invariants: a map is of the text as it is in NAME.js, before its
 * words become tokens (pretokenise.ts knows the way back); it holds the texts of its sources, so that it is read the
 * same after they have changed; no file names a place of the machine.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Bundle } from "./bundle";
import type { PropertyNames } from "./property_names";

/** The meaning of the short names and numbers of a build. */
export interface Symbols {
  version: string;
  release: number;
  /** Short name of a field to the one in the sources. */
  fields: { [short: string]: string };
  /** Interface whose numbers are in an array, to its fields in the order of their indexes there. */
  packed: { [name: string]: string[] };
}

function write(folder: string, file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

/** Keeps map and readable text of the bundle `name` (linux, modules/device …) in `folder`. */
export function keepDebugFiles(folder: string, name: string, bundle: Bundle): void {
  write(folder, `${name}.js.map`, JSON.stringify({ ...JSON.parse(bundle.map) as object, file: `${basename(name)}.js` }));
  write(folder, `readable/${name}.js`, bundle.readable);
}

/** Names that the minifier has given, as its cache holds them: "$written" to the short one. */
interface NameCache { props?: { props?: { [name: string]: string } } }

export function keepSymbols(folder: string, facts: Pick<Symbols, "version" | "release" | "packed">, properties: PropertyNames | undefined): void {
  const names = Object.entries((properties?.cache as NameCache | undefined)?.props?.props ?? {});
  const fields = Object.fromEntries(names.map(([written, short]) => [short, written.slice(1)] as const).sort(([left], [right]) => (left < right ? -1 : 1)));
  const symbols: Symbols = { version: facts.version, release: facts.release, fields, packed: facts.packed };
  write(folder, "symbols.json", `${JSON.stringify(symbols, undefined, 2)}\n`);
}
