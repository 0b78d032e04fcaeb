/*
 * Connections to the interpreter's HTTP server that nobody will end.
 *
 * Input: the interpreter's own list of them. Output: connections marked to be closed. Invariant: a connection that
 * is looked at twice without its request being whole is closed, and no other. The interpreter itself keeps one
 * for ever whose client leaves before its request is whole, a scan of the port included, and a chip has few.
 */
import type { ServerConnection } from "./interpreter";

let looks = 0;

/** To be called regularly; every `between` calls it looks, and a request has at least that long to come whole. */
export function sweepConnections(between: number): void {
  looks++;
  if (looks < between) return;
  looks = 0;
  // The interpreter's hidden root: its only way to connections that no handler has ever seen.
  const list = (global as unknown as { [name: string]: { HttpSC?: ServerConnection[] } })["\xff"].HttpSC;
  if (list === undefined) return;
  for (let index = 0; index < list.length; index++) {
    const connection = list[index];
    if (connection === undefined || connection.endd === true) continue;
    if (connection.seen === true) connection.clsNow = true;
    else connection.seen = true;
  }
}
