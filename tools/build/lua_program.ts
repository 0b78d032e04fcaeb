/*
 * The Lua files of a build.
 *
 * Input: the firmware. Output: dist/lua/firmware-<version>.lua, a chunk that returns every module of the
 * firmware by name, for both Lua versions of NodeMCU. Invariant: the two come from the same sources.
 */
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { root } from "../root";
import type { BuiltFile } from "./espruino";
import { compileLua } from "./lua";
import type { LuaVersion } from "./lua";
import { entryOf, modulesUnder } from "./modules";

/** Builds into `folder` (absolute). */
export function buildLua(folder: string): { [name: string]: BuiltFile } {
  const built: { [name: string]: BuiltFile } = {};
  const entry = join(root, "lua_entry.ts");
  const source = entryOf(modulesUnder("firmware"));
  for (const version of ["5.1", "5.3"] as LuaVersion[]) {
    const code = compileLua(entry, version, { [entry]: source });
    const file = `lua/firmware-${version}.lua`;
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), code);
    const bytes = Buffer.byteLength(code);
    built[file] = { file, bytes, sha256: createHash("sha256").update(code).digest("hex"), functions: 0, parameters: 0 };
  }
  return built;
}
