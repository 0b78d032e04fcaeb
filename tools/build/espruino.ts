/*
 * Everything that goes onto an Espruino board: the loader, and for each board a slot of its program and all modules.
 *
 * Input: boards/loader.ts, boards/<board>/espruino.ts and the firmware. Output: dist/espruino/loader.js, <board>.slot, with the whole
 * program in memory where the board has room for it, and in parts/ or whole/ the other form;
 * to look at, what is in the slots before its words become tokens: <board>.js, modules/<name>.js, and what leads from there to the sources
 * (debug_files.ts); their facts for the manifest. Invariant: all files
 * of one build share one table of short field names, so a record that the program makes is readable in every module.
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LINUX_IMAGE_BYTES, LINUX_RAW_BYTES } from "../../boards/espruino_flash";
import { VARIABLES_FOR_ALL } from "../../boards/board";
import { BOARDS } from "../../boards/index";
import { READER_MODELS } from "../../firmware/inputs/reader/registry";
import { VERSION } from "../../firmware/version";
import { root } from "../root";
import { mappedBundle } from "./bundle";
import type { Bundle, BundleOptions } from "./bundle";
import { buildHash, keptBuild, unhashed } from "./cache";
import { countFunctions } from "./check_es5";
import { keepDebugFiles, keepSymbols } from "./debug_files";
import { modulesUnder } from "./modules";
import { firmwareParts, partEntry, type Parts } from "./overlays";
import { pretokenise } from "./pretokenise";
import { type PropertyNames, propertyNames } from "./property_names";
import { slotOf, WHOLE } from "./slot";
import type { Stage } from "./stages";
import { packedIndexes } from "./transpile_plugin";

/** The manifest's entry of one file. */
export interface BuiltFile {
  /** Path inside dist/. */
  file: string;
  bytes: number;
  sha256: string;
  functions: number;
  parameters: number;
}

export interface EspruinoBuild {
  loader: BuiltFile;
  slots: { [board: string]: BuiltFile };
  boards: { [board: string]: BuiltFile };
  modules: { [name: string]: BuiltFile };
}

/** Set-up mode is for boards with a Wi-Fi of their own; the image of a PC's interpreter has no room for it. */
export const FOR_WIRELESS = ["espruino_setup", "espruino_page"];

/** Updates over the air need a second slot, which the image of a PC's interpreter has no room for either; nor then keys. */
export const FOR_TWO_SLOTS = ["update", "update_document", "update_exchange", "update_slot", "update_switch", "update_verify", "trial", "trust"];

/** With parts on demand, the image of a PC's interpreter has room for one driver of a reader, that of the wallbox example. */
const DRIVER_OF_EXAMPLE = "rdm6300";

/** Whether the slot of a PC's interpreter leaves a module out. */
function isLeftOut(name: string, form: "parts" | "whole"): boolean {
  return FOR_WIRELESS.includes(name) || FOR_TWO_SLOTS.includes(name) || (form === "parts" && name !== DRIVER_OF_EXAMPLE && READER_MODELS.some((model) => model.name === name));
}

const LOADER_ENTRY = join(root, "boards", "loader.ts");

/** Bytes of Storage in a PC's interpreter image, less the loader and the small files beside it. */
const LINUX_SLOT_BYTES_MAX = LINUX_IMAGE_BYTES - LINUX_RAW_BYTES - 2048;

/** The module whose functions are in memory while a board runs. */
const RESIDENT = ["device"];

/** Names that the program gives to SystemPort.load somewhere. */
function loadedByName(): Set<string> {
  const names = new Set<string>();
  for (const path of [...modulesUnder("firmware"), ...modulesUnder("boards"), ...modulesUnder("hal/espruino")]) {
    const text = readFileSync(join(root, `${path}.ts`), "utf8");
    for (const [, name = ""] of text.matchAll(/\.load\("([a-z0-9_]+)"\)/g)) names.add(name);
  }
  return names;
}

/** Name to source of every loadable module that exists now. */
export function loadableModules(): Map<string, string> {
  const found = new Map<string, string>();
  const named = loadedByName();
  for (const path of [...modulesUnder("firmware"), ...modulesUnder("hal/espruino"), ...modulesUnder("boards")]) {
    // A module is loaded by its own name, or by its room's and its own where the name alone says too little.
    const inRoom = `${basename(dirname(path))}_${basename(path)}`;
    const name = named.has(inRoom) ? inRoom : basename(path);
    const isDriver = dirname(path) === "firmware/inputs/reader" && !["frame", "registry"].includes(name);
    // Loaded by the command line over the console (tools/board/), so no program names it.
    const isForConsole = dirname(path) === "firmware/console" || dirname(path) === "hal/espruino/console";
    if (isDriver || isForConsole || named.has(name)) found.set(name, join(root, `${path}.ts`));
  }
  return found;
}

/** Board to entry file of every board that has one for Espruino. */
export function espruinoEntries(): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(join(root, "boards"), { withFileTypes: true })) {
    const path = join(root, "boards", entry.name, "espruino.ts");
    if (entry.isDirectory() && existsSync(path)) found.set(entry.name, path);
  }
  return found;
}

function keep(folder: string, file: string, code: string, isCode = true): BuiltFile {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), code, "latin1");
  const sha256 = createHash("sha256").update(code, "latin1").digest("hex");
  return { file, bytes: code.length, sha256, ...(isCode ? countFunctions(code) : { functions: 0, parameters: 0 }) };
}

function keepBundle(folder: string, name: string, bundle: Bundle): BuiltFile {
  keepDebugFiles(join(folder, "espruino"), name, bundle);
  return keep(folder, `espruino/${name}.js`, bundle.code);
}

/** The minifier shortens a field where it sees one made, and in every module that calls it, but no function that a module exports: a name must not be both. */
export function shortenedExports(parts: Record<string, string>, properties: PropertyNames | undefined): string[] {
  if (properties === undefined) return [];
  return Object.entries(parts).flatMap(([name, code]) => [...code.matchAll(/\bexports\.([\w$]+)=/g)].map(([, exported = ""]) => exported).filter((exported) => properties.pattern.test(exported))
    .map((exported) => `module ${name} exports "${exported}", which is a field of a record too: its callers would look for a short name; rename one, or type the module as "typeof import"`));
}

export interface EspruinoOptions {
  /** Line breaks and whole names when false; true when absent. */
  minified?: boolean;
  /** Short names for the fields of our own records, in a minified build; true when absent. */
  shortFields?: boolean;
  /** Texts that stand for sources, by absolute path. */
  extra?: Record<string, string>;
  /** Number of the release that the slots are of; 0, none, when absent. */
  release?: number;
  /** Steps that are left out; none when absent. */
  without?: Stage[];
}

/** The loader alone, as every build has it. */
export async function loaderText(): Promise<string> {
  return (await mappedBundle(LOADER_ENTRY, { kind: "program", minified: true })).code;
}

/** Builds into `folder` (absolute); what these sources were built into before on this machine is taken from there (cache.ts). */
export async function buildEspruino(folder: string, options: EspruinoOptions = {}): Promise<EspruinoBuild> {
  rmSync(join(folder, "espruino"), { recursive: true, force: true });
  const all = { minified: true, shortFields: true, extra: {}, release: 0, without: [], ...options };
  return keptBuild(buildHash(all), folder, (into) => freshBuild(into, all));
}

/** Builds into `folder`, also when the cache has it. */
export async function freshBuild(folder: string, options: EspruinoOptions = {}): Promise<EspruinoBuild> {
  const { minified = true, shortFields = true, extra = {}, release = 0, without = [] } = options;
  const boards: EspruinoBuild["boards"] = {};
  const modules: EspruinoBuild["modules"] = {};
  const programs: Record<string, string> = {};
  const parts: Record<string, string> = {};
  const whole: Record<string, string> = {};
  const read = new Set<string>();
  const shared: Pick<BundleOptions, "minified" | "properties" | "extra" | "read" | "without"> = { minified, extra, read, without, ...(minified && shortFields && !without.includes("fields") ? { properties: propertyNames() } : {}) };
  for (const [board, entry] of espruinoEntries()) {
    const bundle = await mappedBundle(entry, { kind: "program", ...shared });
    programs[board] = bundle.code;
    boards[board] = keepBundle(folder, board, bundle);
  }
  const overlays: Parts = without.includes("parts") ? new Map() : firmwareParts();
  for (const [name, entry] of loadableModules()) {
    // A resident module is built without the functions of the parts.
    const bundle = await mappedBundle(entry, { kind: "module", ...(RESIDENT.includes(name) ? { stubs: overlays } : {}), ...shared });
    parts[name] = bundle.code;
    modules[name] = keepBundle(folder, `modules/${name}`, bundle);
    if (!RESIDENT.includes(name)) continue;
    const all = await mappedBundle(entry, { kind: "module", stubs: new Map(), ...shared });
    whole[name] = all.code;
    modules[name + WHOLE] = keepBundle(folder, `modules/${name}${WHOLE}`, all);
  }
  for (const name of overlays.keys()) {
    if (name in parts) throw new Error(`"${name}" is a module and a part (@part): a slot has room for one of them under this name; rename the part`);
    const entry = join(root, `part_${name}.ts`);
    const bundle = await mappedBundle(entry, { kind: "module", ...shared, extra: { ...extra, [entry]: partEntry(overlays, name) } });
    parts[name] = bundle.code;
    modules[name] = keepBundle(folder, `modules/${name}`, bundle);
  }
  const shortened = shortenedExports({ ...parts, ...whole }, shared.properties);
  if (shortened.length > 0) throw new Error(shortened.join("\n"));
  const slots: EspruinoBuild["slots"] = {};
  // Fewer letters for the interpreter to read at each pass. The readable texts stay as they were.
  const short = (code: string): string => (minified && !without.includes("tokens") ? pretokenise(code) : code);
  for (const texts of [parts, whole]) for (const name of Object.keys(texts)) texts[name] = short(texts[name]!);
  const onDemand = Object.fromEntries(Object.entries(parts).filter(([part]) => !overlays.has(part)));
  for (const { name, family, variables } of BOARDS) {
    for (const form of ["parts", "whole"] as const) {
      const texts = form === "whole" ? { ...onDemand, ...whole } : parts;
      const modules = Object.fromEntries(Object.entries(texts).filter(([part]) => family !== "linux" || !isLeftOut(part, form)));
      const slot = slotOf({ family: family.toUpperCase(), board: name, version: VERSION, number: release }, short(programs[name]!), modules);
      // The interpreter would write on into our flash area without a word, and the store into the slot.
      if (family === "linux" && slot.length > LINUX_SLOT_BYTES_MAX) throw new Error(`${name}.slot has ${String(slot.length)} bytes; the interpreter's image has room for ${String(LINUX_SLOT_BYTES_MAX)}`);
      const isOwn = form === (variables >= VARIABLES_FOR_ALL ? "whole" : "parts");
      const file = keep(folder, `espruino/${isOwn ? "" : `${form}/`}${name}.slot`, slot, false);
      if (isOwn) slots[name] = file;
    }
  }
  // Its few names are the interpreter's: it shares no record with any program.
  const loader = keepBundle(folder, "loader", await mappedBundle(LOADER_ENTRY, { kind: "program", minified, read }));
  keepSymbols(join(folder, "espruino"), { version: VERSION, release, packed: packedIndexes() }, shared.properties);
  const strangers = unhashed([...read].filter((path) => existsSync(path)));
  if (strangers.length > 0) throw new Error(`the firmware is made from ${strangers.join(", ")} too: add it to SOURCES in tools/build/cache.ts, or a kept build would not know of its changes`);
  return { loader, slots, boards, modules };
}
