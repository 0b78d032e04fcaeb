/*
 * The store's modules, as they are or with a defect.
 *
 * Input: the sources of firmware/, and at most one change of text. Output: the functions of the store.
 * Invariant: the files themselves are never touched; a change that does not fit exactly once throws, so
 * that a defect cannot vanish when the source moves on.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

type Named<Path extends keyof Files> = Files[Path];
interface Files {
  ring: typeof import("../../firmware/store/ring");
  pending: typeof import("../../firmware/store/ring_pending");
  page: typeof import("../../firmware/store/ring_page");
  endpoints: typeof import("../../firmware/store/ring_endpoints");
  state: typeof import("../../firmware/store/key_value_store");
  meter: typeof import("../../firmware/store/meter_page");
  blob: typeof import("../../firmware/store/blob");
  blobWrite: typeof import("../../firmware/store/blob_write");
}
export type StoreModules = { [Path in keyof Files]: Named<Path> };

export interface Defect {
  name: string;
  /** SCENARIO/MODE/STRIDE of a run that notices it. */
  seenIn: string;
  /** File below firmware/store, without ending. */
  file: string;
  find: string;
  replace: string;
}

const firmware = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "firmware");
const texts = new Map<string, string>();

function compiled(path: string, defect: Defect | undefined): string {
  const changed = defect !== undefined && path === join(firmware, "store", defect.file) ? defect : undefined;
  const known = texts.get(path);
  if (changed === undefined && known !== undefined) return known;
  let source = readFileSync(`${path}.ts`, "utf8");
  if (changed !== undefined) {
    if (source.split(changed.find).length !== 2) throw new Error(`defect "${changed.name}": its text must occur once in ${changed.file}.ts`);
    source = source.replace(changed.find, () => changed.replace);
  }
  const text = ts.transpileModule(source, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } }).outputText;
  if (changed === undefined) texts.set(path, text);
  return text;
}

/** Fresh copies of the modules, with `defect` in one of them. */
export function loadStore(defect?: Defect): StoreModules {
  const loaded = new Map<string, object>();
  const load = (path: string): object => {
    const known = loaded.get(path);
    if (known !== undefined) return known;
    const exports = {};
    loaded.set(path, exports);
    new Function("exports", "require", compiled(path, defect))(exports, (name: string) => load(join(dirname(path), name)));
    return exports;
  };
  const part = <Path extends keyof Files>(name: string): Files[Path] => load(join(firmware, "store", name)) as Files[Path];
  return {
    ring: part<"ring">("ring"), pending: part<"pending">("ring_pending"), page: part<"page">("ring_page"), endpoints: part<"endpoints">("ring_endpoints"), state: part<"state">("key_value_store"),
    meter: part<"meter">("meter_page"), blob: part<"blob">("blob"), blobWrite: part<"blobWrite">("blob_write"),
  };
}
