/*
 * Sources compiled to Lua, once a process: machines of one version run the same text, and so do several suites.
 *
 * Input: as compileLua takes it. Output: its Lua text. Invariant: sources do not change while tests run; what is refused is
 * not kept.
 */
import { compileLua, type LuaVersion } from "../../tools/build/lua";

const texts = new Map<string, string>();

export function compiledLua(entry: string, version: LuaVersion, extra: Record<string, string> = {}): string {
  const key = JSON.stringify([entry, version, extra]);
  const text = texts.get(key) ?? compileLua(entry, version, extra);
  texts.set(key, text);
  return text;
}
