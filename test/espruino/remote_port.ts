/*
 * Ports of a running board, called from the test.
 *
 * Input: a board that runs contract_entry.ts. Output: objects with the methods of hal/ports.ts. Invariant:
 * every call is evaluated by the board's own program; nothing here stands in for a port.
 */
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import type { Ports } from "../../hal/ports";
import { literal } from "./interpreter";
import type { Interpreter } from "./interpreter";

const METHODS: { [port in keyof Ports]: string[] } = {
  clock: ["read", "wallS", "setWall"],
  pins: ["open", "take", "overflows", "read", "write"],
  serial: ["open", "take", "write", "overflows"],
  flash: ["read", "write", "erase"],
  http: ["start", "poll", "cancel"],
  calls: ["open", "take", "answer"],
  link: ["state", "join", "leave", "worn", "openSetup"],
  crypto: ["crc32", "sha256", "hmacSha256", "base64", "random"],
  system: ["memoryFree", "kickWatchdog", "log", "load"],
};

/** A port whose every call is one expression at the console; records that the port fills are filled here. */
export function portOf<Name extends keyof Ports>(board: Interpreter, name: Name): Ports[Name] {
  const port: Record<string, unknown> = name === "flash" ? { pageBytes: 1024 } : {};
  for (const method of METHODS[name]) {
    port[method] = (...given: unknown[]): unknown => {
      const names = given.map((_, index) => `a${String(index)}`);
      const body = `var v=ports.${name}.${method}(${names.join()});return [typeof v==="object"?{}:v,${names.join()}]`;
      const answer = board.ask(`(function(${names.join()}){${body}})(${given.map(literal).join()})`) as unknown[];
      given.forEach((value, index) => { if (typeof value === "object") Object.assign(value as object, answer[index + 1]); });
      return answer[0] === null ? undefined : answer[0];
    };
  }
  return port as unknown as Ports[Name];
}

/** A TCP port that is free at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const port = (server.address() as AddressInfo).port;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
