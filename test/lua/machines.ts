/*
 * The Lua virtual machines that tests run in.
 *
 * Input: a Lua chunk that returns an ASCII text. Output: that text, or an Error with the machine's own
 * complaint. Invariant: each machine starts empty; "fengari" has the numbers of NodeMCU, 32-bit integers and
 * single floats (single_floats.ts), the others are the reference implementation compiled to WebAssembly.
 */
import { createRequire } from "node:module";
import { fengariWithSingleFloats } from "./single_floats";
import type { Lua, LauxLib, LuaLib } from "lua-wasm-bindings/dist/lua";

export interface Machine {
  name: string;
  version: "5.1" | "5.3";
  run(chunk: string): string;
}

interface Bindings { lua: Lua; lauxlib: LauxLib; lualib: LuaLib }

interface Fengari {
  lua: { lua_tojsstring(state: unknown, index: number): string; lua_close(state: unknown): void };
  lauxlib: { luaL_newstate(): unknown; luaL_loadbuffer(state: unknown, code: Uint8Array, size: number, name: Uint8Array): number };
  lualib: { luaL_openlibs(state: unknown): void };
  to_luastring(text: string): Uint8Array;
}

const packages = createRequire(import.meta.url);

// The failing chunk's message takes the place of the result, behind a mark that no result begins with.
function guarded(chunk: string): string {
  return `local ok, result = pcall(function()\n${chunk}\nend)\nif ok then return result end\nreturn "!" .. tostring(result)`;
}

function result(text: string | null): string {
  if (text === null || text === undefined) throw new Error("the chunk returned no text");
  if (text.startsWith("!")) throw new Error(text.substring(1));
  return text;
}

function wasm(version: "5.1" | "5.3"): Machine {
  return {
    name: `Lua ${version}`,
    version,
    run(chunk: string): string {
      const { lua, lauxlib, lualib } = packages(`lua-wasm-bindings/dist/lua.${version === "5.1" ? "51" : "53"}`) as Bindings;
      const state = lauxlib.luaL_newstate();
      lualib.luaL_openlibs(state);
      const code = lauxlib.luaL_dostring(state, guarded(chunk));
      const text = lua.lua_tostring(state, -1);
      lua.lua_close(state);
      if (code !== 0) throw new Error(text);
      return result(text);
    },
  };
}

function fengari(): Machine {
  return {
    name: "Lua 5.3 with 32-bit integers and single floats",
    version: "5.3",
    run(chunk: string): string {
      const vm = fengariWithSingleFloats(packages) as Fengari & { lua: { lua_pcall(state: unknown, given: number, wanted: number, handler: number): number } };
      const state = vm.lauxlib.luaL_newstate();
      vm.lualib.luaL_openlibs(state);
      const code = vm.to_luastring(guarded(chunk));
      let failed = vm.lauxlib.luaL_loadbuffer(state, code, code.length, vm.to_luastring("chunk"));
      if (failed === 0) failed = vm.lua.lua_pcall(state, 0, 1, 0);
      const text = vm.lua.lua_tojsstring(state, -1);
      vm.lua.lua_close(state);
      if (failed !== 0) throw new Error(text);
      return result(text);
    },
  };
}

export const MACHINES: Machine[] = [wasm("5.1"), wasm("5.3"), fengari()];
